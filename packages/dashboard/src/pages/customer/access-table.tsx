import { Untrusted } from '../../ui/untrusted.tsx'
import { actWords } from '../incident/history-lines.ts'
import { SideValue } from '../incident/sides.tsx'
import { type Component, type Course, type Level, type Mark, type Stretch, unknownWords } from './course.ts'

const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** The same as the picture, for whoever does not see it or wants the values, in the order of time. */
export function AccessTable({
  course,
  component,
}: {
  readonly course: Course
  readonly component: Component
}) {
  const lines = [
    ...course.stretches.map((stretch) => ({
      at: Math.max(Date.parse(stretch.from), course.from),
      stretch,
      mark: null,
    })),
    ...course.marks.map((mark) => ({ at: Date.parse(mark.at), stretch: null, mark })),
  ].toSorted((one, other) => one.at - other.at)
  return (
    <section
      className="max-h-80 overflow-auto outline-offset-[-2px]"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      aria-label="Promised and granted over time"
    >
      <table className="w-full text-left text-sm">
        <thead className="text-muted text-xs">
          <tr>
            {['From', 'Owed', 'Granted', 'Allowed'].map((heading) => (
              <th key={heading} scope="col" className="py-1 pr-4 font-medium">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ at, stretch, mark }, place) => (
            <tr
              // biome-ignore lint/suspicious/noArrayIndexKey: several may begin at the same moment
              key={place}
              className="border-line border-t align-top"
            >
              <th scope="row" className="tabular whitespace-nowrap py-1.5 pr-4 font-normal">
                {whole.format(at)}
              </th>
              {stretch ? <StretchCells stretch={stretch} component={component} /> : <MarkCell mark={mark} />}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function StretchCells({ stretch, component }: { readonly stretch: Stretch; readonly component: Component }) {
  if (!stretch.known) {
    return (
      <td colSpan={3} className="py-1.5 text-faint">
        Not known: {unknownWords[stretch.because].toLowerCase()}
      </td>
    )
  }
  if (!stretch.there) {
    return (
      <td colSpan={3} className="py-1.5 text-faint">
        There was no such account
      </td>
    )
  }
  const cell = (level: Level | null) =>
    level === null || level[component] === null ? (
      <span className="text-faint">Not compared</span>
    ) : (
      <SideValue component={component} value={level[component]} />
    )
  return (
    <>
      <td className="py-1.5 pr-4">{cell(stretch.owed)}</td>
      <td className="py-1.5 pr-4">
        {stretch.granted.length === 0 ? <span className="text-faint">Nothing</span> : null}
        {stretch.granted.map(({ source, least, most }) => (
          <span key={source} className="block">
            {stretch.granted.length > 1 && source ? (
              <span className="text-muted text-xs">
                <Untrusted text={source} maxLength={40} />{' '}
              </span>
            ) : null}
            {JSON.stringify(least[component]) === JSON.stringify(most[component]) ? (
              cell(least)
            ) : (
              <span className="text-faint">Cannot be told</span>
            )}
          </span>
        ))}
      </td>
      <td className="py-1.5 pr-4">{cell(stretch.allowed)}</td>
    </>
  )
}

function MarkCell({ mark }: { readonly mark: Mark | null }) {
  return (
    <td colSpan={3} className="py-1.5">
      {mark ? (
        <>
          <span className="font-medium">{actWords(mark.act)}</span>{' '}
          <Untrusted text={mark.text} isWhole maxLength={300} className="text-muted" />
        </>
      ) : null}
    </td>
  )
}
