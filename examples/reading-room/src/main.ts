import { startExample } from './start-example.ts'

const example = await startExample({
  port: Number(process.env.PORT ?? 3300),
  databaseUrl: process.env.DATABASE_URL ?? null,
})
process.stdout.write(`
  Reading Room  ${example.url}
  Clerk         ${example.sandbox.clerk.url}   (a sandbox: sign up with any address, pay with 4242 4242 4242 4242)

  PostgreSQL    ${process.env.DATABASE_URL ? 'that of DATABASE_URL' : 'inside of this process; DATABASE_URL names another'}
  Ctrl+C ends all of it.
`)
process.once('SIGINT', () => {
  void example.close().then(() => process.exit(0))
})
