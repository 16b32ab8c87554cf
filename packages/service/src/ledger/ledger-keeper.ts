import type { Clock, LedgerCheckpoint, LedgerDraft, LedgerStore, NoteKey, NoteSigner } from '@trueup/core'
import {
  enterDrafts,
  formatNoteKey,
  isSameBytes,
  keysThatSigned,
  parseCheckpoint,
  parseNoteKey,
  projectCreated,
  saltLength,
  signCheckpoint,
  signingKeyChanged,
} from '@trueup/core'
import type { CheckpointSink } from './checkpoint-sink.ts'
import { publicKeyOf, sha256, signerOf, verifyEd25519 } from './ed25519.ts'
import { LedgerError } from './ledger-error.ts'
import { changed, readBack, readKept } from './read-back.ts'
import type { SigningKeys } from './signing-key.ts'

/** How many staged acts are numbered in one transaction. */
const actsPerBatch = 2_000
/** A checkpoint is due after so many entries, or so long, whichever comes first. */
const entriesPerCheckpoint = 1_000
const checkpointSeconds = 60

export interface LedgerKeeperOptions {
  readonly project: LedgerStore & { readonly projectId: string }
  readonly keys: SigningKeys
  readonly sinks: readonly CheckpointSink[]
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
}

/** How the ledger stands. */
export interface LedgerState {
  readonly origin: string | null
  /** Entries that have their number. */
  readonly size: number
  readonly checkpoint: LedgerCheckpoint | null
  /** Why the last entries are not signed; `null`: they are. */
  readonly unsigned: LedgerError | null
  /** Places that the checkpoint could not be sent to. It is sent again the next time. */
  readonly unsent: readonly LedgerError[]
}

/**
 * Keeps the ledger of a project: numbers what was staged, signs what stands, sends it away. Any number of processes
 * may do so at once.
 *
 * @example
 * const keeper = new LedgerKeeper({ project, keys, sinks, clock, randomBytes })
 * await keeper.seal() // at the end of a command
 */
export class LedgerKeeper {
  readonly #options: LedgerKeeperOptions

  constructor(options: LedgerKeeperOptions) {
    this.#options = options
  }

  /**
   * Numbers everything that is staged, and signs and sends a checkpoint over it.
   *
   * @throws LedgerError `ledger-changed` and `ledger-forked`: what the database holds is not what it held. Nothing is
   *   signed then.
   */
  async seal(): Promise<LedgerState> {
    await this.sequence()
    return await this.#sign()
  }

  /**
   * Numbers everything that is staged and signs nothing, so that less is left for {@link seal}.
   *
   * @throws LedgerError as {@link seal}
   */
  async sequence(): Promise<void> {
    const { project } = this.#options
    if ((await project.countStagedEntries()) === 0) return
    for (let isMore = true; isMore; ) isMore = await this.#sequenceBatches()
  }

  /**
   * Numbers everything that is staged; signs where 1,000 entries or 60 seconds have passed since the last checkpoint.
   * For whoever runs long: call it as often as acts come in.
   *
   * @throws LedgerError as {@link seal}
   */
  async advance(): Promise<LedgerState> {
    await this.sequence()
    const { project, clock } = this.#options
    const [{ size }, checkpoint] = await Promise.all([project.ledgerHead(), project.checkpoint()])
    const since = size - (checkpoint?.size ?? 0)
    const seconds = (clock.now().getTime() - (checkpoint?.signedAt.getTime() ?? 0)) / 1000
    if (since >= entriesPerCheckpoint || (since > 0 && seconds >= checkpointSeconds))
      return await this.#sign()
    return { origin: await this.origin(), size, checkpoint, unsigned: null, unsent: [] }
  }

  /** The ledger's name, as its first entry has it; `null` while there is none. */
  async origin(): Promise<string | null> {
    const [first] = await this.#options.project.ledgerEntries(0, 1)
    return first ? readKept(first, 0).origin : null
  }

