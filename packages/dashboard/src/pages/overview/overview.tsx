import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Compass, Play } from 'lucide-react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProject, useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Causes } from './causes.tsx'
import { LastChecks } from './checks.tsx'
import { Course } from './course.tsx'
import { OpenByKind } from './open-by-kind.tsx'
import { ParityNow } from './parity-now.tsx'
import { RunningCheck } from './running-check.tsx'
import { Sources } from './sources.tsx'

const checksRoute = '/api/v1/projects/{projectId}/checks'

/** How it stands: who has what was promised, what it costs where not, and what to do first. */
export function Overview() {
  const projectId = useProjectId()
  const project = useProject()
  const path = { projectId }
  const checks = useQuery({
    ...queryOf(`GET ${checksRoute}`, { path, query: { limit: 6 } }),
    refetchInterval: 30_000,
  })
  const may = useMay(`POST ${checksRoute}`)
  const run = useAct(`POST ${checksRoute}`, { refresh: [`GET ${checksRoute}`] })
  const running = checks.data?.items.find(({ finishedAt, kind }) => finishedAt === null && kind !== 'single')
  const isNew = checks.data?.items.length === 0
  return (
    <Page
      title="Overview"
      description="What billing promised against what the app grants."
      actions={
        <Button
          kind="primary"
          icon={<Play aria-hidden />}
          isBusy={run.isPending}
          unless={
            may.reason ?? (running ? 'A check is under way.' : isNew ? 'Set the project up first.' : null)
          }
          onClick={() =>
            run.mutate(
              { path, body: { kind: 'full' } },
              { onSuccess: () => toast.done('A check has begun.'), onError: toast.failed },
            )
          }
        >
          Run check
        </Button>
      }
    >
      {checks.error && !checks.data ? (
        <ErrorState
          error={checks.error}
          onRetry={() => void checks.refetch()}
          isRetrying={checks.isFetching}
        />
      ) : isNew ? (
        <NotSetUp isPaused={project?.state === 'paused'} />
      ) : (
        <div className="flex flex-col gap-4">
          {running ? <RunningCheck check={running} /> : null}
          <ParityNow />
          <Course />
          <div className="grid gap-4 lg:grid-cols-2">
            <OpenByKind />
            <Causes />
          </div>
          <div className="grid gap-4 lg:grid-cols-2">
            <Card title="Last checks" isFlush>
              {checks.data ? (
                <LastChecks checks={checks.data.items} />
              ) : (
                <Skeleton className="m-4 mt-0 h-60" />
              )}
            </Card>
            <Sources />
          </div>
        </div>
      )}
    </Page>
  )
}

/** Nothing was ever checked: what is missing, and where it is done. */
function NotSetUp({ isPaused }: { readonly isPaused: boolean }) {
  const projectId = useProjectId()
  const { data, error } = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/onboarding', { path: { projectId } }),
  )
  if (error) return <ErrorState error={error} />
  const done = data?.steps.filter(({ state }) => state === 'done').length ?? 0
  const current = data?.steps.find(({ key }) => key === data.current)
  return (
    <Card>
      <EmptyState
        icon={<Compass aria-hidden />}
        title={data?.isDone ? 'No check has run yet' : 'This project is not set up yet'}
        action={
          data ? (
            <Link
              to="/projects/$projectId/onboarding/$step"
              params={{ projectId, step: data.current }}
              className={buttonLook({ kind: 'primary' })}
            >
              {done === 0 ? 'Set it up' : `Go on with ${current?.title ?? 'the setup'}`}
            </Link>
          ) : (
            <Skeleton className="h-8 w-24" />
          )
        }
      >
        <p>
          Connect billing and where your app keeps access, say which price buys which plan, and look at a dry
          run. Nothing is written, and nobody is told before you go live.
          {isPaused ? ' The project is paused.' : ''}
        </p>
        <div className="mx-auto mt-5 h-12 max-w-xs text-left">
          {data ? (
            <ProgressBar
              label="Setup"
              share={done / data.steps.length}
              detail={`${done} of ${data.steps.length} steps`}
            />
          ) : null}
        </div>
      </EmptyState>
    </Card>
  )
}
