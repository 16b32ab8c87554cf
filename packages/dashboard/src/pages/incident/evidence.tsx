import type { Shape } from '../../api/operation.ts'
import { Moment } from '../../ui/moment.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'

/** What was read, where, and when: by it anybody can look for themselves. */
export function EvidenceList({ evidence }: { readonly evidence: readonly Shape<'Evidence'>[] }) {
  if (evidence.length === 0) return <p className="text-muted text-sm">Nothing was read for this one.</p>
  return (
    <ul className="divide-y divide-line text-sm">
      {evidence.map(({ source, object, field, value, readAt }) => (
        <li
          key={`${source} ${object} ${field}`}
          className="grid gap-x-4 gap-y-0.5 py-2 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]"
        >
          <span className="min-w-0">
            <Untrusted text={field} isMono isWhole />
            <span className="block text-muted text-xs">
              <Untrusted text={source} maxLength={40} /> · <Untrusted text={object} isMono maxLength={80} /> ·
              read <Moment at={readAt} />
            </span>
          </span>
          <span className="min-w-0 break-words">
            {value === null ? (
              <span className="text-faint">absent</span>
            ) : (
              <Untrusted text={value} isMono isWhole maxLength={600} />
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
