import { blockWidth, hang, wrap } from '../output/lay-out.ts'
import type { Terminal } from '../terminal.ts'
import type { Demo } from './start-demo.ts'

/** What stands above the first check. */
export function introduction({ sandbox, databaseUrl }: Demo, { errColor, errColumns }: Terminal): string {
  const width = blockWidth(errColumns)
  const { hostname, port } = new URL(databaseUrl)
  const what =
    'A made-up app sells plans through Stripe. What each account may use stands in its own PostgreSQL database, ' +
    'with a mirror in Clerk.'
  const where =
    'All run on this machine and nothing leaves it: ' +
    `Stripe at ${sandbox.stripe.url}, Clerk at ${sandbox.clerk.url}, PostgreSQL at ${hostname}:${port}.`
  return [
    '',
    `${errColor.bold('Trueup demo')}`,
    ...wrap(what, width),
    ...wrap(where, width).map(errColor.dim),
    '',
    '',
  ].join('\n')
}

/** What to do next: the tour, and one's own account. */
export function whatNext(terminal: Terminal): string {
  const { errColor, errColumns } = terminal
  const lines = hang('  ', 'See one drift ended, from incident to proof:', blockWidth(errColumns))
  return ownAccount(terminal, [...lines, `    ${errColor.cyan('npx trueup demo --tour')}`])
}

/** What to do with one's own account. */
export function ownAccount({ errColor, errColumns }: Terminal, before: readonly string[] = []): string {
  const { bold, cyan } = errColor
  const width = blockWidth(errColumns)
  return [
    '',
    bold('NEXT'),
    ...before,
    ...hang('  ', 'Check your own account. Trueup only reads: a restricted Stripe key will do.', width),
    `    ${cyan('export STRIPE_API_KEY=rk_live_… CLERK_SECRET_KEY=sk_live_…')}`,
    `    ${cyan('npx trueup init && npx trueup check')}`,
    '',
  ].join('\n')
}

/** How to look around in the demo while it runs. */
export function thisDemo(
  { sandbox, databaseUrl, repairUrl }: Demo,
  folder: string,
  configPath: string,
  { errColor, errColumns }: Terminal,
): string {
  const { cyan, dim } = errColor
  const width = blockWidth(errColumns)
  return [
    ...hang('  ', 'Or look around in this one from another terminal:', width),
    `    ${cyan(`export STRIPE_API_BASE=${sandbox.stripe.url}`)}`,
    `    ${cyan(`export STRIPE_API_KEY=${sandbox.stripe.restrictedKey}`)}`,
    `    ${cyan(`export CLERK_API_URL=${sandbox.clerk.url}`)}`,
    `    ${cyan(`export CLERK_SECRET_KEY=${sandbox.clerk.secretKey}`)}`,
    `    ${cyan(`export ACCESS_DATABASE_URL='${databaseUrl}'`)}`,
    `    ${cyan(`export ACCESS_REPAIR_DATABASE_URL='${repairUrl}'`)}`,
    `    ${cyan(`export TRUEUP_HOME=${folder}`)}`,
    `    ${cyan(`npx trueup check --details --config ${configPath}`)}`,
    `    ${cyan(`npx trueup repair list --config ${configPath}`)}`,
    '',
    dim('Running until you press Ctrl-C.'),
    '',
  ].join('\n')
}
