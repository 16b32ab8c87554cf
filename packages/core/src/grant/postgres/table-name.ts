/** A table, by the schema that holds it. */
export interface TableName {
  readonly schema: string
  readonly table: string
}

/** PostgreSQL cuts longer names off, so that one would name something else than it says. */
const mostBytes = 63

/**
 * Reads `users` or `schema.table`; without a schema it is `public`. Names are taken as they are written, with their
 * case; one with a dot in it stands in double quotes. `null` for what cannot be the name of a table.
 *
 * @example
 * parseTableName('billing.Accounts')   // { schema: 'billing', table: 'Accounts' }
 * parseTableName('public."odd.name"')  // { schema: 'public', table: 'odd.name' }
 */
export function parseTableName(text: string): TableName | null {
  const parts = namesOf(text.trim())
  if (!parts || parts.length > 2 || !parts.every(isName)) return null
  const [first = '', second] = parts
  return second === undefined ? { schema: 'public', table: first } : { schema: first, table: second }
}

/** Whether a text can be the name of a column or a table: 1 to 63 bytes without control characters. */
export function isName(text: string): boolean {
  return text !== '' && !/\p{Cc}/u.test(text) && utf8Length(text) <= mostBytes
}

/** The table as evidence and messages name it: `public.users`. */
export function tablePath({ schema, table }: TableName): string {
  return `${written(schema)}.${written(table)}`
}

/** The table as the configuration writes it: without the schema where that is `public`. */
export function tableText(name: TableName): string {
  return name.schema === 'public' ? written(name.table) : tablePath(name)
}

function written(name: string): string {
  return /[."\s]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

const namePart = /^(?:"((?:[^"]|"")*)"|([^".]*))(\.|$)/

function namesOf(text: string): readonly string[] | null {
  const names: string[] = []
  let rest = text
  for (;;) {
    const match = namePart.exec(rest)
    if (!match) return null
    const [whole, quoted, plain = '', dot] = match
    names.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    rest = rest.slice(whole.length)
    if (dot === '') return rest === '' ? names : null
  }
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
