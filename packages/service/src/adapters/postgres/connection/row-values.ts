import pg from 'pg'
import type { RawAnswer } from './statement.ts'

/** The rows of an answer as objects, each value in the type that {@link PostgresReader} promises. */
export function objectsOf<Row>({ columns, rows }: RawAnswer): readonly Row[] {
  const readers = columns.map(({ dataTypeID }) => readerOf[dataTypeID] ?? asText)
  const names = columns.map(({ name }) => name)
  return rows.map((row) => objectOf(names, readers, row) as Row)
}

type Reader = (text: string) => unknown

function objectOf(
  names: readonly string[],
  readers: readonly Reader[],
  row: readonly (string | null)[],
): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name, column) => {
      const text = row[column] ?? null
      return [name, text === null ? null : (readers[column] ?? asText)(text)]
    }),
  )
}

const asText: Reader = (text) => text
const asBoolean: Reader = (text) => text === 't'
const asJson: Reader = (text) => JSON.parse(text)
/** Before year 1 and after 9999, and at the ends of time, a `Date` would not say the same. */
const asDate: Reader = (text) =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/.test(text)
    ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
    : text

/** `text[]` */
const textArrayType: number = 1009
/** The driver's own reader of arrays; elements are texts, null or, for more dimensions, arrays. */
const textArray: Reader = pg.types.getTypeParser(textArrayType, 'text')

function arrayOf(reader: Reader): Reader {
  const read = (element: unknown): unknown =>
    Array.isArray(element) ? element.map(read) : typeof element === 'string' ? reader(element) : element
  return (text) => read(textArray(text))
}

/** By the number of the type in `pg_type`, which is the same in every database for what is built in. */
const readerOf: Readonly<Record<number, Reader>> = {
  /* bool */ 16: asBoolean,
  /* int2, int4, oid, float4, float8 */ 21: Number,
  23: Number,
  26: Number,
  700: Number,
  701: Number,
  /* json, jsonb */ 114: asJson,
  3802: asJson,
  /* timestamptz */ 1184: asDate,
  /* bool[] */ 1000: arrayOf(asBoolean),
  /* int2[], int4[], oid[], float4[], float8[] */ 1005: arrayOf(Number),
  1007: arrayOf(Number),
  1028: arrayOf(Number),
  1021: arrayOf(Number),
  1022: arrayOf(Number),
  /* name[], text[], bpchar[], varchar[], int8[], numeric[], uuid[] */ 1003: textArray,
  1009: textArray,
  1014: textArray,
  1015: textArray,
  1016: textArray,
  1231: textArray,
  2951: textArray,
}
