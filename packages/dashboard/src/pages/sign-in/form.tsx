import type { ReactNode } from 'react'
import { useEffect } from 'react'
import type { ApiProblem } from '../../api/problem.ts'
import { ErrorState } from '../../ui/states.tsx'

/** The title of a page outside, in the page and in the tab. */
export function FormTitle({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Trueup`
  }, [title])
  return (
    <header className="mb-5">
      <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
      {children ? <p className="mt-1 text-muted text-sm">{children}</p> : null}
    </header>
  )
}

/** What is wrong with the form as a whole; what is wrong with a field stands at the field. */
export function FormProblem({
  problem,
  fields,
}: {
  readonly problem: ApiProblem | null
  readonly fields: readonly string[]
}) {
  if (!problem) return null
  if (problem.problems.length > 0 && problem.problems.every(({ at }) => fields.includes(at))) return null
  return <ErrorState error={problem} />
}
