import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { AccessSides } from '../incident/sides.tsx'
import { componentWord } from '../incident/words.ts'
import { type Pair, verdictTones, verdictWords } from './verdict.ts'

/** What one subject is owed, may have and has, in each place where the app keeps it. */
export function PairCard({ pair, as }: { readonly pair: Pair; readonly as: 'last-check' | 'now' }) {
  const { verdict, settling, promised, granted, drifts, cannotTell, readings, complete } = pair
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          Promised and granted
          <Badge tone={verdictTones[verdict]}>{verdictWords[verdict]}</Badge>
          {settling ? <Badge tone="info">Settling</Badge> : null}
        </span>
      }
      description={
        <span className="flex flex-wrap gap-x-3 [&>*:not(:last-child)]:after:ml-3 [&>*:not(:last-child)]:after:text-faint [&>*:not(:last-child)]:after:content-['·']">
          <span>{as === 'now' ? 'As it is now' : 'As the last check read it'}</span>
          {readings.map(({ side, source, readAt }) => (
            <span key={`${side} ${source}`}>
              {side === 'billing' ? 'billing' : <Untrusted text={source} maxLength={40} />} read{' '}
              <Moment at={readAt} />
            </span>
          ))}
          {complete ? null : <span className="text-warning">not everything could be read</span>}
        </span>
      }
      isFlush
    >
      {granted.length === 0 ? (
        <AccessSides sides={{ ...promised, granted: null }} drifts={drifts} />
      ) : (
        granted.map(({ source, record, least, most, updatedAt }) => (
          <div key={source} className="border-line border-t first:border-t-0">
            <p className="px-4 pb-1 text-muted text-sm">
              In <Untrusted text={source} maxLength={60} />
              {record === 'live' ? null : (
                <span className="ml-2 text-warning">
                  {record === 'deleted' ? 'The record is deleted.' : 'There is no record.'}
                </span>
              )}
              {updatedAt ? (
                <span className="ml-2">
                  changed <Moment at={updatedAt} />
                </span>
              ) : null}
            </p>
            <AccessSides
              sides={{
                ...promised,
                // What could be less or more than it seems cannot be told.
                granted: JSON.stringify(least) === JSON.stringify(most) ? least : null,
              }}
              drifts={drifts}
            />
          </div>
        ))
      )}
      {promised.unknown.length + cannotTell.length > 0 ? (
        <ul className="space-y-2 border-line border-t px-4 py-3 text-sm">
          {cannotTell.map(({ reason, component, found, needed }) => (
            <li key={`${reason} ${component}`} className="break-words">
              <span className="font-medium">
                {component ? componentWord(component) : 'All of it'} cannot be told:
              </span>{' '}
              <Untrusted text={found} isWhole maxLength={500} />{' '}
              <span className="text-muted">
                Needed: <Untrusted text={needed} isWhole maxLength={500} />
              </span>
            </li>
          ))}
          {cannotTell.length === 0
            ? promised.unknown.map(({ reason }) => (
                <li key={reason}>
                  Part of what was promised is not known:{' '}
                  <Untrusted text={reason.replaceAll('-', ' ')} isWhole />
                </li>
              ))
            : null}
        </ul>
      ) : null}
    </Card>
  )
}
