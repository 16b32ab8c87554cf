import type { CannotTell, ProjectStore, SubjectId } from '@trueup/core'

/** Somebody of whom a check could not tell, and why. */
export interface Undecided {
  readonly subject: SubjectId | null
  readonly customer: string | null
  readonly reasons: readonly CannotTell[]
}

/** How many are named; the check's counts say how many there are. */
const mostNamed = 100

/** Those of whom a check could not tell, the first hundred. */
export async function readCannotTell(
  project: Pick<ProjectStore, 'findings'>,
  checkId: string,
): Promise<readonly Undecided[]> {
  const { findings } = await project.findings(checkId, null, mostNamed, 'cannot-tell')
  return findings.flatMap(({ verdict, subject, customerId }) =>
    verdict.kind === 'cannot-tell' ? [{ subject, customer: customerId, reasons: verdict.reasons }] : [],
  )
}
