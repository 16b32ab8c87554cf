import type { SubjectId } from '../subject/subject.ts'
import type { Drift, Verdict } from './verdict.ts'

/** What a check said of one pair that could differ, kept until the incidents are filed. */
export interface Finding {
  /** `user:user_1`, `organization:org_1`, or `customer:cus_1` for a payer without a subject. */
  readonly pairKey: string
  readonly subject: SubjectId | null
  readonly customerId: string | null
  /** Customers whose facts were weighed; they are read again before filing. */
  readonly customerIds: readonly string[]
  readonly verdict: Verdict
  /** Filed although they are no difference of access: an unmapped price, an unknown plan value, a refund to review. */
  readonly notices: readonly Drift[]
  /** True while one of the sides changed so recently that the other may still follow. */
  readonly settling: boolean
  /** True once both sides were read a second time. */
  readonly confirmed: boolean
  /** Both sides as one text, for what becomes of them over time: see `accessState`. */
  readonly accessState?: string
}
