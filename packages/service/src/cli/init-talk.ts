import { cancel, confirm, intro, isCancel, log, note, outro, select, spinner, text } from '@clack/prompts'
import type { ClerkMappingField } from '@trueup/core'
import { clerkMappingFields, parseMetadataPath } from '@trueup/core'
import type { PlanConfig } from '../config/define-config.ts'
import type { ChosenPaths } from '../connect/chosen-mapping.ts'
import type { DraftConfig } from '../connect/draft-config.ts'
import type { Learned } from '../connect/learn-catalogue.ts'
import type { LookedAt, ProposedTables, SampledFields } from '../connect/look-at-accounts.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { blockWidth, countText, hang, printable, wrap } from './output/lay-out.ts'
import type { Colors } from './terminal.ts'

/** What `init` says and asks on its way, with a person or without. */
export interface InitTalk {
  begin(): void
  during<Answer>(what: string, act: () => Promise<Answer>): Promise<Answer>
  found(looked: LookedAt): void
  /** Whether to look once more, after no metadata key was found at all. */
  again(): Promise<boolean>
  /** The paths for one type of subject; none where the app has no such subjects. */
  choose(who: Who, sampled: SampledFields, proposed: ChosenPaths): Promise<ChosenPaths>
  propose(draft: DraftConfig, learned: Learned): void
  /** @throws UsageError `declined` when the person does not want the file written. */
  confirm(path: string): Promise<void>
  end(path: string): void
}

type Who = 'users' | 'organizations'

const fieldNames: Readonly<Record<ClerkMappingField, string>> = {
  customerId: 'Stripe customer id',
  plan: 'plan',
  premium: 'paid flag',
  trialEndsAt: 'end of a trial',
  entitlements: 'features',
  seats: 'seats',
}

/** Says what is done, and asks nothing: for `--yes`. */
export function plainTalk({ terminal }: CommandContext): InitTalk {
  const { err, errColor, errColumns, out } = terminal
  const width = blockWidth(errColumns)
  return {
    begin: () => {},
    during: (what, act) => {
      err(`${what} …\n`)
      return act()
    },
    found: (looked) => err(`${foundLines(looked).join('\n')}\n`),
    again: async () => false,
    choose: async (who, sampled, proposed) => {
      const lines = mappingLines(who, sampled, proposed, errColor, width)
      err(`\n${lines.join('\n')}\n\n`)
      return proposed
    },
    propose: (draft, learned) => err(`\n${draftLines(draft, learned, errColor, width).join('\n')}\n\n`),
    confirm: async () => {},
    end: (path) => out(`Wrote ${path}. Read it through, then run: trueup check --dry-run\n`),
  }
}

/** Shows what was found and has a person decide. */
export function askingTalk({ terminal, signal }: CommandContext): InitTalk {
  const { color, columns } = terminal
  // The frame that the prompts are drawn in takes some room.
  const width = blockWidth(columns) - 8
  return {
    begin: () => intro(color.bold('trueup init')),
    during: async (what, act) => {
      const wait = spinner({ signal })
      wait.start(what)
      try {
        const answer = await act()
        wait.stop(what)
        return answer
      } catch (error) {
        wait.error(what)
        throw error
      }
    },
    found: (looked) => log.info(foundLines(looked).join('\n')),
    again: async () =>
      (await answered(
        select({
          message: 'There is nothing to choose from.',
          options: [
            { value: 'retry', label: 'Look again' },
            { value: 'go-on', label: 'Go on' },
          ],
          signal,
        }),
      )) === 'retry',
    async choose(who, sampled, proposed) {
      if (sampled.fields.length === 0 && !proposed.customerId) return proposed
      log.step(mappingLines(who, sampled, proposed, color, width).join('\n'))
      const isRight = await answered(
        select({
          message: `Is this where your app keeps what ${who} may use?`,
          initialValue: proposed.customerId ? 'yes' : 'none',
          options: [
            ...(proposed.customerId ? [{ value: 'yes', label: 'Yes' }] : []),
            { value: 'change', label: 'No, let me choose the fields' },
            { value: 'none', label: `My ${who} have no plans of their own` },
          ],
          signal,
        }),
      )
      if (isRight === 'yes') return proposed
      return isRight === 'none' ? {} : await askFields(who, sampled, proposed, signal)
    },
    propose: (draft, learned) =>
      note(draftLines(draft, learned, color, width).join('\n'), 'Proposed catalogue', {
        format: (line) => line,
      }),
    async confirm(path) {
      const isWanted = await answered(confirm({ message: `Write ${path}?`, signal }))
      if (!isWanted) throw declined()
    },
    end: (path) =>
      outro(`Wrote ${path}. Read it through, then run: ${color.cyan('npx trueup check --dry-run')}`),
  }
}

async function askFields(
  who: Who,
  sampled: SampledFields,
  proposed: ChosenPaths,
  signal: AbortSignal,
): Promise<ChosenPaths> {
  const chosen: Partial<Record<ClerkMappingField, string>> = {}
  for (const field of clerkMappingFields) {
    if (field === 'seats') continue
    const path = await askField(who, field, sampled, proposed[field], signal)
    if (path !== null) chosen[field] = path
  }
  return chosen
}

