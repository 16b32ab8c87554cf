import { type FormEvent, useId, useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { useAct } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, Field, Input, SecretInput, Select } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import type { Channel } from './alert-channels.tsx'

type Config = Shape<'AlertChannelConfig'>
type Kind = Config['kind']

const base = '/api/v1/projects/{projectId}/alerts/channels'
const refresh = [`GET ${base}`, 'GET /api/v1/projects/{projectId}/onboarding']

export const channelWords: Readonly<Record<Kind, string>> = {
  slack: 'Slack',
  email: 'E-mail',
  discord: 'Discord',
  teams: 'Microsoft Teams',
  pagerduty: 'PagerDuty',
  webhook: 'Webhook',
}

/** What was typed about where a channel goes, of whichever kind. */
interface Typed {
  readonly kind: Kind
  readonly url: string
  readonly secret: string
  readonly region: 'us' | 'eu'
  readonly to: string
  readonly from: string
  readonly hasServer: boolean
  readonly host: string
  readonly port: string
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string
}

const nothing: Typed = {
  kind: 'slack',
  url: '',
  secret: '',
  region: 'us',
  to: '',
  from: '',
  hasServer: false,
  host: '',
  port: '465',
  security: 'tls',
  user: '',
}

function configOf(typed: Typed): Config {
  const { kind, url, secret, region, to, from, hasServer, host, port, security, user } = typed
  switch (kind) {
    case 'slack':
    case 'discord':
    case 'teams':
      return { kind, url: url.trim() }
    case 'webhook':
      return { kind, url: url.trim(), secret: secret.trim() }
    case 'pagerduty':
      return { kind, routingKey: secret.trim(), region }
    case 'email':
      return {
        kind,
        to: to.split(/[\s,;]+/).filter(Boolean),
        from: from.trim() || null,
        smtp: hasServer
          ? {
              host: host.trim(),
              port: Number(port),
              security,
              user: user.trim() || null,
              password: secret || null,
            }
          : null,
      }
  }
}

/** Adds a channel, or changes one. */
export function ChannelDialog({
  channel,
  onClose,
}: {
  /** `null`: a new one. */
  readonly channel: Channel | null
  readonly onClose: () => void
}) {
  const id = useId()
  const projectId = useProjectId()
  const [name, setName] = useState(channel?.name ?? '')
  const [getsDigest, setGetsDigest] = useState(channel?.getsDigest ?? false)
  const [perHour, setPerHour] = useState(channel ? String(channel.messagesPerHour) : '')
  const [typed, setTyped] = useState<Typed>({ ...nothing, kind: channel?.kind ?? 'slack' })
  // Addresses and keys are never given back, so that changing them means typing all of them.
  const [isPlaceShown, setPlaceShown] = useState(channel === null)
  const add = useAct(`POST ${base}`, { refresh })
  const change = useAct(`PATCH ${base}/{channelId}`, { refresh })
  const error = add.error ?? change.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const rest = {
      name,
      getsDigest,
      ...(perHour === '' ? {} : { messagesPerHour: Number(perHour) }),
    }
    const config = configOf(typed)
    const onSuccess = () => {
      toast.done(channel ? 'The channel was changed.' : 'The channel was added. Send a test to see it.')
      onClose()
    }
    if (channel === null) add.mutate({ path: { projectId }, body: { ...rest, config } }, { onSuccess })
    else {
      change.mutate(
        {
          path: { projectId, channelId: channel.id },
          body: { ...rest, ...(isPlaceShown ? { config } : {}) },
        },
        { onSuccess },
      )
    }
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={channel ? 'Change the channel' : 'Add a channel'}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} isBusy={add.isPending || change.isPending}>
            {channel ? 'Save' : 'Add'}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="flex flex-col gap-4">
        {error ? <ErrorState error={error} /> : null}
        <Field label="Name" error={error?.about('name')}>
          <Input
            required
            autoFocus
            autoComplete="off"
            maxLength={80}
            placeholder="On call"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        {isPlaceShown ? (
          <Place typed={typed} onChange={(part) => setTyped({ ...typed, ...part })} />
        ) : (
          <div>
            <Button size="small" onClick={() => setPlaceShown(true)}>
              Change where it goes
            </Button>
          </div>
        )}
        <Field
          label="Messages an hour, at most"
          hint="More of them wait, and those of one kind are put together. PagerDuty has no such limit."
          error={error?.about('messagesPerHour')}
        >
          <Input
            type="number"
            min={1}
            max={600}
            placeholder="As it comes"
            className="max-w-40"
            value={perHour}
            onChange={({ target }) => setPerHour(target.value)}
          />
        </Field>
        <Checkbox
          label="Gets the weekly digest"
          checked={getsDigest}
          onChange={({ target }) => setGetsDigest(target.checked)}
        />
      </form>
    </Dialog>
  )
}

