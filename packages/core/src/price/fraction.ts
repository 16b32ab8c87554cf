/** An exact number, so that sums of money never pass through a float. `denominator` is above zero. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

export const zero: Fraction = { numerator: 0n, denominator: 1n }

export function fraction(numerator: number | bigint, denominator: number | bigint = 1): Fraction {
  return reduced(BigInt(numerator), BigInt(denominator))
}

/**
 * Reads a decimal number exactly.
 *
 * @throws SyntaxError when the text is no decimal number. Readers of vendor objects only let decimals through.
 *
 * @example
 * fractionOfDecimal('0.05') // 1/20
 */
export function fractionOfDecimal(decimal: string | number): Fraction {
  if (typeof decimal === 'number' && Number.isSafeInteger(decimal)) return fraction(decimal)
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(String(decimal))
  if (!parts) throw new SyntaxError(`${JSON.stringify(decimal)} is no decimal number, such as "12.50".`)
  const [, sign, whole = '', decimals = '', exponent = '0'] = parts
  const digits = BigInt(whole + decimals) * (sign === '-' ? -1n : 1n)
  const shift = Number(exponent) - decimals.length
  return shift >= 0 ? reduced(digits * 10n ** BigInt(shift), 1n) : reduced(digits, 10n ** BigInt(-shift))
}

export function add(a: Fraction, b: Fraction): Fraction {
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
}

export function subtract(a: Fraction, b: Fraction): Fraction {
  return add(a, { numerator: -b.numerator, denominator: b.denominator })
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return reduced(a.numerator * b.numerator, a.denominator * b.denominator)
}

/** Below zero when `a` is less than `b`, zero when equal. */
export function compare(a: Fraction, b: Fraction): number {
  const left = a.numerator * b.denominator
  const right = b.numerator * a.denominator
  return left < right ? -1 : left > right ? 1 : 0
}

/** The largest whole number that is not above it. */
export function floor(a: Fraction): bigint {
  const quotient = a.numerator / a.denominator
  return a.numerator % a.denominator < 0n ? quotient - 1n : quotient
}

/** The nearest whole number; a half goes up. */
export function roundHalfUp(a: Fraction): bigint {
  return floor(add(a, { numerator: 1n, denominator: 2n }))
}

function reduced(numerator: bigint, denominator: bigint): Fraction {
  if (denominator === 1n) return { numerator, denominator }
  if (denominator === 0n) throw new RangeError('A fraction cannot be divided by zero.')
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
