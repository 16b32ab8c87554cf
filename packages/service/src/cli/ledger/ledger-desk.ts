import type { JsonValue } from '@trueup/core'
import { toBase64 } from '@trueup/core'
import type { LedgerState } from '../../ledger/ledger-keeper.ts'
import type { RemoteProject } from '../../remote/remote-project.ts'

/** An entry as it is printed, of one's own ledger or of a server's. */
export interface LedgerLine {
  readonly sequence: number
  readonly at: Date
  readonly act: string
  readonly by: string
  readonly facts: { readonly [key: string]: JsonValue }
  readonly persons: readonly string[]
  /** What stands beside it of people; `null`: nothing, or it was erased. */
  readonly personal: JsonValue | null
  readonly erased: boolean
}

/** How a ledger stands, as it is printed. */
export interface LedgerStanding {
  readonly origin: string | null
  readonly size: number
  readonly checkpoint: {
    readonly size: number
    /** A server leaves it to the note, where it stands too. */
    readonly root?: string
    readonly signedAt: Date
    readonly note: string
  } | null
  readonly unsigned: { readonly code: string; readonly message: string; readonly fix: string } | null
}

/** How one's own ledger stands, for scripts. */
export function standingOf({ origin, size, checkpoint, unsigned }: LedgerState): LedgerStanding {
  return {
    origin,
    size,
    checkpoint: checkpoint && {
      size: checkpoint.size,
      root: toBase64(checkpoint.root),
      signedAt: checkpoint.signedAt,
      note: checkpoint.note,
    },
    unsigned: unsigned && { code: unsigned.code, message: unsigned.message, fix: unsigned.fix },
  }
}

type AnsweredStanding = Omit<LedgerStanding, 'checkpoint'> & {
  readonly checkpoint: { readonly size: number; readonly signedAt: string; readonly note: string } | null
}

interface AnsweredPage {
  readonly items: readonly (Omit<LedgerLine, 'at'> & { readonly at: string })[]
  readonly next: number | null
  readonly standing: AnsweredStanding
}

const mostPerPage = 500

/** The latest entries of a server's ledger, oldest first, and how it stands. */
export async function entriesAtServer(
  { client, at }: RemoteProject,
  about: { readonly person: string } | { readonly incident: string } | null,
  most: number,
): Promise<{ readonly entries: readonly LedgerLine[]; readonly standing: LedgerStanding }> {
  const entries: LedgerLine[] = []
  let before: number | undefined
  for (;;) {
    const limit = Math.min(mostPerPage, most - entries.length)
    const page: AnsweredPage = await client.get(at('/ledger'), { ...about, before, limit })
    entries.push(...page.items.map((entry) => ({ ...entry, at: new Date(entry.at) })))
    if (page.next === null || entries.length >= most) {
      return { entries: entries.toReversed(), standing: standingIn(page.standing) }
    }
    before = page.next
  }
}

/** How a server's ledger stands, with a checkpoint over all of it. */
export async function standingAtServer({ client, at }: RemoteProject): Promise<LedgerStanding> {
  return standingIn(await client.get<AnsweredStanding>(at('/ledger/checkpoint')))
}

/** The public key of a server's ledger, as C2SP signed notes write it. */
export async function keyAtServer({
  client,
  at,
}: RemoteProject): Promise<{ readonly origin: string; readonly publicKey: string }> {
  return await client.get(at('/ledger/key'))
}

function standingIn({ checkpoint, ...rest }: AnsweredStanding): LedgerStanding {
  return { ...rest, checkpoint: checkpoint && { ...checkpoint, signedAt: new Date(checkpoint.signedAt) } }
}
