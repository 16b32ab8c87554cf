'use client'
import { type ReactNode, useId, useRef, useState } from 'react'

/**
 * What a button does: an address of the app that a form is posted to, which works before and without scripts, or a
 * function. A function that takes long shows as busy; one that fails is said to have failed.
 */
export type Act<Input> = string | ((input: Input) => Promise<unknown> | unknown)

interface ActButtonProps<Input extends object> {
  readonly act: Act<Input>
  /** What the function is given, or what the form is posted with. */
  readonly input: Input
  readonly children: ReactNode
  /** What is said where the function failed. */
  readonly failed: string
  readonly disabled?: boolean | undefined
  readonly className?: string | undefined
  readonly part: string
}

/** A button that does one {@link Act}, once at a time. */
export function ActButton<Input extends object>(props: ActButtonProps<Input>) {
  const { act, input, children, failed, disabled = false, className, part } = props
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const isBusy = useRef(false)
  const problemId = useId()
  if (typeof act === 'string') {
    return (
      <form method="post" action={act} data-part="form">
        {Object.entries(input).map(([name, value]) =>
          value === undefined || value === null ? null : (
            <input key={name} type="hidden" name={name} value={String(value)} />
          ),
        )}
        <button type="submit" data-part={part} className={className} disabled={disabled}>
          {children}
        </button>
      </form>
    )
  }
  const run = async () => {
    // The second of two clicks comes before the first has been drawn.
    if (isBusy.current) return
    isBusy.current = true
    setState('busy')
    try {
      await act(input)
      setState('idle')
    } catch {
      setState('failed')
    } finally {
      isBusy.current = false
    }
  }
  return (
    <>
      <button
        type="button"
        data-part={part}
        className={className}
        disabled={disabled}
        aria-disabled={state === 'busy' || undefined}
        aria-busy={state === 'busy' || undefined}
        aria-describedby={state === 'failed' ? problemId : undefined}
        onClick={run}
      >
        {children}
      </button>
      {state === 'failed' ? (
        <p id={problemId} role="alert" data-part="problem">
          {failed}
        </p>
      ) : null}
    </>
  )
}