function Place({
  typed,
  onChange,
}: {
  readonly typed: Typed
  readonly onChange: (part: Partial<Typed>) => void
}) {
  const { kind, url, secret, region, to, from, hasServer } = typed
  return (
    <>
      <Field label="Kind">
        <Select value={kind} onChange={({ target }) => onChange({ kind: target.value as Kind })}>
          {Object.entries(channelWords).map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </Select>
      </Field>
      {kind === 'slack' || kind === 'discord' || kind === 'teams' ? (
        <Field
          label="Address of its incoming webhook"
          hint="Whoever has it can post: it is kept as a secret and never shown again."
        >
          <SecretInput
            required
            autoComplete="off"
            value={url}
            onChange={({ target }) => onChange({ url: target.value })}
          />
        </Field>
      ) : null}
      {kind === 'pagerduty' ? (
        <>
          <Field label="Integration key" hint="Of an Events API v2 integration: 32 letters and digits.">
            <SecretInput
              required
              autoComplete="off"
              value={secret}
              onChange={({ target }) => onChange({ secret: target.value })}
            />
          </Field>
          <Field label="Region">
            <Select
              value={region}
              onChange={({ target }) => onChange({ region: target.value as 'us' | 'eu' })}
            >
              <option value="us">United States</option>
              <option value="eu">European Union</option>
            </Select>
          </Field>
        </>
      ) : null}
      {kind === 'webhook' ? (
        <>
          <Field label="Address">
            <Input
              type="url"
              required
              autoComplete="off"
              placeholder="https://example.com/alerts"
              value={url}
              onChange={({ target }) => onChange({ url: target.value })}
            />
          </Field>
          <Field
            label="Secret that signs"
            hint="whsec_ and at least 24 bytes in base64, as Standard Webhooks has it."
          >
            <SecretInput
              required
              autoComplete="off"
              placeholder="whsec_…"
              value={secret}
              onChange={({ target }) => onChange({ secret: target.value })}
            />
          </Field>
        </>
      ) : null}
      {kind === 'email' ? (
        <>
          <Field label="To" hint="One address, or several with commas between.">
            <Input
              required
              autoComplete="off"
              placeholder="billing@example.com"
              value={to}
              onChange={({ target }) => onChange({ to: target.value })}
            />
          </Field>
          <Field label="From" hint="Left empty: as the mail server of this service has it.">
            <Input
              type="email"
              autoComplete="off"
              value={from}
              onChange={({ target }) => onChange({ from: target.value })}
            />
          </Field>
          <Checkbox
            label="By a mail server of its own"
            hint="Otherwise by that of this service."
            checked={hasServer}
            onChange={({ target }) => onChange({ hasServer: target.checked })}
          />
          {hasServer ? <Server typed={typed} onChange={onChange} /> : null}
        </>
      ) : null}
    </>
  )
}

const ports = { tls: '465', starttls: '587', none: '25' } as const

function Server({
  typed: { host, port, security, user, secret },
  onChange,
}: {
  readonly typed: Typed
  readonly onChange: (part: Partial<Typed>) => void
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Host">
        <Input
          required
          autoComplete="off"
          placeholder="smtp.example.com"
          value={host}
          onChange={({ target }) => onChange({ host: target.value })}
        />
      </Field>
      <Field label="Security">
        <Select
          value={security}
          onChange={({ target }) => {
            const next = target.value as Typed['security']
            onChange({ security: next, port: ports[next] })
          }}
        >
          <option value="tls">TLS from the first byte</option>
          <option value="starttls">STARTTLS</option>
          <option value="none">None, within one’s own network</option>
        </Select>
      </Field>
      <Field label="Port">
        <Input
          type="number"
          required
          min={1}
          max={65_535}
          value={port}
          onChange={({ target }) => onChange({ port: target.value })}
        />
      </Field>
      <Field label="User">
        <Input autoComplete="off" value={user} onChange={({ target }) => onChange({ user: target.value })} />
      </Field>
      <Field label="Password of the mail server">
        <SecretInput
          autoComplete="off"
          value={secret}
          onChange={({ target }) => onChange({ secret: target.value })}
        />
      </Field>
    </div>
  )
}
