import type { Shape } from '../../api/operation.ts'
import { cx } from '../../ui/cx.ts'
import { Moment } from '../../ui/moment.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { componentWord, type Hurts, type Incident } from './words.ts'

type Access = Shape<'Access'>
type Value = Incident['owed'] | undefined

/** What a component of the access is on the three sides. */
export interface Sides {
  readonly owed: Access
  readonly granted: Access | null
  readonly allowed: Access
}

const components = ['plan', 'paid', 'trialEndsAt', 'entitlements', 'seats'] as const

const excess: Readonly<Record<Hurts, string>> = {
  customer: 'Too little',
  business: 'Too much',
  both: 'Differs',
}

/**
 * Owed, granted and allowed beside each other, a line for each component. Granted has to lie between the two others;
 * where it does not, its cell says so.
 */
export function AccessSides({
  sides,
  drifts = [],
}: {
  readonly sides: Sides
  readonly drifts?: readonly { readonly component: string; readonly hurts: Hurts }[]
}) {
  const lines = components.map((component) => ({
    component,
    owed: sides.owed[component],
    granted: sides.granted ? sides.granted[component] : undefined,
    allowed: sides.allowed[component],
    drift: drifts.find(
      (drift) =>
        drift.component === component ||
        (component === 'entitlements' && drift.component.startsWith('entitlement:')),
    ),
  }))
  const shown = lines.filter(
    ({ owed, granted, allowed, drift }) =>
      drift || ![owed, granted ?? null, allowed].every((value) => value === null || value === 'unlimited'),
  )
  return <SideTable lines={shown} />
}

/** The three sides of an incident that is about something else than access, such as a customer. */
export function IncidentSides({
  incident: { component, owed, granted, allowed, hurts },
}: {
  readonly incident: Incident
}) {
  return <SideTable lines={[{ component, owed, granted, allowed, drift: { hurts } }]} />
}

interface Line {
  readonly component: string
  readonly owed: Value
  readonly granted: Value
  readonly allowed: Value
  readonly drift: { readonly hurts: Hurts } | undefined
}

const headings = [
  ['Owed', 'the least', 'bg-promised'],
  ['Granted', 'by the app', 'bg-granted'],
  ['Allowed', 'the most', 'bg-promised'],
] as const

function SideTable({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <table className="w-full table-fixed text-xs sm:text-sm">
      <caption className="sr-only">Owed, granted and allowed</caption>
      <thead>
        <tr className="text-left align-bottom text-muted text-xs">
          <th scope="col" className="w-[30%] px-2 py-2 font-medium sm:w-36 sm:px-4">
            <span className="sr-only">Component</span>
          </th>
          {headings.map(([name, what, dot]) => (
            <th key={name} scope="col" className="px-2 py-2 font-medium sm:px-3">
              <span className={cx('mr-1.5 hidden size-2 rounded-full sm:inline-block', dot)} aria-hidden />
              <span className="text-text">{name}</span>{' '}
              <span className="hidden font-normal sm:inline">{what}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ component, owed, granted, allowed, drift }) => (
          <tr key={component} className="border-line border-t align-top">
            <th scope="row" className="break-words px-2 py-2 text-left font-normal text-muted sm:px-4">
              <Untrusted text={componentWord(component)} isWhole />
            </th>
            <td className="break-words px-2 py-2 sm:px-3">
              <SideValue component={component} value={owed} />
            </td>
            <td className={cx('break-words px-2 py-2 sm:px-3', drift && 'bg-danger-soft')}>
              <SideValue component={component} value={granted} />
              {drift ? (
                <span className="block font-medium text-danger text-xs">{excess[drift.hurts]}</span>
              ) : null}
            </td>
            <td className="break-words px-2 py-2 sm:px-3">
              <SideValue component={component} value={allowed} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** One component as it stands on one side. */
export function SideValue({ component, value }: { readonly component: string; readonly value: Value }) {
  if (value === undefined) return <span className="text-faint">Cannot be told</span>
  if (component === 'trialEndsAt') {
    if (value === null) return <span className="text-faint">No trial</span>
    if (value === 'unlimited') return <span>Any</span>
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value)))
      return <Moment at={value} isFull className="whitespace-normal" />
  }
  if (component === 'entitlements' && value === 'every') return <span>Everything</span>
  if (component === 'seats' && value === 'unlimited') return <span>Any number</span>
  if (component === 'seats' && value === null) return <span className="text-faint">Not counted</span>
  if (value === null) return <span className="text-faint">Nothing</span>
  if (typeof value === 'boolean') {
    if (component === 'paid') return <span>{value ? 'Paid' : 'Not paid'}</span>
    return <span>{value ? 'Yes' : 'No'}</span>
  }
  if (typeof value === 'number') return <span className="tabular">{value.toLocaleString('en-GB')}</span>
  if (typeof value === 'string') return <Untrusted text={value} isWhole isMono={component !== 'plan'} />
  if (value.length === 0) return <span className="text-faint">None</span>
  return (
    <span className="flex flex-wrap gap-1">
      {value.map((one) => (
        <span key={one} className="max-w-full rounded-sm bg-hover px-1.5 text-xs leading-5">
          <Untrusted text={one} maxLength={80} />
        </span>
      ))}
    </span>
  )
}
