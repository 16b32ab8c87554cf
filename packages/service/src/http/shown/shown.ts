/** A value as JSON has it: dates are texts. */
export type Shown<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? Shown<Item>[]
    : Value extends object
      ? { -readonly [Key in keyof Value]: Shown<Value[Key]> }
      : Value

/** A value of plain data as an answer holds it. It relies on the value having no functions in it. */
export function shown<Value>(value: Value): Shown<Value> {
  return JSON.parse(JSON.stringify(value))
}
