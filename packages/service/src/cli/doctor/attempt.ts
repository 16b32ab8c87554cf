import type { ConnectionFinding } from '@trueup/core'
import { tellError } from '../print-error.ts'

export type Findings = readonly ConnectionFinding[]

/** What an act gives; where it throws, the error is the finding. */
export async function attempt<Answer>(
  name: string,
  act: () => Promise<Answer>,
): Promise<
  { readonly answer: Answer; readonly failed: [] } | { readonly answer: null; readonly failed: Findings }
> {
  try {
    return { answer: await act(), failed: [] }
  } catch (error) {
    const told = tellError(error)
    return {
      answer: null,
      failed: [{ name, state: 'failed', found: `${told.message} [${told.code}]`, fix: told.fix }],
    }
  }
}

/** The findings of trying something; where that throws, the error is the finding. */
export async function findings(name: string, trying: Promise<Findings>): Promise<Findings> {
  const tried = await attempt(name, () => trying)
  return tried.answer ?? tried.failed
}

/** Nothing to mend. */
export const ok = (name: string, found: string): ConnectionFinding => ({
  name,
  state: 'ok',
  found,
  fix: null,
})

/** Something that works, and that somebody should look at. */
export const warning = (name: string, found: string, fix: string): ConnectionFinding => ({
  name,
  state: 'warning',
  found,
  fix,
})

/** Something that does not work. */
export const failed = (name: string, found: string, fix: string): ConnectionFinding => ({
  name,
  state: 'failed',
  found,
  fix,
})

/** `3 minutes`, `2 days`, for ages. */
export function ageText(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const
  const [name, length] = units.find(([, each]) => seconds >= each) ?? ['second', 1]
  const count = Math.floor(seconds / length)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
