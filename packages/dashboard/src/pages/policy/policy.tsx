import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Scale } from 'lucide-react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { Badge } from '../../ui/badge.tsx'
import { buttonLook } from '../../ui/button.tsx'
import { Moment } from '../../ui/moment.tsx'
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Who } from '../incident/who.tsx'
import { ChangePolicy } from './change-policy.tsx'
import { DocumentEditor } from './document-editor.tsx'
import { InForce } from './in-force.tsx'
import { Versions } from './versions.tsx'

const names = {
  'in-force': 'In force',
  change: 'Change',
  versions: 'Versions',
  document: 'Document',
} as const
type View = keyof typeof names

/** What the project decides where billing leaves room, what it sells, and what another choice would change. */
export function PolicyPage() {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const search: { readonly view?: unknown } = useSearch({ strict: false })
  const views = Object.keys(names) as View[]
  const view = views.find((name) => name === search.view) ?? 'in-force'
  const config = useQuery(queryOf('GET /api/v1/projects/{projectId}/config', { path: { projectId } }))
  const title = view === 'in-force' ? 'Policy' : `Policy: ${names[view]}`
  if (config.error?.code === 'config-missing') {
    return (
      <Page title="Policy">
        <EmptyState
          icon={<Scale aria-hidden />}
          title="There is no configuration yet"
          action={
            <Link
              to="/projects/$projectId/onboarding"
              params={{ projectId }}
              className={buttonLook({ kind: 'primary' })}
            >
              Go on with the setup
            </Link>
          }
        >
          The setup asks what is sold and where the app keeps access; then the policy is here to be changed.
        </EmptyState>
      </Page>
    )
  }
  return (
    <Page
      title={title}
      heading="Policy"
      description={
        config.data ? (
          <span className="flex flex-wrap items-center gap-x-2">
            <Badge>Version {config.data.version}</Badge>
            <span className="min-w-0">
              made <Moment at={config.data.madeAt} /> by <Who by={config.data.author} />
            </span>
          </span>
        ) : (
          'What holds where billing leaves room.'
        )
      }
    >
      <Loaded query={config} skeleton={<Skeleton className="h-96 rounded-lg" />}>
        {(inForce) => (
          <Tabs
            label="Policy"
            value={view}
            onChange={(name) =>
              void navigate({
                to: '/projects/$projectId/policy',
                params: { projectId },
                search: (name === 'in-force' ? {} : { view: name }) as never,
              })
            }
            tabs={views.map((name) => ({
              name,
              label: names[name],
              content:
                name !== view ? null : name === 'in-force' ? (
                  <InForce document={inForce.document} />
                ) : name === 'change' ? (
                  <ChangePolicy key={inForce.version} inForce={inForce} />
                ) : name === 'versions' ? (
                  <Versions current={inForce.version} />
                ) : (
                  <DocumentEditor key={inForce.version} inForce={inForce} />
                ),
            }))}
          />
        )}
      </Loaded>
    </Page>
  )
}
