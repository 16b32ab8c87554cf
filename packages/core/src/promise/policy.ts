/** What the project decides where billing leaves room. Every number has its unit in its name. */
export interface Policy {
  readonly pastDue: { readonly mode: 'keep' | 'tolerate' | 'drop'; readonly days: number }
  readonly unpaid: 'nothing' | 'as-past-due'
  readonly pausedCollection: 'keep' | 'tolerate' | 'drop'
  readonly refunded: 'review' | 'drop' | 'keep'
  readonly settleMinutes: number
  readonly trialToleranceHours: number
  readonly brake: {
    /** Newly drifting subjects above which repairs are held; `null`: the greater of 25 and 0.5 % of the matched. */
    readonly hold: number | null
    /** Subjects in one component and direction above which one incident stands for all; `null`: the greater of 20 and 20 %. */
    readonly collapse: number | null
  }
}

export const defaultPolicy: Policy = {
  pastDue: { mode: 'tolerate', days: 14 },
  unpaid: 'nothing',
  pausedCollection: 'keep',
  refunded: 'review',
  settleMinutes: 10,
  trialToleranceHours: 24,
  brake: { hold: null, collapse: null },
}
