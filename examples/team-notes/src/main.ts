import { startExample } from './start-example.ts'

const example = await startExample({
  port: Number(process.env.PORT ?? 3200),
  databaseUrl: process.env.DATABASE_URL ?? null,
})
process.stdout.write(`
  Team Notes   ${example.url}
  Clerk        ${example.sandbox.clerk.url}   (a sandbox: sign up with any address)
  Stripe       ${example.sandbox.stripe.url}   (a sandbox: pay with 4242 4242 4242 4242)

  PostgreSQL   ${process.env.DATABASE_URL ? 'that of DATABASE_URL' : 'inside of this process; DATABASE_URL names another'}
  Ctrl+C ends all of it.
`)
process.once('SIGINT', () => {
  void example.close().then(() => process.exit(0))
})
