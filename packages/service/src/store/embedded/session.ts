/**
 * Turns at the one session that the embedded database has. Who holds it keeps it until it gives it back; the others
 * wait in the order in which they came.
 */
export class Session {
  #holder: object | null = null
  readonly #waiting: { readonly who: object; readonly begin: () => void }[] = []

  /** Resolves when `who` holds the session; at once when it already does. */
  async take(who: object): Promise<void> {
    if (this.#holder === who) return
    if (this.#holder === null) {
      this.#holder = who
      return
    }
    await new Promise<void>((begin) => this.#waiting.push({ who, begin }))
  }

  isHeldBy(who: object): boolean {
    return this.#holder === who
  }

  giveBack(who: object): void {
    if (this.#holder !== who) return
    const next = this.#waiting.shift()
    this.#holder = next?.who ?? null
    next?.begin()
  }
}