  /** The public key that the ledger is signed with now; `null` while there is no entry. */
  async publicKey(): Promise<NoteKey | null> {
    const { project, keys } = this.#options
    const [origin, last, seed] = await Promise.all([this.origin(), project.checkpoint(), keys.current()])
    if (!origin) return null
    const own = seed && signerOf(seed, origin)
    const note = last && parseCheckpoint(last.note)?.note
    if (own && note && keysThatSigned(note, [own], verifyEd25519).length > 0) return own
    return (await this.#namedKeys()).at(-1) ?? null
  }

  /**
   * Hands signing over to a new key: an entry that both sign, then a checkpoint that both sign. May be called again
   * after a crash, and then goes on.
   *
   * @throws LedgerError
   */
  async changeKey(by: string): Promise<{ readonly from: NoteKey; readonly to: NoteKey }> {
    const { project, keys, clock } = this.#options
    const { unsigned } = await this.seal()
    const origin = await this.origin()
    if (!origin) throw empty()
    if (unsigned) throw unsigned
    const from = await this.#signer(origin)
    const to = signerOf(await keys.next(), origin)
    await project.stageEntries([signingKeyChanged(from, to, clock.now(), by)])
    await this.sequence()
    await this.#sign([from, to])
    await keys.follow()
    return { from, to }
  }

  /** Gives `true` where somebody else began the ledger meanwhile, so that its name has to be read anew. */
  async #sequenceBatches(): Promise<boolean> {
    const { project, clock, randomBytes, keys } = this.#options
    const known = await this.origin()
    const seed = known === null ? ((await keys.current()) ?? (await keys.create())) : null
    const origin = known ?? originOf(project.projectId, seed ?? new Uint8Array())
    const created = seed ? [projectCreated(signerOf(seed, origin), clock.now())] : []
    const enter = enterDrafts({ origin, sha256, salt: () => randomBytes(saltLength) })
    let isOvertaken = false
    const enterAll = (drafts: readonly LedgerDraft[], head: Parameters<typeof enter>[1]) => {
      isOvertaken = known === null && head.size > 0
      if (isOvertaken) throw new Overtaken()
      return enter(head.size === 0 ? [...created, ...drafts] : drafts, head)
    }
    try {
      const taken = await project.sequenceEntries(actsPerBatch, enterAll)
      return taken > 0
    } catch (error) {
      if (isOvertaken) return true
      throw error
    }
  }

  async #signer(origin: string): Promise<NoteSigner> {
    const seed = await this.#options.keys.current()
    if (!seed) throw keyMissing(origin)
    return signerOf(seed, origin)
  }

  /** @param signers Who signs; the key in use when left out. */
  async #sign(signers?: readonly NoteSigner[]): Promise<LedgerState> {
    const { project, keys, clock } = this.#options
    // What is known is read before what there is: another process may enter and sign in between, and a ledger that
    // has grown meanwhile is not a shorter one.
    const [last, origin] = await Promise.all([project.checkpoint(), this.origin()])
    const witnessed = origin ? await this.#witnessed(origin) : null
    const { size } = await project.ledgerHead()
    if (!origin || !witnessed) return { origin, size, checkpoint: last, unsigned: null, unsent: [] }
    this.#refuseShorter(size, last, witnessed.checkpoints)
    const { tree, trusted } = await this.#readBack(size, last, witnessed.checkpoints)

    let checkpoint = last
    let unsigned: LedgerError | null = null
    if (last?.size !== size || signers) {
      const seed = await keys.current()
      const signing = signers ?? (seed ? [await this.#current(origin, seed, trusted)] : [])
      const isTrusted = signing.some((signer) =>
        trusted.some((key) => formatNoteKey(key) === formatNoteKey(signer)),
      )
      if (isTrusted) {
        const note = signCheckpoint({ origin, size, root: tree.root() }, signing)
        checkpoint = { size, root: tree.root(), range: tree.hashes, note, signedAt: clock.now() }
        await project.saveCheckpoint(checkpoint)
      } else {
        unsigned = seed ? keyDiffers(origin) : keyMissing(origin)
      }
    }
    const unsent = [...witnessed.failed, ...(await this.#send(origin, checkpoint, witnessed.sizes))]
    return { origin, size, checkpoint, unsigned, unsent }
  }

  /**
   * The key to sign with. Where a change of keys was entered and the process then died, the key that was to follow is
   * the trusted one by now and takes its place.
   */
  async #current(origin: string, seed: Uint8Array, trusted: readonly NoteKey[]): Promise<NoteSigner> {
    const pending = await this.#options.keys.pending()
    const next = pending && signerOf(pending, origin)
    if (!next || !trusted.some((key) => formatNoteKey(key) === formatNoteKey(next)))
      return signerOf(seed, origin)
    await this.#options.keys.follow()
    return next
  }

  /** What was sent away before, and which places do not have the latest yet. */
  async #witnessed(origin: string) {
    const checkpoints: ReturnType<typeof parseCheckpoint>[] = []
    const sizes = new Map<CheckpointSink, number>()
    const failed: LedgerError[] = []
    for (const sink of this.#options.sinks) {
      try {
        const note = await sink.latest(origin)
        const checkpoint = note === null ? null : parseCheckpoint(note)
        if (checkpoint) checkpoints.push(checkpoint)
        sizes.set(sink, checkpoint?.size ?? -1)
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error
        failed.push(error)
      }
    }
    return { checkpoints: checkpoints.flatMap((checkpoint) => checkpoint ?? []), sizes, failed }
  }

  #refuseShorter(
    size: number,
    last: LedgerCheckpoint | null,
    witnessed: readonly { readonly size: number }[],
  ): void {
    const known = Math.max(last?.size ?? 0, ...witnessed.map((checkpoint) => checkpoint.size))
    if (known <= size) return
    throw forked(`A checkpoint over ${known} entries was signed, and the ledger has ${size}.`)
  }

  /** Reads what came since the last checkpoint again, and from the beginning where a witness knows another one. */
  async #readBack(
    size: number,
    last: LedgerCheckpoint | null,
    witnessed: readonly { readonly size: number; readonly root: Uint8Array }[],
  ) {
    const { project } = this.#options
    const kept = await Promise.all(witnessed.map((checkpoint) => project.checkpoint(checkpoint.size)))
    const isKnown = witnessed.every(({ size: known }, place) => kept[place] || known >= (last?.size ?? 0))
    const start = last && isKnown ? await this.#startAt(last) : await this.#fromFirst()
    const compare = (tree: { readonly size: number; root(): Uint8Array }) => {
      for (const checkpoint of [...witnessed, ...(last ? [last] : [])]) {
        if (checkpoint.size !== tree.size || isSameBytes(tree.root(), checkpoint.root)) continue
        throw forked(
          `The first ${tree.size} entries are not those that the checkpoint over them was signed for.`,
        )
      }
    }
    for (const [place, checkpoint] of witnessed.entries()) {
      const known = kept[place]
      if (known && checkpoint.size < start.size && !isSameBytes(known.root, checkpoint.root)) {
        throw forked(`A checkpoint over ${checkpoint.size} entries was sent out with another root.`)
      }
    }
    const { tree, keys } = await readBack(project, start, size, compare)
    return { tree, trusted: keys }
  }

  /** The last checkpoint, as far as it is the one that was signed. */
  async #startAt(last: LedgerCheckpoint) {
    const parsed = parseCheckpoint(last.note)
    const keys = await this.#keysOf(parsed)
    if (!parsed || parsed.size !== last.size || !isSameBytes(parsed.root, last.root) || keys.length === 0) {
      throw changed(last.size, 'the checkpoint over the entries before it was changed')
    }
    return { size: last.size, range: last.range, keys }
  }

  /** Which of the keys that are here signed a checkpoint, or a key that it names where none is here. */
  async #keysOf(checkpoint: ReturnType<typeof parseCheckpoint>): Promise<readonly NoteKey[]> {
    if (!checkpoint) return []
    const { keys } = this.#options
    const seeds = [await keys.current(), await keys.pending()].flatMap((seed) => (seed ? [seed] : []))
    const here = seeds.map((seed) => signerOf(seed, checkpoint.origin))
    const signed = keysThatSigned(checkpoint.note, here, verifyEd25519)
    if (signed.length > 0) return signed
    // Without the key nothing will be signed; what was signed is compared with the keys that the ledger names.
    return keysThatSigned(checkpoint.note, await this.#namedKeys(), verifyEd25519)
  }

  /** Every key that the ledger names, from its first entry on. */
  async #namedKeys(): Promise<readonly NoteKey[]> {
    const { project } = this.#options
    const { size } = await project.ledgerHead()
    const { keys } = await this.#fromFirst()
    return (await readBack(project, { size: 0, range: [], keys }, size, () => {})).keys
  }

  async #fromFirst() {
    const [first] = await this.#options.project.ledgerEntries(0, 1)
    const named = first ? readKept(first, 0).facts.signingKey : null
    const key = typeof named === 'string' ? parseNoteKey(sha256, named) : null
    if (!key) throw changed(0, 'it names no signing key')
    return { size: 0, range: [], keys: [key] }
  }

  async #send(
    origin: string,
    checkpoint: LedgerCheckpoint | null,
    sizes: ReadonlyMap<CheckpointSink, number>,
  ): Promise<readonly LedgerError[]> {
    const failed: LedgerError[] = []
    for (const [sink, known] of sizes) {
      if (!checkpoint || known >= checkpoint.size) continue
      try {
        await sink.send({ origin, size: checkpoint.size, note: checkpoint.note })
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error
        failed.push(error)
      }
    }
    return failed
  }
}

