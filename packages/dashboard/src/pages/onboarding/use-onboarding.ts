import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../../api/call.ts'
import type { Shape } from '../../api/operation.ts'
import { asProblem } from '../../api/problem.ts'
import { queryOf, refreshRoutes, useAct } from '../../api/query.ts'
import { toast } from '../../ui/toast.tsx'
import { type DraftConfig, readDraft } from './draft.ts'
import type { Step } from './step-lines.tsx'

export type Onboarding = Shape<'Onboarding'>

export interface StepProps {
  readonly projectId: string
  readonly state: Onboarding
  readonly step: Step
}

/** What has to be read again after something of the set-up was changed. */
export const refreshed = [
  'GET /api/v1/projects/{projectId}/onboarding',
  'GET /api/v1/projects/{projectId}/sources',
  'GET /api/v1/projects/{projectId}/setup',
  'GET /api/v1/projects/{projectId}/config',
  'GET /api/v1/projects/{projectId}/webhooks',
] as const

const keep = 'PUT /api/v1/projects/{projectId}/onboarding/answers'

/** Keeps a choice as soon as it is made; of several that follow each other fast, the last is kept last. */
export function useAnswers(projectId: string) {
  const save = useAct(keep, { refresh: [...refreshed], inTurn: `answers of ${projectId}` })
  return {
    isSaving: save.isPending,
    keep(answers: Partial<Onboarding['answers']>) {
      save.mutate({ path: { projectId }, body: { answers } }, { onError: toast.failed })
    },
  }
}

/** Goes to the next step. */
export function useNextStep({ projectId, state, step }: StepProps) {
  const navigate = useNavigate()
  const next = state.steps.find(({ number }) => number === step.number + 1)
  return () =>
    next
      ? void navigate({
          to: '/projects/$projectId/onboarding/$step',
          params: { projectId, step: next.key },
        })
      : undefined
}

/**
 * The configuration that the mapping steps fill in: the draft, else what is in force, else a proposal from what is
 * connected. What is changed here is kept by `save`, and put in force where it is whole.
 */
export function useDraft({ projectId, state }: StepProps) {
  const client = useQueryClient()
  const path = { projectId }
  const kept = readDraft(state.draft)
  const inForce = useQuery({
    ...queryOf('GET /api/v1/projects/{projectId}/config', { path }),
    enabled: state.configVersion !== null,
  })
  const [changed, setChanged] = useState<DraftConfig | null>(null)
  const config = changed ?? kept ?? readDraft(inForce.data?.document) ?? null
  const isReading = state.configVersion !== null && inForce.isPending && kept === null

  const propose = useMutation({
    async mutationFn() {
      const proposed = await call('POST /api/v1/projects/{projectId}/setup/config', { path })
      await call(keep, { path, body: { answers: {}, draft: proposed.document } })
      await refreshRoutes(client, refreshed)
      return proposed
    },
    onSuccess: ({ document }) => setChanged(readDraft(document)),
  })
  const save = useMutation({
    async mutationFn(document: DraftConfig) {
      // Kept first: what is not whole yet is not lost.
      await call(keep, { path, body: { answers: {}, draft: document } })
      try {
        await call('PUT /api/v1/projects/{projectId}/config', {
          path,
          body: { document, expectedVersion: state.configVersion ?? 0, note: 'Set up in the dashboard' },
        })
        await call(keep, { path, body: { answers: {}, draft: null } })
      } finally {
        await refreshRoutes(client, refreshed)
      }
    },
    onSuccess: () => setChanged(null),
  })

  const { mutate, isIdle } = propose
  const isMissing = !isReading && config === null && !inForce.error
  useEffect(() => {
    if (isMissing && isIdle) mutate()
  }, [isMissing, isIdle, mutate])

  const error = propose.error ?? (config === null ? inForce.error : null)
  return {
    config,
    isChanged: changed !== null,
    change: setChanged,
    propose,
    save,
    /** Why there is nothing to show; `null`: there is, or it is on its way. */
    error: error === null ? null : asProblem(error),
    notes: propose.data?.notes ?? [],
  }
}

export type Draft = ReturnType<typeof useDraft>
