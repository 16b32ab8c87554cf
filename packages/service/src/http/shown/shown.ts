import { latestDate } from '@trueup/core'

/** A value as JSON has it: dates are texts. */
export type Shown<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? Shown<Item>[]
    : Value extends object
      ? { -readonly [Key in keyof Value]: Shown<Value[Key]> }
      : Value

const endless = latestDate.toISOString()

/**
 * A value of plain data as an answer holds it. It relies on the value having no functions in it. A trial without an end,
 * the top of its order in `core`, is said as `unlimited`, and not as a day in the year 275760.
 *
 * @example
 * shown({ trialEndsAt: latestDate }) // { trialEndsAt: 'unlimited' }
 */
export function shown<Value>(value: Value): Shown<Value> {
  return JSON.parse(JSON.stringify(value, (_key, held: unknown) => (held === endless ? 'unlimited' : held)))
}
