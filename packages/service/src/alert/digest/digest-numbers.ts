import type { Money } from '@trueup/core'

export interface DigestNumbers {
  readonly opened: number
  readonly money: readonly Money[]
}
