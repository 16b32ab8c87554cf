import type { CannotTell, ProjectStore, SubjectId } from '@trueup/core'

/** Somebody of whom a check could not tell, and why. */
export interface Undecided {
  readonly subject: SubjectId | null
  readonly customer: string | null
  readonly reasons: readonly CannotTell[]
}

/** How many are named; the check's counts say how many there are. */
const mostNamed = 100
const findingsPerPage = 500

/** Those of whom a check could not tell, the first hundred. */
export async function readCannotTell(
  project: Pick<ProjectStore, 'findings'>,
  checkId: string,
): Promise<readonly Undecided[]> {
  const named: Undecided[] = []
  let after: string | null = null
  for (;;) {
    const page = await project.findings(checkId, after, findingsPerPage)
    for (const { verdict, subject, customerId } of page.findings) {
      if (verdict.kind === 'cannot-tell')
        named.push({ subject, customer: customerId, reasons: verdict.reasons })
      if (named.length === mostNamed) return named
    }
    if (page.next === null) return named
    after = page.next
  }
}
