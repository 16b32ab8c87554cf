import { CircleCheck, PlugZap, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ItemOf } from '../../api/operation.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Moment } from '../../ui/moment.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { refreshed } from './use-onboarding.ts'

export type Source = ItemOf<'GET /api/v1/projects/{projectId}/sources'>

const testOne = 'POST /api/v1/projects/{projectId}/sources/{name}/test'
const removeOne = 'DELETE /api/v1/projects/{projectId}/sources/{name}'

/** A source that is connected: by which credential, what its last test found, and ways to test it or take it away. */
export function ConnectedCard({
  projectId,
  source,
  title,
}: {
  readonly projectId: string
  readonly source: Source
  /** As `Clerk connected`. */
  readonly title: string
}) {
  const [isRemoving, setRemoving] = useState(false)
  const refresh = [...refreshed]
  const test = useAct(testOne, { refresh })
  const remove = useAct(removeOne, { refresh })
  const mayTest = useMay(testOne)
  const mayRemove = useMay(removeOne)
  const path = { projectId, name: source.name }
  const wrong = source.findings.filter(({ state }) => state !== 'ok')
  return (
    <section
      aria-label={title}
      className="rounded-lg border border-success/40 bg-success-soft px-4 py-3 text-sm"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="flex min-w-0 flex-1 basis-72 items-start gap-2 font-medium">
          <CircleCheck className="size-5 shrink-0 text-success" aria-hidden />
          <span className="min-w-0">
            {title} — <Untrusted text={source.label} isMono isWhole />
          </span>
        </p>
        <span className="flex items-center gap-2">
          <Button
            size="small"
            icon={<PlugZap aria-hidden />}
            isBusy={test.isPending}
            unless={mayTest.reason}
            onClick={() =>
              test.mutate(
                { path },
                {
                  onSuccess: ({ failure }) =>
                    failure
                      ? toast.failed(new ApiProblem({ detail: failure.message, fix: failure.fix }, 0))
                      : toast.done('The test passed.'),
                  onError: toast.failed,
                },
              )
            }
          >
            Test again
          </Button>
          <Button
            size="small"
            kind="quiet"
            label="Disconnect"
            icon={<Trash2 aria-hidden />}
            unless={mayRemove.reason}
            onClick={() => setRemoving(true)}
          />
        </span>
      </div>
      <p className="mt-1 text-muted">
        Tested <Moment at={source.testedAt} />
      </p>
      {source.failure ? (
        <p className="mt-2">
          <Badge tone="danger">{source.failure.code}</Badge> {source.failure.message} {source.failure.fix}
        </p>
      ) : null}
      {wrong.length > 0 ? (
        <ul className="mt-2 flex flex-col gap-1.5">
          {wrong.map(({ name, state, found, fix }) => (
            <li key={name} className="flex gap-2">
              <Badge tone={state === 'warning' ? 'warning' : 'danger'}>{state}</Badge>
              <span className="min-w-0">
                <Untrusted text={found} isWhole maxLength={400} />
                {fix ? <span className="block text-muted">{fix}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <Dialog
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        size="small"
        title={`Disconnect ${source.name}?`}
        description="Its credential is taken away for good. Nothing is checked until it is connected anew."
        actions={
          <>
            <Button onClick={() => setRemoving(false)}>Cancel</Button>
            <Button
              kind="danger"
              isBusy={remove.isPending}
              onClick={() =>
                remove.mutate({ path }, { onSuccess: () => setRemoving(false), onError: toast.failed })
              }
            >
              Disconnect
            </Button>
          </>
        }
      />
    </section>
  )
}