async function askField(
  who: Who,
  field: ClerkMappingField,
  sampled: SampledFields,
  proposed: string | undefined,
  signal: AbortSignal,
): Promise<string | null> {
  const path = await answered(
    select({
      message: `Where do ${who} have the ${fieldNames[field]}?`,
      initialValue: proposed ?? (field === 'customerId' ? 'other' : 'none'),
      options: [
        ...(proposed && !sampled.fields.some((sample) => sample.path === proposed)
          ? [{ value: proposed, label: printable(proposed) }]
          : []),
        ...sampled.fields.map((sample) => ({
          value: sample.path,
          label: printable(sample.path),
          hint: printable(
            `on ${sample.seen} of ${sample.sampled}: ${sample.examples.slice(0, 3).join(', ')}`,
          ).slice(0, 60),
        })),
        { value: 'other', label: 'Somewhere else …' },
        { value: 'none', label: 'Nowhere' },
      ],
      maxItems: 10,
      signal,
    }),
  )
  if (path === 'none') return null
  if (path !== 'other') return path
  const typed = await answered(
    text({
      message: `The metadata path of the ${fieldNames[field]}`,
      placeholder: 'public_metadata.plan',
      validate: (value) => {
        const parsed = parseMetadataPath(value ?? '', who === 'users' ? 'user' : 'organization', field)
        return parsed.ok ? undefined : `Needed: ${parsed.refusal.needed}.`
      },
      signal,
    }),
  )
  return typed.trim()
}

/** What a person answered. Ctrl-C and Esc end the command. */
async function answered<Answer>(asked: Promise<Answer>): Promise<Exclude<Answer, symbol>> {
  const answer = await asked
  if (isAnswer(answer)) return answer
  cancel('Nothing was written.')
  throw declined()
}

function isAnswer<Answer>(answer: Answer): answer is Exclude<Answer, symbol> {
  return !isCancel(answer)
}

function declined(): UsageError {
  return new UsageError({
    code: 'declined',
    message: 'Stopped before anything was written.',
    fix: 'Run the command again.',
  })
}

function foundLines({ prices, hasClerk, tables, users, organizations }: LookedAt): readonly string[] {
  const sampled = (who: string, { fields, sampled: count }: SampledFields) =>
    fields.length === 0
      ? `No metadata keys were found on your Clerk ${who}.`
      : `Clerk ${who}: ${countText(fields.length)} metadata fields on the ${countText(count)} latest.`
  const products = new Set(prices.map(({ productId }) => productId)).size
  return [
    `Stripe: ${countText(prices.length)} prices of ${countText(products)} products.`,
    ...(hasClerk ? [sampled('users', users), sampled('organizations', organizations)] : []),
    ...(tables ? [`Database: ${tablesText(tables)}.`] : []),
  ]
}

function tablesText({ users, organizations }: ProposedTables): string {
  const found = [
    ...(users ? [`users in ${printable(users.table)}`] : []),
    ...(organizations ? [`organizations in ${printable(organizations.table)}`] : []),
  ]
  return found.length > 0 ? found.join(', ') : 'no table of users or organizations'
}

function mappingLines(
  who: Who,
  sampled: SampledFields,
  paths: ChosenPaths,
  color: Colors,
  width: number,
): readonly string[] {
  const lines = clerkMappingFields.flatMap((field) => {
    const path = paths[field]
    if (!path) return []
    const sample = sampled.fields.find((each) => each.path === path)
    const seen = sample
      ? `on ${sample.seen} of ${sample.sampled}, such as ${sample.examples.slice(0, 2).join(', ')}`
      : (sampled.proposals.find((each) => each.path === path)?.reason ?? 'as named')
    return [
      `  ${fieldNames[field].padEnd(20)}${color.cyan(printable(path))}`,
      ...hang(' '.repeat(22), printable(seen), width).map(color.dim),
    ]
  })
  const nothing = color.dim('  No field fits a Stripe customer id and a plan.')
  const name = who === 'users' ? 'Users' : 'Organizations'
  return [color.bold(name), ...(lines.length > 0 ? lines : [nothing])]
}

function draftLines(
  { config, notes }: DraftConfig,
  learned: Learned,
  color: Colors,
  width: number,
): readonly string[] {
  const { plans, addOns = [], seatPacks = [] } = config.catalogue
  const entries = [
    ...plans.map((plan, rank) => ({ id: plan.id, said: planWords(plan, rank) })),
    ...addOns.map(({ id, entitlements }) => ({
      id,
      said: `add-on${entitlements.length > 0 ? ` with ${entitlements.join(', ')}` : ''}`,
    })),
    ...seatPacks.map(({ id, seatsEach }) => ({ id, said: `${seatsEach} seats each` })),
  ]
  const idWidth = Math.max(...entries.map(({ id }) => id.length)) + 2
  return [
    ...wrap(
      learned.accounts > 0
        ? `Plans, lowest first, as ${countText(learned.accounts)} paying accounts show them:`
        : 'Plans, lowest first, as the prices suggest them; no paying account was found to learn from:',
      width,
    ),
    ...entries.flatMap(({ id, said }) => {
      const mark = `  ${printable(id).padEnd(idWidth)}`
      const [first = '', ...others] = hang(mark, printable(said), width)
      return [`${color.cyan(mark)}${first.slice(mark.length)}`, ...others]
    }),
    ...notes.flatMap((line) => hang('  ! ', printable(line), width).map(color.yellow)),
  ]
}

function planWords({ values = [], entitlements = [], seats }: PlanConfig, rank: number): string {
  const parts = [
    ...(values.length > 0 ? [`written ${values.join(', ')}`] : []),
    ...(entitlements.length > 0 ? [`with ${entitlements.join(', ')}`] : []),
    ...(seats === undefined ? [] : [seats === 'quantity' ? 'seats by quantity' : `${seats} seats`]),
  ]
  return `${rank === 0 ? 'for everybody' : 'paid'}${parts.length > 0 ? `; ${parts.join('; ')}` : ''}`
}
