import { useQuery } from '@tanstack/react-query'
import type { ItemOf } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { browserText } from './browser-text.ts'

const refresh = ['GET /api/v1/me/sessions']

/** Where the person is signed in. */
export function Sessions() {
  const sessions = useQuery(queryOf('GET /api/v1/me/sessions'))
  const endOthers = useAct('DELETE /api/v1/me/sessions', { refresh })
  const others = sessions.data?.items.filter(({ isThisOne }) => !isThisOne).length ?? 0
  return (
    <Card
      title="Sessions"
      description="Where you are signed in. End what you do not know, then change your password."
      isFlush
      actions={
        <Button
          isBusy={endOthers.isPending}
          unless={others === 0 ? 'There is no other.' : null}
          onClick={() =>
            endOthers.mutate(
              {},
              { onSuccess: () => toast.done('Your other sessions were ended.'), onError: toast.failed },
            )
          }
        >
          End all others
        </Button>
      }
    >
      <Loaded query={sessions} skeleton={<SkeletonRows rows={2} />}>
        {({ items }) => (
          <ul className="divide-y divide-line border-line border-t">
            {items.map((session) => (
              <Session key={session.sessionId} session={session} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  )
}

function Session({ session }: { readonly session: ItemOf<'GET /api/v1/me/sessions'> }) {
  const end = useAct('DELETE /api/v1/me/sessions/{sessionId}', { refresh })
  const { sessionId, isThisOne, createdAt, expiresAt, address, userAgent } = session
  const browser = browserText(userAgent)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate" title={userAgent ?? undefined}>
            {browser}
          </span>
          {isThisOne ? <Badge tone="accent">This one</Badge> : null}
        </p>
        <p className="text-muted">
          <Untrusted text={address ?? 'Address unknown'} /> · since <Moment at={createdAt} /> · ends{' '}
          <Moment at={expiresAt} />
        </p>
      </div>
      {isThisOne ? null : (
        <Button
          size="small"
          aria-label={`End the session of ${browser}`}
          isBusy={end.isPending}
          onClick={() => end.mutate({ path: { sessionId } }, { onError: toast.failed })}
        >
          End
        </Button>
      )}
    </li>
  )
}
