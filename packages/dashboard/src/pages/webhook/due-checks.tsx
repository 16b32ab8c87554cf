import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'

const list = 'GET /api/v1/projects/{projectId}/due-checks'
const retryKey = 'POST /api/v1/projects/{projectId}/due-checks/retry'

/** Whom events made due and who was not looked at yet. Nothing where nobody is. */
export function DueChecks({ projectId }: { readonly projectId: string }) {
  const path = { projectId }
  const due = useQuery({ ...queryOf(list, { path, query: { limit: 20 } }), refetchInterval: 10_000 })
  const retry = useAct(retryKey, { refresh: [list] })
  const may = useMay(retryKey)
  if (!due.data || due.data.due + due.data.setAside === 0) return null
  const { items, due: waiting, setAside, oldestDueSince } = due.data
  const failing = items.filter(({ state, failure }) => state === 'set-aside' || failure)
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          Due for a check <span className="tabular text-muted text-sm">{waiting}</span>
          {setAside > 0 ? <Badge tone="danger">{setAside} set aside</Badge> : null}
        </span>
      }
      description={
        oldestDueSince ? (
          <>
            The oldest since <Moment at={oldestDueSince} />
          </>
        ) : null
      }
    >
      {failing.length === 0 ? null : (
        <ul className="flex flex-col gap-2 text-sm">
          {failing.map(({ target, state, attempts, failure }) => (
            <li key={`${target.kind} ${target.id}`} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Untrusted text={`${target.kind} ${target.id}`} isMono />
              <span className="min-w-0 flex-1 text-muted">
                {failure?.message} after {attempts} tries
              </span>
              {state === 'set-aside' ? (
                <Button
                  size="small"
                  icon={<RotateCw aria-hidden />}
                  isBusy={retry.isPending}
                  unless={may.reason}
                  onClick={() => retry.mutate({ path, body: { target } }, { onError: toast.failed })}
                >
                  Try again
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
