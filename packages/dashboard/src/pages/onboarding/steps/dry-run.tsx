import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Play, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useFollowedCheck } from '../../../api/follow-check.ts'
import type { Shape } from '../../../api/operation.ts'
import { queryOf, useAct } from '../../../api/query.ts'
import { useMay } from '../../../session/may.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, buttonLook } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { MoneyList } from '../../../ui/money.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { EmptyState, ErrorState, Loaded, Skeleton } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toast.tsx'
import { Untrusted } from '../../../ui/untrusted.tsx'
import { kindWords } from '../../incident/words.ts'
import { refreshed, type StepProps, useAnswers, useNextStep } from '../use-onboarding.ts'

const begin = 'POST /api/v1/projects/{projectId}/checks'
const one = 'GET /api/v1/projects/{projectId}/checks/{checkId}'
const look = 'GET /api/v1/projects/{projectId}/checks/{checkId}/preview'

/** What would be filed, before anything is. */
export function DryRun(props: StepProps) {
  const { projectId, state } = props
  const [begun, setBegun] = useState<string | null>(null)
  const checkId = begun ?? state.dryRun?.checkId ?? null
  const act = useAct(begin, { refresh: [...refreshed] })
  const may = useMay(begin)
  const goOn = useNextStep(props)
  const isReady = state.configVersion !== null
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          kind={checkId === null ? 'primary' : 'plain'}
          icon={<Play aria-hidden />}
          isBusy={act.isPending}
          unless={may.reason ?? (isReady ? null : 'Save the mappings first: the steps before this one.')}
          onClick={() =>
            act.mutate(
              { path: { projectId }, body: { kind: 'full', dryRun: true, acceptChanges: false } },
              { onSuccess: ({ check }) => setBegun(check?.id ?? null), onError: toast.failed },
            )
          }
        >
          {checkId === null ? 'Start the dry run' : 'Run it again'}
        </Button>
        <span className="text-muted text-sm">Reads both sides whole, compares them, and files nothing.</span>
      </div>
      {checkId === null ? (
        <EmptyState title="Nothing was compared yet">
          The dry run shows what would be filed by kind, with examples, and what speaks for a wrong mapping.
        </EmptyState>
      ) : (
        <Run key={checkId} {...props} checkId={checkId} />
      )}
      <div>
        <Button kind="primary" onClick={goOn} unless={checkId === null ? 'Look at the dry run first.' : null}>
          Go on
        </Button>
      </div>
    </>
  )
}

function Run({ checkId, ...props }: StepProps & { readonly checkId: string }) {
  const { projectId } = props
  const path = { projectId, checkId }
  const check = useQuery(queryOf(one, { path }))
  const isRunning = check.data?.finishedAt === null
  useFollowedCheck(projectId, isRunning ? checkId : null)
  const preview = useQuery({ ...queryOf(look, { path }), enabled: check.data !== undefined && !isRunning })
  if (check.error) return <ErrorState error={check.error} onRetry={() => void check.refetch()} />
  if (!check.data || isRunning) {
    const read = check.data?.counts
    return (
      <Card title="The dry run is under way">
        <ProgressBar
          share={null}
          label="Reading and comparing"
          detail={read ? `${read.customers} customers, ${read.subjects} accounts read` : undefined}
        />
      </Card>
    )
  }
  return (
    <Loaded query={preview} skeleton={<Skeleton className="h-64" />}>
      {(shown) => <Preview {...props} checkId={checkId} preview={shown} />}
    </Loaded>
  )
}