class Overtaken extends Error {}

/** `trueup/<project>/<first bytes of the hash of its first key>`: no two ledgers have one name. */
function originOf(projectId: string, seed: Uint8Array): string {
  const id = Buffer.from(sha256(publicKeyOf(seed)))
    .toString('hex')
    .slice(0, 8)
  return `trueup/${encodeURIComponent(projectId)}/${id}`
}

function empty(): LedgerError {
  return new LedgerError({
    code: 'ledger-empty',
    message: 'The ledger has no entry yet.',
    fix: 'Run trueup check first: its begin, its end and each incident are entered.',
  })
}

function keyMissing(origin: string): LedgerError {
  return new LedgerError({
    code: 'key-missing',
    message: `The ledger ${origin} was not signed: its signing key is not here.`,
    fix: 'Put the file ledger-key back into TRUEUP_HOME, or give its content in TRUEUP_LEDGER_KEY. Entries are kept and signed later.',
  })
}

function keyDiffers(origin: string): LedgerError {
  return new LedgerError({
    code: 'key-differs',
    message: `The ledger ${origin} was not signed: the signing key that is here is not its own.`,
    fix: 'Put back the key that the ledger was begun with, or handed over to. Entries are kept and signed later.',
  })
}

function forked(what: string): LedgerError {
  return new LedgerError({
    code: 'ledger-forked',
    message: `${what} Nothing was signed.`,
    fix: 'Was an old backup restored, or does another copy of the database run? Go on with the newest copy; where that is lost, move the old checkpoints and the signing key away to begin a new ledger in a new database.',
  })
}
