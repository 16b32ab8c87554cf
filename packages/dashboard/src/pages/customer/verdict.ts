import type { Shape } from '../../api/operation.ts'
import type { Tone } from '../../ui/badge.tsx'

export type Pair = Shape<'CustomerPair'>
type Verdict = Pair['verdict']

export const verdictWords: Readonly<Record<Verdict, string>> = {
  agrees: 'Agrees',
  drifts: 'Drifts',
  'cannot-tell': 'Cannot tell',
}

export const verdictTones: Readonly<Record<Verdict, Tone>> = {
  agrees: 'success',
  drifts: 'danger',
  'cannot-tell': 'warning',
}
