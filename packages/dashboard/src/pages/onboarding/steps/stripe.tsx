import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Shape } from '../../../api/operation.ts'
import { queryOf, useAct } from '../../../api/query.ts'
import { useMay } from '../../../session/may.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, buttonLook } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy.tsx'
import { Field, SecretInput } from '../../../ui/field.tsx'
import { ErrorState, Loaded, SkeletonRows } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toast.tsx'
import { ConnectKey } from '../connect-key.tsx'
import { ConnectedCard } from '../connected-card.tsx'
import { refreshed, type StepProps, useNextStep } from '../use-onboarding.ts'

/** Stripe: a restricted key that reads, and the webhooks. */
export function Stripe(props: StepProps) {
  const { projectId, state } = props
  const path = { projectId }
  const sources = useQuery(queryOf('GET /api/v1/projects/{projectId}/sources', { path }))
  const permissions = useQuery(queryOf('GET /api/v1/projects/{projectId}/setup/permissions', { path }))
  const goOn = useNextStep(props)
  const webhook = state.webhooks.find(({ provider }) => provider === 'stripe')
  return (
    <Loaded query={sources}>
      {({ items }) => {
        const source = items.find(({ kind }) => kind === 'stripe')
        return (
          <>
            {source ? <ConnectedCard projectId={projectId} source={source} title="Stripe connected" /> : null}
            <ConnectKey
              projectId={projectId}
              kind="stripe"
              label="Restricted key"
              placeholder="rk_test_…"
              description="A restricted key (rk_…): it can be taken back in Stripe at any time, and can do no more than you tick."
              actions={permissions.data ? <MakeKey href={permissions.data.createKeyUrl} /> : null}
              isAnew={source !== undefined}
            />
            <Card
              title="Permissions of the key"
              description="Read, for each of these; write, for none."
              isFlush
            >
              <Loaded query={permissions} skeleton={<SkeletonRows rows={8} />}>
                {(list) => <Permissions items={list.items} />}
              </Loaded>
            </Card>
            {webhook ? <Webhook projectId={projectId} webhook={webhook} /> : null}
            <div>
              <Button
                kind="primary"
                onClick={goOn}
                unless={source ? null : 'Connect Stripe first, or use the links below to look around.'}
              >
                Go on
              </Button>
            </div>
          </>
        )
      }}
    </Loaded>
  )
}

function MakeKey({ href }: { readonly href: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={buttonLook({ size: 'small' })}>
      <ExternalLink aria-hidden /> Make a key in Stripe
    </a>
  )
}

const permissionLooks = {
  granted: { tone: 'success', word: 'granted' },
  missing: { tone: 'danger', word: 'missing' },
  unknown: { tone: 'neutral', word: 'not tested' },
} as const

function Permissions({ items }: { readonly items: readonly Shape<'StripePermission'>[] }) {
  return (
    <ul className="divide-y divide-line border-line border-t">
      {items.map(({ name, what, purpose, isRequired, loss, state, fix }) => (
        <li
          key={name}
          className="grid grid-cols-[1fr_auto] items-baseline gap-x-3 gap-y-1 px-4 py-2 text-sm sm:grid-cols-[9rem_1fr_auto] lg:grid-cols-[11rem_1fr_auto]"
        >
          <span className="font-medium">{what}</span>
          <span className="order-last col-span-2 min-w-0 text-muted sm:order-none sm:col-span-1">
            {purpose}
            {isRequired || !loss ? null : <span className="block text-xs">Without it: {loss}</span>}
            {state === 'missing' && fix ? <span className="block text-danger">{fix}</span> : null}
          </span>
          <span className="flex flex-wrap justify-end gap-1.5">
            {isRequired ? null : <Badge>optional</Badge>}
            <Badge tone={permissionLooks[state].tone}>{permissionLooks[state].word}</Badge>
          </span>
        </li>
      ))}
    </ul>
  )
}

const addSecret = 'POST /api/v1/projects/{projectId}/webhooks/{provider}/secrets'

/** The address that a provider sends to, and the secret that it signs with. */
export function Webhook({
  projectId,
  webhook: { provider, url, hasSecret },
}: {
  readonly projectId: string
  readonly webhook: StepProps['state']['webhooks'][number]
}) {
  const [secret, setSecret] = useState('')
  const act = useAct(addSecret, { refresh: [...refreshed] })
  const may = useMay(addSecret)
  const vendor = provider === 'stripe' ? 'Stripe' : 'Clerk'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(
      { path: { projectId, provider }, body: { secret: secret.trim() } },
      {
        onSuccess() {
          setSecret('')
          toast.done(`Webhooks of ${vendor} are taken from now on.`)
        },
      },
    )
  }
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          Webhook endpoint{' '}
          {hasSecret ? <Badge tone="success">secret kept</Badge> : <Badge>no secret yet</Badge>}
        </span>
      }
      description={`Add this address as an endpoint in ${vendor}, with all events of customers, subscriptions and invoices. Without it changes are seen by the hour.`}
    >
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 break-all rounded-md border border-line bg-sunken px-3 py-1.5 font-mono text-xs">
          {url}
        </code>
        <CopyButton text={url} label="Copy the address" size="normal" />
      </div>
      <form onSubmit={submit} className="mt-4 flex flex-wrap items-end gap-2">
        <Field label={`Signing secret of ${vendor}`} className="min-w-56 flex-1">
          <SecretInput
            value={secret}
            required
            autoComplete="off"
            placeholder="whsec_…"
            onChange={({ target }) => setSecret(target.value)}
          />
        </Field>
        <Button type="submit" className="h-9" isBusy={act.isPending} unless={may.reason}>
          Keep the secret
        </Button>
      </form>
      {act.error ? <ErrorState error={act.error} className="mt-3" /> : null}
    </Card>
  )
}
