import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import { queryOf } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { buttonLook } from '../../ui/button.tsx'
import { Loaded, Skeleton } from '../../ui/states.tsx'
import { Rail } from './rail.tsx'
import { type Step, StepLines } from './step-lines.tsx'
import { AccessMapping } from './steps/access.tsx'
import { Database } from './steps/database.tsx'
import { DryRun } from './steps/dry-run.tsx'
import { GoLive } from './steps/go-live.tsx'
import { IdentityMapping } from './steps/identity.tsx'
import { PlanMapping } from './steps/plans.tsx'
import { Stack } from './steps/stack.tsx'
import { Stripe } from './steps/stripe.tsx'
import type { StepProps } from './use-onboarding.ts'

const contents: Readonly<Record<Step['key'], (props: StepProps) => React.ReactNode>> = {
  stack: Stack,
  stripe: Stripe,
  database: Database,
  identity: IdentityMapping,
  plans: PlanMapping,
  access: AccessMapping,
  'dry-run': DryRun,
  'go-live': GoLive,
}

/** The eight steps by which a project is set up. All that they are is kept by the service, so one may leave any time. */
export function Onboarding() {
  const projectId = useProjectId()
  const { step: wanted } = useParams({ strict: false })
  const onboarding = useQuery(queryOf('GET /api/v1/projects/{projectId}/onboarding', { path: { projectId } }))
  const may = useMay('PUT /api/v1/projects/{projectId}/onboarding/answers')
  return (
    <Loaded query={onboarding} skeleton={<Pending />}>
      {(state) => {
        // A step that becomes done while one is at it must not turn the page.
        if (wanted === undefined) {
          return (
            <Navigate
              to="/projects/$projectId/onboarding/$step"
              params={{ projectId, step: state.current }}
              replace
            />
          )
        }
        const place = Math.max(
          0,
          state.steps.findIndex(({ key }) => key === wanted),
        )
        const step = state.steps[place]
        if (!step) return null
        const Content = contents[step.key]
        return (
          <Page
            title={`Setup: ${step.title}`}
            crumb={step.title}
            heading={
              <>
                <span className="text-faint">{step.number}</span> {step.title}
              </>
            }
            description={descriptions[step.key]}
            actions={<Between before={state.steps[place - 1]} after={state.steps[place + 1]} />}
          >
            <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[15rem_minmax(0,1fr)]">
              <Rail steps={state.steps} current={step.key} />
              <div className="flex min-w-0 max-w-4xl flex-col gap-5">
                {may.reason ? (
                  <p className="rounded-lg border border-line bg-info-soft px-4 py-3 text-sm">{may.reason}</p>
                ) : null}
                {/* What a dry run warns of stands below, with what can be done about each. */}
                <StepLines step={step.key === 'dry-run' ? { ...step, warnings: [] } : step} />
                <Content key={step.key} projectId={projectId} state={state} step={step} />
              </div>
            </div>
          </Page>
        )
      }}
    </Loaded>
  )
}

const descriptions: Readonly<Record<Step['key'], string>> = {
  stack: 'What your app is built with. The steps after this one use its words.',
  stripe: 'What was bought. Trueup reads with a restricted key, and never writes to Stripe.',
  database: 'What was granted: where your app looks when it lets somebody in.',
  identity: 'Which customer in Stripe is which account in your app.',
  plans: 'Which price buys which plan, and what your app calls it.',
  access: 'Which fields say who has paid access.',
  'dry-run': 'What would be filed, before anything is.',
  'go-live': 'Webhooks, a schedule, and who is told.',
}

function Between({ before, after }: { readonly before: Step | undefined; readonly after: Step | undefined }) {
  return (
    <nav aria-label="Steps before and after" className="flex flex-wrap gap-2">
      {before ? (
        <StepLink step={before}>
          <ArrowLeft aria-hidden /> {before.title}
        </StepLink>
      ) : null}
      {after ? (
        <StepLink step={after}>
          {after.title} <ArrowRight aria-hidden />
        </StepLink>
      ) : null}
    </nav>
  )
}

function StepLink({ step, children }: { readonly step: Step; readonly children: React.ReactNode }) {
  const projectId = useProjectId()
  return (
    <Link
      to="/projects/$projectId/onboarding/$step"
      params={{ projectId, step: step.key }}
      className={buttonLook()}
    >
      {children}
    </Link>
  )
}

function Pending() {
  return (
    <Page title="Setup">
      <div
        role="status"
        aria-label="Loading"
        className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[15rem_minmax(0,1fr)]"
      >
        <Skeleton className="h-96" />
        <Skeleton className="h-96" />
      </div>
    </Page>
  )
}
