import type pg from 'pg'
import type { Parameter } from './postgres-connection.ts'

/** A column of an answer, as the driver describes it. */
export interface Column {
  readonly name: string
  /** The type's number in `pg_type`. */
  readonly dataTypeID: number
}

/** What a statement was answered with. */
export interface RawAnswer {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** What was done, for each statement sent: `SELECT 5`, `COMMIT`. */
  readonly tags: readonly string[]
}

/**
 * One statement, in the shape that the driver's queue takes. Rows stay the texts that the server sent. With parameters
 * (an empty list counts) it goes through the extended protocol, which takes exactly one statement, unnamed, in one
 * go: so it needs no session, and a transaction-mode pooler can do with it what it likes.
 */
export class Statement {
  readonly #text: string
  readonly #values: (string | null)[] | null
  readonly #settle: { resolve(answer: RawAnswer): void; reject(error: unknown): void }
  #columns: readonly Column[] = []
  readonly #rows: (readonly (string | null)[])[] = []
  readonly #tags: string[] = []

  constructor(
    text: string,
    parameters: readonly Parameter[] | null,
    settle: { resolve(answer: RawAnswer): void; reject(error: unknown): void },
  ) {
    this.#text = text
    this.#values = parameters?.map(textOf) ?? null
    this.#settle = settle
  }

  submit(connection: pg.Connection): null {
    if (this.#values === null) {
      connection.query(this.#text)
      return null
    }
    connection.stream.cork()
    connection.parse({ text: this.#text, name: '', types: [] }, true)
    connection.bind({ values: this.#values }, true)
    connection.describe({ type: 'P', name: '' }, true)
    connection.execute({}, true)
    connection.sync()
    connection.stream.uncork()
    return null
  }

  handleRowDescription({ fields }: { readonly fields: readonly Column[] }): void {
    this.#columns = fields
  }
  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(fields)
  }
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#tags.push(text)
  }
  handleEmptyQuery(): void {}
  handleReadyForQuery(): void {
    this.#settle.resolve({ columns: this.#columns, rows: this.#rows, tags: this.#tags })
  }
  handleError(error: unknown): void {
    this.#settle.reject(error)
  }
}

/** A parameter as PostgreSQL reads it. */
export function textOf(parameter: Parameter): string | null {
  if (parameter === null || typeof parameter === 'string') return parameter
  if (parameter instanceof Date) return parameter.toISOString()
  if (typeof parameter === 'object') return `{${parameter.map(elementOf).join(',')}}`
  return String(parameter)
}

function elementOf(element: string | number): string {
  return typeof element === 'number' ? String(element) : `"${element.replaceAll(/["\\]/g, '\\$&')}"`
}
