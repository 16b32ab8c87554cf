import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { PlugZap } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useAreMembersRead, Who } from '../incident/who.tsx'
import { ConnectedCard, type Source } from '../onboarding/connected-card.tsx'
import { refreshed } from '../onboarding/use-onboarding.ts'
import { ConnectRepairs } from './connect-repairs.tsx'

const list = 'GET /api/v1/projects/{projectId}/sources'
const takeAll = 'DELETE /api/v1/projects/{projectId}/sources'

const kindWords: Readonly<Record<Source['kind'], string>> = {
  stripe: 'Stripe',
  clerk: 'Clerk',
  postgres: 'Postgres',
  'clerk-repairs': 'Repairs in Clerk',
  'postgres-repairs': 'Repairs in Postgres',
  callback: 'Repairs by your app',
}
const readers = ['stripe', 'clerk', 'postgres']

/** What the project is connected to, for checks and for repairs. */
export function Sources() {
  const projectId = useProjectId()
  const sources = useQuery(queryOf(list, { path: { projectId } }))
  // Names that come later would break its lines anew.
  const areRead = useAreMembersRead()
  return (
    <Loaded query={areRead ? sources : { ...sources, data: undefined }} skeleton={<SkeletonRows rows={5} />}>
      {({ items }) => (
        <div className="flex max-w-3xl flex-col gap-5">
          <Card
            title="What checks read"
            description="Credentials that read. They are sealed and never shown again."
          >
            <Connected sources={items.filter(({ kind }) => readers.includes(kind))}>
              <EmptyState icon={<PlugZap aria-hidden />} title="Nothing is connected yet">
                Checks need billing and a place where the app keeps access.
              </EmptyState>
            </Connected>
            <div className="mt-3 flex flex-wrap gap-2">
              <Link
                to="/projects/$projectId/onboarding/$step"
                params={{ projectId, step: 'stripe' }}
                className={buttonLook({})}
              >
                Connect Stripe
              </Link>
              <Link
                to="/projects/$projectId/onboarding/$step"
                params={{ projectId, step: 'database' }}
                className={buttonLook({})}
              >
                Connect Clerk or a database
              </Link>
            </div>
          </Card>
          <Card
            title="What repairs write with"
            description="Without it every repair is steps for a person. None is the key that checks read with."
          >
            <Connected sources={items.filter(({ kind }) => !readers.includes(kind))}>
              <p className="text-muted text-sm">Nothing is connected that could write.</p>
            </Connected>
            <ConnectRepairs projectId={projectId} sources={items} />
          </Card>
          <TakeAll count={items.length} />
        </div>
      )}
    </Loaded>
  )
}

function Connected({
  sources,
  children,
}: {
  readonly sources: readonly Source[]
  /** In the place of none. */
  readonly children: ReactNode
}) {
  const projectId = useProjectId()
  if (sources.length === 0) return children
  return (
    <ul className="flex flex-col gap-4">
      {sources.map((source) => (
        <li key={source.name} className="min-w-0">
          <ConnectedCard
            projectId={projectId}
            source={source}
            title={`${kindWords[source.kind]} ${source.failure ? 'does not answer' : 'connected'}`}
          />
          <p className="mt-1.5 px-1 text-muted text-sm">
            <Untrusted text={`${source.name} · ${source.place}`} maxLength={120} /> · connected{' '}
            <Moment at={source.connectedAt} /> by <Who by={source.connectedBy} />
            {source.lastUsedAt ? (
              <>
                {' '}
                · last used <Moment at={source.lastUsedAt} />
                {source.lastUsedFor ? <> for {source.lastUsedFor}</> : null}
              </>
            ) : null}
          </p>
        </li>
      ))}
    </ul>
  )
}

/** For the day that a credential leaks. */
function TakeAll({ count }: { readonly count: number }) {
  const projectId = useProjectId()
  const [isAsked, setAsked] = useState(false)
  const act = useAct(takeAll, { refresh: [...refreshed] })
  const may = useMay(takeAll)
  return (
    <Card
      title="Disconnect everything"
      description="For the day that a credential leaks: nothing is reached from here any more until it is connected anew."
      actions={
        <Button
          kind="danger"
          unless={may.reason ?? (count === 0 ? 'Nothing is connected.' : null)}
          onClick={() => setAsked(true)}
        >
          Disconnect everything
        </Button>
      }
    >
      {isAsked ? (
        <SureDialog
          title="Disconnect everything?"
          description="Every credential is taken away for good. Nothing is checked and nothing repaired until you connect anew."
          button="Disconnect everything"
          isBusy={act.isPending}
          error={act.error}
          onClose={() => setAsked(false)}
          onSure={() =>
            act.mutate(
              { path: { projectId } },
              {
                onSuccess: () => {
                  toast.done('Every credential was taken away.')
                  setAsked(false)
                },
              },
            )
          }
        />
      ) : null}
    </Card>
  )
}