function Preview({
  projectId,
  state,
  checkId,
  preview,
}: StepProps & { readonly checkId: string; readonly preview: Shape<'CheckPreview'> }) {
  const { counts, total, kinds, warnings, complete, moneyAtRisk } = preview
  return (
    <>
      {complete ? null : (
        <p role="alert" className="rounded-lg border border-warning/40 bg-warning-soft px-4 py-3 text-sm">
          Something could not be read, so this is not the whole.{' '}
          <Link
            to="/projects/$projectId/checks/$checkId"
            params={{ projectId, checkId }}
            className="underline"
          >
            The check says what.
          </Link>
        </p>
      )}
      {warnings.length > 0 ? <Warnings projectId={projectId} state={state} warnings={warnings} /> : null}
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Figure name="Agree" value={counts.agrees} />
        <Figure name="Would be filed" value={total} />
        <Figure name="Cannot tell" value={counts.cannotTell} />
        <Figure name="Customers read" value={counts.customers} />
      </dl>
      <div className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
        <p>
          <span className="text-muted">Customers are short of</span>{' '}
          <MoneyList amounts={moneyAtRisk.customer} />
        </p>
        <p>
          <span className="text-muted">Given away</span> <MoneyList amounts={moneyAtRisk.business} />
        </p>
      </div>
      {total === 0 ? (
        <EmptyState title="Nothing would be filed">
          What was promised and what was granted agree, for every account that was read.
        </EmptyState>
      ) : null}
      {kinds.map((kind) => (
        <Kind key={kind.kind} {...kind} />
      ))}
    </>
  )
}

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div className="rounded-lg border border-line bg-surface px-4 py-3 shadow-card">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="tabular font-semibold text-xl">{value.toLocaleString('en-US')}</dd>
    </div>
  )
}

const severityTones = { critical: 'danger', high: 'danger', medium: 'warning', low: 'neutral' } as const

function Kind({ kind, severity, count, moneyAtRisk, examples }: Shape<'CheckPreview'>['kinds'][number]) {
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          {kindWords[kind]}
          <Badge tone={severityTones[severity as keyof typeof severityTones] ?? 'neutral'}>{severity}</Badge>
          <span className="tabular text-muted text-sm">{count}</span>
        </span>
      }
      actions={<MoneyList amounts={moneyAtRisk} />}
      isFlush
    >
      <ul className="divide-y divide-line border-line border-t text-sm">
        {examples.map(({ id, sentence, subject, customerId }) => (
          <li key={id} className="flex flex-col gap-0.5 px-4 py-2">
            <Untrusted text={sentence} isWhole maxLength={500} />
            <span className="flex flex-wrap gap-x-3 text-muted text-xs">
              {subject ? <Untrusted text={`${subject.type} ${subject.id}`} isMono /> : null}
              {customerId ? <Untrusted text={customerId} isMono /> : null}
            </span>
          </li>
        ))}
        {count > examples.length ? (
          <li className="px-4 py-2 text-muted text-xs">and {count - examples.length} more</li>
        ) : null}
      </ul>
    </Card>
  )
}

function Warnings({
  projectId,
  state,
  warnings,
}: Pick<StepProps, 'projectId' | 'state'> & {
  readonly warnings: Shape<'CheckPreview'>['warnings']
}) {
  const answers = useAnswers(projectId)
  const may = useMay('PUT /api/v1/projects/{projectId}/onboarding/answers')
  const accepted = state.answers.acceptedWarnings
  const nameOf = ({ code, on }: (typeof warnings)[number]) => (on === null ? code : `${code}:${on}`)
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <TriangleAlert className="size-4 text-warning" aria-hidden /> Is the mapping right?
        </span>
      }
      description="These look more like a wrong mapping than like drift."
      isFlush
    >
      <ul className="divide-y divide-line border-line border-t text-sm">
        {warnings.map((warning) => {
          const name = nameOf(warning)
          const isAccepted = accepted.includes(name)
          return (
            <li key={name} className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
              <div className="min-w-0 flex-1 basis-64">
                <Untrusted text={warning.message} isWhole maxLength={500} />
                <p className="text-muted">{warning.fix}</p>
              </div>
              <Link
                to="/projects/$projectId/onboarding/$step"
                params={{ projectId, step: warning.step }}
                className={buttonLook({ size: 'small' })}
              >
                Mend it
              </Link>
              <Button
                size="small"
                kind="quiet"
                isBusy={answers.isSaving}
                unless={may.reason}
                onClick={() =>
                  answers.keep({
                    acceptedWarnings: isAccepted
                      ? accepted.filter((one) => one !== name)
                      : [...accepted, name],
                  })
                }
              >
                {isAccepted ? 'It is not right after all' : 'It is right so'}
              </Button>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
