import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import type { Shape } from '../../api/operation.ts'
import { cx } from '../../ui/cx.ts'
import { Untrusted } from '../../ui/untrusted.tsx'

export type Step = Shape<'OnboardingStep'>
type Line = Step['found'][number]

const looks = {
  found: { Icon: CircleCheck, look: 'text-success', word: 'Found' },
  needed: { Icon: CircleAlert, look: 'text-danger', word: 'Needed' },
  warnings: { Icon: TriangleAlert, look: 'text-warning', word: 'Warning' },
} as const

/** What a step found, what it needs, and what it warns of, each with what to do. */
export function StepLines({ step }: { readonly step: Step }) {
  const lines = (['needed', 'warnings', 'found'] as const).flatMap((kind) =>
    step[kind].map((line) => ({ kind, line })),
  )
  if (lines.length === 0) return null
  return (
    <ul
      className="flex flex-col gap-2 rounded-lg border border-line bg-sunken px-4 py-3 text-sm"
      aria-label="State of this step"
    >
      {lines.map(({ kind, line }) => (
        <StepLine key={`${kind} ${line.code} ${line.text}`} kind={kind} line={line} />
      ))}
    </ul>
  )
}

function StepLine({ kind, line }: { readonly kind: keyof typeof looks; readonly line: Line }) {
  const { Icon, look, word } = looks[kind]
  return (
    <li className="flex gap-2">
      <Icon className={cx('mt-0.5 size-4 shrink-0', look)} aria-hidden />
      <div className="min-w-0">
        <span className="sr-only">{word}: </span>
        <Untrusted text={line.text} isWhole maxLength={600} />
        {line.fix ? <p className="text-muted">{line.fix}</p> : null}
      </div>
    </li>
  )
}
