import { useQuery } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { useState } from 'react'
import { addressOf } from '../../api/call.ts'
import type { ItemOf } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Moment } from '../../ui/moment.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Who } from '../incident/who.tsx'

const base = '/api/v1/projects/{projectId}/push-secrets'
const refresh = [`GET ${base}`]
type PushSecret = ItemOf<`GET ${typeof base}`>

/** What an app that pushes its access signs with, and where it pushes to. */
export function PushSecrets() {
  const projectId = useProjectId()
  const path = { projectId }
  const secrets = useQuery(queryOf(`GET ${base}`, { path }))
  const make = useAct(`POST ${base}`, { refresh })
  const mayMake = useMay(`POST ${base}`)
  const address = location.origin + addressOf('PUT /api/v1/projects/{projectId}/subjects', { path })
  return (
    <div className="flex max-w-3xl flex-col gap-5">
      <Card
        title="Push secrets"
        description="An app that gives no credentials pushes what it grants, signed with one of these. Make the second before you take the first away."
        isFlush
        actions={
          <Button
            kind="primary"
            isBusy={make.isPending}
            unless={mayMake.reason}
            onClick={() => make.mutate({ path }, { onError: toast.failed })}
          >
            Make a secret
          </Button>
        }
      >
        <Loaded query={secrets} skeleton={<SkeletonRows rows={2} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<Send aria-hidden />} title="No push secret yet">
                You need one only where the app pushes its access.
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line border-line border-t">
                {items.map((secret) => (
                  <One key={secret.id} secret={secret} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      <Card title="Where to push" description="PUT, as JSON or as NDJSON in parts.">
        <div className="flex items-center gap-2">
          <code className="min-w-0 flex-1 break-all rounded-md border border-line bg-sunken px-3 py-1.5 font-mono text-xs">
            {address}
          </code>
          <CopyButton text={address} label="Copy the address" isIcon />
        </div>
      </Card>
      {make.data ? (
        <ShownOnce
          title="Your new push secret"
          label="the secret"
          text={make.data.secret}
          onClose={make.reset}
        >
          Sign each push with it, as Standard Webhooks has it.
        </ShownOnce>
      ) : null}
    </div>
  )
}

function One({
  secret: { id: secretId, label, madeAt, madeBy, lastUsedAt },
}: {
  readonly secret: PushSecret
}) {
  const projectId = useProjectId()
  const [isAsked, setAsked] = useState(false)
  const remove = useAct(`DELETE ${base}/{secretId}`, { refresh })
  const may = useMay(`DELETE ${base}/{secretId}`)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
      <div className="min-w-0 flex-1 basis-48">
        <Untrusted text={label} isMono className="font-medium" />
        <p className="text-muted">
          Made <Moment at={madeAt} /> by <Who by={madeBy} /> ·{' '}
          {lastUsedAt ? (
            <>
              last used <Moment at={lastUsedAt} />
            </>
          ) : (
            'not used yet'
          )}
        </p>
      </div>
      <Button
        size="small"
        aria-label={`Take away the secret ${label}`}
        unless={may.reason}
        onClick={() => setAsked(true)}
      >
        Take away
      </Button>
      {isAsked ? (
        <SureDialog
          title="Take this secret away?"
          description="Pushes that are signed with it are refused at once."
          button="Take away"
          isBusy={remove.isPending}
          error={remove.error}
          onClose={() => setAsked(false)}
          onSure={() =>
            remove.mutate(
              { path: { projectId, secretId } },
              {
                onSuccess: () => {
                  toast.done('The secret was taken away.')
                  setAsked(false)
                },
              },
            )
          }
        />
      ) : null}
    </li>
  )
}
