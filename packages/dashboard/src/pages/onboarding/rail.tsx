import { Link } from '@tanstack/react-router'
import { Check, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useProjectId } from '../../session/project.ts'
import { cx } from '../../ui/cx.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import type { Step } from './step-lines.tsx'

const words: Readonly<Record<Step['state'], string>> = {
  'not-started': 'not started',
  'needs-something': 'needs something',
  warnings: 'done, with warnings',
  done: 'done',
}

/** The steps, how far each is, and a hint under it. */
export function Rail({ steps, current }: { readonly steps: readonly Step[]; readonly current: Step['key'] }) {
  const projectId = useProjectId()
  const list = useCurrentInSight(current)
  return (
    <nav aria-label="Steps of the setup" className="min-w-0 lg:sticky lg:top-16 lg:self-start">
      <ol
        ref={list}
        className="relative flex gap-1 overflow-x-auto pb-2 lg:flex-col lg:overflow-visible lg:pb-0"
      >
        {steps.map((step) => {
          const isCurrent = step.key === current
          return (
            <li key={step.key} className="shrink-0 lg:shrink">
              {/* The router says which is current: `aria-current`. */}
              <Link
                to="/projects/$projectId/onboarding/$step"
                params={{ projectId, step: step.key }}
                className={cx(
                  'flex items-start gap-3 rounded-md px-3 py-2 hover:bg-hover',
                  isCurrent && 'bg-chosen',
                )}
              >
                <StepNumber step={step} />
                <span className="min-w-0">
                  <span className="block font-medium text-sm">{step.title}</span>
                  <span className="hidden text-muted text-xs lg:block">
                    <Untrusted text={step.hint} maxLength={60} />
                  </span>
                  <span className="sr-only">, {words[step.state]}</span>
                </span>
              </Link>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** On a narrow page the steps lie in a line that is longer than it: the current one is brought into sight. */
function useCurrentInSight(current: Step['key']) {
  const list = useRef<HTMLOListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is looked for anew at each step
  useEffect(() => {
    const line = list.current
    if (!line) return
    const sizes = new ResizeObserver(() => {
      const step = line.querySelector<HTMLElement>('[aria-current]')
      if (step) line.scrollLeft = step.offsetLeft - (line.clientWidth - step.offsetWidth) / 2
    })
    sizes.observe(line)
    return () => sizes.disconnect()
  }, [current])
  return list
}

function StepNumber({ step: { number, state } }: { readonly step: Step }) {
  const isDone = state === 'done' || state === 'warnings'
  return (
    <span
      aria-hidden
      className={cx(
        'mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full font-medium text-xs [&_svg]:size-3',
        state === 'done' && 'bg-success-soft text-success',
        state === 'warnings' && 'bg-warning-soft text-warning',
        state === 'needs-something' && 'bg-surface text-accent ring-1 ring-accent/60 ring-inset',
        state === 'not-started' && 'bg-hover text-muted',
      )}
    >
      {isDone ? state === 'done' ? <Check /> : <TriangleAlert /> : number}
    </span>
  )
}
