import { BellRing, MoreHorizontal, Send } from 'lucide-react'
import { useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { ChannelDialog, channelWords } from './channel-dialog.tsx'

export type Channel = Shape<'AlertChannel'>

const base = '/api/v1/projects/{projectId}/alerts/channels'
const refresh = [`GET ${base}`, 'GET /api/v1/projects/{projectId}/onboarding']

/** Where messages go. */
export function AlertChannels({ channels }: { readonly channels: readonly Channel[] }) {
  const [isAdding, setAdding] = useState(false)
  const may = useMay(`POST ${base}`)
  return (
    <Card
      title="Channels"
      description="Where messages go. Nothing is sent to one until a rule names it."
      isFlush
      actions={
        <Button kind="primary" unless={may.reason} onClick={() => setAdding(true)}>
          Add a channel
        </Button>
      }
    >
      {channels.length === 0 ? (
        <EmptyState icon={<BellRing aria-hidden />} title="Nobody is told yet">
          Add Slack, e-mail, Discord, Teams, PagerDuty or a webhook, then a rule that names it.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {channels.map((channel) => (
            <One key={channel.id} channel={channel} />
          ))}
        </ul>
      )}
      {isAdding ? <ChannelDialog channel={null} onClose={() => setAdding(false)} /> : null}
    </Card>
  )
}

function One({ channel }: { readonly channel: Channel }) {
  const { id: channelId, name, kind, enabled, getsDigest, settings } = channel
  const path = { projectId: useProjectId(), channelId }
  const [open, setOpen] = useState<'change' | 'remove' | null>(null)
  const test = useAct(`POST ${base}/{channelId}/test`, {
    refresh: ['GET /api/v1/projects/{projectId}/alerts/deliveries'],
  })
  const change = useAct(`PATCH ${base}/{channelId}`, { refresh })
  const remove = useAct(`DELETE ${base}/{channelId}`, {
    refresh: [...refresh, 'GET /api/v1/projects/{projectId}/alerts'],
  })
  const mayTest = useMay(`POST ${base}/{channelId}/test`)
  const mayChange = useMay(`PATCH ${base}/{channelId}`)
  const mayRemove = useMay(`DELETE ${base}/{channelId}`)
  const close = () => setOpen(null)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5 text-sm">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <Untrusted text={name} />
          <Badge>{channelWords[kind]}</Badge>
          {enabled ? null : <Badge tone="warning">Off</Badge>}
          {getsDigest ? <Badge tone="info">Weekly digest</Badge> : null}
        </p>
        <Untrusted text={settingsText(settings)} className="text-muted" maxLength={160} />
      </div>
      <Button
        size="small"
        icon={<Send aria-hidden />}
        isBusy={test.isPending}
        unless={mayTest.reason}
        onClick={() =>
          test.mutate(
            { path },
            {
              // What went wrong stands under the channel.
              onSuccess: ({ sent }) => {
                if (sent) toast.done('The test message was taken.')
              },
              onError: toast.failed,
            },
          )
        }
      >
        Send a test
      </Button>
      <Menu
        trigger={
          <Button
            size="small"
            kind="quiet"
            label={`What can be done with ${name.slice(0, 80)}`}
            icon={<MoreHorizontal aria-hidden />}
          />
        }
      >
        <MenuItem unless={mayChange.reason} onSelect={() => setOpen('change')}>
          Change
        </MenuItem>
        <MenuItem
          unless={mayChange.reason}
          onSelect={() =>
            change.mutate(
              { path, body: { enabled: !enabled } },
              {
                onSuccess: () => toast.done(enabled ? 'The channel is off.' : 'The channel is on.'),
                onError: toast.failed,
              },
            )
          }
        >
          {enabled ? 'Switch off' : 'Switch on'}
        </MenuItem>
        <MenuItem isDanger unless={mayRemove.reason} onSelect={() => setOpen('remove')}>
          Remove
        </MenuItem>
      </Menu>
      {test.data && !test.data.sent ? (
        <p role="status" className="w-full text-danger">
          Not taken: <Untrusted text={test.data.detail} isWhole maxLength={400} />
        </p>
      ) : null}
      {open === 'change' ? <ChannelDialog channel={channel} onClose={close} /> : null}
      {open === 'remove' ? (
        <SureDialog
          title="Remove this channel?"
          description="What is on its way to it is dropped."
          button="Remove"
          isBusy={remove.isPending}
          error={remove.error}
          onClose={close}
          onSure={() =>
            remove.mutate(
              { path },
              {
                onSuccess: () => {
                  toast.done('The channel was removed.')
                  close()
                },
              },
            )
          }
        >
          <Untrusted text={name} isWhole />
        </SureDialog>
      ) : null}
    </li>
  )
}

function settingsText(settings: Channel['settings']): string {
  return Object.entries(settings)
    .flatMap(([name, value]) =>
      value === null ? [] : [`${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`],
    )
    .join(' · ')
}
