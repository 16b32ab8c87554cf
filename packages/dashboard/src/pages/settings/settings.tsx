import { useNavigate, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Alerts } from './alerts.tsx'
import { Exceptions } from './exceptions.tsx'
import { General } from './general.tsx'
import { OutgoingWebhooks } from './outgoing-webhooks.tsx'
import { PushSecrets } from './push-secrets.tsx'
import { Schedules } from './schedules.tsx'
import { SecretUses } from './secret-uses.tsx'
import { Sources } from './sources.tsx'

const names = {
  general: 'General',
  sources: 'Sources',
  schedules: 'Schedules',
  alerts: 'Alerts',
  webhooks: 'Outgoing webhooks',
  pushes: 'Push secrets',
  exceptions: 'Exceptions',
  'secret-uses': 'Secret uses',
} as const
type Name = keyof typeof names

const contents: Readonly<Record<Name, () => ReactNode>> = {
  general: () => <General />,
  sources: () => <Sources />,
  schedules: () => <Schedules />,
  alerts: () => <Alerts />,
  webhooks: () => <OutgoingWebhooks />,
  pushes: () => <PushSecrets />,
  exceptions: () => <Exceptions />,
  'secret-uses': () => <SecretUses />,
}

/** What a project is connected to, when it does what by itself, and who is told. */
export function Settings() {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const { tab } = useParams({ strict: false })
  const mayAudit = useMay('GET /api/v1/projects/{projectId}/secret-uses')
  const shown = (Object.keys(names) as Name[]).filter((name) => name !== 'secret-uses' || mayAudit.may)
  const open = shown.find((name) => name === (tab ?? 'general'))
  return (
    <Page title={open && tab !== undefined ? names[open] : 'Settings'} heading="Settings">
      {open ? (
        <Tabs
          label="Settings"
          value={open}
          onChange={(name) =>
            void navigate({ to: '/projects/$projectId/settings/$tab', params: { projectId, tab: name } })
          }
          tabs={shown.map((name) => ({
            name,
            label: names[name],
            content: name === open ? contents[name]() : null,
          }))}
        />
      ) : (
        <EmptyState title="There are no such settings">Choose Settings on the rail.</EmptyState>
      )}
    </Page>
  )
}
