import { Link } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState } from 'react'
import { useProjectId } from '../../session/project.ts'
import { visible } from '../../ui/untrusted.tsx'
import { actWords } from '../incident/history-lines.ts'
import {
  type Component,
  type Course,
  type History,
  type Mark,
  scaleOf,
  surely,
  unknownWords,
} from './course.ts'

const height = 240
const top = 12
const axis = 24
const marksHeight = 26
const left = 88
const right = 8
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** A band from owed to allowed, a line for granted, marks for what happened; what nobody knows is hatched. */
export function AccessChart({
  course,
  component,
  plans,
}: {
  readonly course: Course
  readonly component: Component
  readonly plans: History['levels']
}) {
  const id = useId()
  const projectId = useProjectId()
  const [place, width] = useWidth()
  const scale = scaleOf(component, plans, course)
  const { levels, levelOf } = scale
  const floor = height - axis - marksHeight
  const across = Math.max(40, width - left - right)
  const x = (at: number) =>
    left + Math.min(1, Math.max(0, (at - course.from) / (course.until - course.from))) * across
  const step = (floor - top - 16) / Math.max(1, levels.length - 1)
  const y = (level: number) => floor - 8 - level * step
  const drawn = course.stretches.map((stretch) => {
    const begin = x(Date.parse(stretch.from))
    return { stretch, begin, wide: Math.max(3, x(Date.parse(stretch.to)) - begin) }
  })
  return (
    <figure ref={place} className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-muted text-sm">
        <span className="flex items-center gap-1.5">
          <span className="h-2.5 w-4 rounded-sm border border-promised bg-promised/25" aria-hidden />{' '}
          Promised, owed to allowed
        </span>
        <span className="flex items-center gap-1.5">
          <span className="h-0.5 w-4 rounded-full bg-granted" aria-hidden /> Granted
        </span>
        <span className="flex items-center gap-1.5">
          <svg className="h-2.5 w-4 rounded-sm border border-line" aria-hidden="true">
            <path d="M-2 10L8 0M4 12L16 0M12 12L22 2" strokeWidth="1.5" className="stroke-control" />
          </svg>
          Not known
        </span>
        <span className="flex items-center gap-1.5">
          <MarkSign kind="incident" /> Incident
        </span>
        <span className="flex items-center gap-1.5">
          <MarkSign kind="repair" /> Repair
        </span>
        <span className="flex items-center gap-1.5">
          <MarkSign kind="event" /> Event or other
        </span>
      </figcaption>
      <div className="relative" style={{ height }}>
        <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
          <defs>
            <pattern
              id={`${id}-hatch`}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <line x1="0" y1="0" x2="0" y2="6" strokeWidth="1.5" className="stroke-line" />
            </pattern>
          </defs>
          {levels.map((level, place) => (
            <g key={level}>
              <line x1={left} x2={left + across} y1={y(place)} y2={y(place)} className="stroke-line" />
              <text
                x={left - 8}
                y={y(place)}
                dominantBaseline="middle"
                textAnchor="end"
                className="fill-muted text-xs"
              >
                {visible(level).slice(0, 12)}
              </text>
            </g>
          ))}
          {drawn.map(({ stretch, begin, wide }) => {
            if (!stretch.known) {
              return (
                <rect
                  key={stretch.from}
                  x={begin}
                  y={top}
                  width={wide}
                  height={floor - top}
                  fill={`url(#${id}-hatch)`}
                >
                  <title>{unknownWords[stretch.because]}</title>
                </rect>
              )
            }
            const owed = stretch.owed && levelOf(stretch.owed)
            const allowed = stretch.allowed && levelOf(stretch.allowed)
            if (owed === null || allowed === null) return null
            const high = Math.max(owed, allowed)
            return (
              <rect
                key={stretch.from}
                x={begin}
                y={y(high) - 7}
                width={wide}
                height={y(owed) - y(high) + 14}
                rx="3"
                className="fill-promised/20 stroke-promised/60"
              />
            )
          })}
          {drawn.flatMap(({ stretch, begin, wide }) =>
            stretch.known
              ? stretch.granted.map((granted, place) => {
                  const level = surely(granted, scale)
                  return level === null ? null : (
                    <path
                      key={`${stretch.from} ${granted.source}`}
                      d={`M${begin} ${y(level) + place * 3}H${begin + wide}`}
                      className="fill-none stroke-granted"
                      strokeWidth="2.5"
                      strokeLinecap="round"
                      strokeDasharray={place > 0 ? '6 4' : undefined}
                    />
                  )
                })
              : [],
          )}
          {course.marks.map(({ at, kind, act, id: of }) => (
            <line
              key={`${at} ${kind} ${act} ${of}`}
              x1={x(Date.parse(at))}
              x2={x(Date.parse(at))}
              y1={top}
              y2={floor + 6}
              strokeDasharray="2 3"
              className={kind === 'incident' ? 'stroke-danger/60' : 'stroke-control/60'}
            />
          ))}
          <text x={left} y={height - 6} className="fill-muted text-xs">
            {whole.format(course.from)}
          </text>
          <text x={left + across} y={height - 6} textAnchor="end" className="fill-muted text-xs">
            Now
          </text>
        </svg>
        {grouped(course.marks, x).map(({ at, mark, count, words }) => {
          const label = `${count > 1 ? `${count}: ` : ''}${words}, ${whole.format(Date.parse(mark.at))}`
          const look = 'absolute flex -translate-x-1/2 items-center justify-center rounded-sm hover:bg-hover'
          const style = { left: at, top: floor + 2, width: 24, height: 24 }
          const sign = (
            <>
              <MarkSign kind={mark.kind} />
              {count > 1 ? <span className="text-muted text-xs">{count}</span> : null}
            </>
          )
          if (mark.kind === 'incident') {
            return (
              <Link
                key={label}
                to="/projects/$projectId/incidents/$incidentId"
                params={{ projectId, incidentId: mark.id }}
                aria-label={label}
                title={label}
                className={look}
                style={style}
              >
                {sign}
              </Link>
            )
          }
          if (mark.kind === 'repair') {
            return (
              <Link
                key={label}
                to="/projects/$projectId/repairs/$repairId"
                params={{ projectId, repairId: mark.id }}
                aria-label={label}
                title={label}
                className={look}
                style={style}
              >
                {sign}
              </Link>
            )
          }
          return (
            <span key={label} title={label} role="img" aria-label={label} className={look} style={style}>
              {sign}
            </span>
          )
        })}
      </div>
    </figure>
  )
}

/** Marks that would lie on each other are one, which says what all of them are. */
function grouped(marks: readonly Mark[], x: (at: number) => number) {
  const groups: { at: number; mark: Mark; count: number; words: string }[] = []
  const sorted = marks
    .map((mark) => ({ mark, time: Date.parse(mark.at) }))
    .toSorted((one, other) => one.time - other.time)
  for (const { mark, time } of sorted) {
    const before = groups.at(-1)
    const words = wordsOf(mark)
    if (before && x(time) - before.at < 26) {
      before.count += 1
      if (before.count <= 5) before.words = `${before.words}; ${words}`
      // The graver is what is drawn.
      if (before.mark.kind !== 'incident' && mark.kind === 'incident') before.mark = mark
    } else groups.push({ at: x(time), mark, count: 1, words })
  }
  return groups
}

function wordsOf({ act, text }: Mark): string {
  return [actWords(act), visible(text).slice(0, 120)].filter(Boolean).join(': ')
}

function MarkSign({ kind }: { readonly kind: Mark['kind'] }) {
  return (
    <svg viewBox="0 0 10 10" className="size-2.5 shrink-0" aria-hidden="true">
      {kind === 'incident' ? <path d="M5 0.5L9.8 9.5H0.2Z" className="fill-danger" /> : null}
      {kind === 'repair' ? <rect x="1" y="1" width="8" height="8" rx="1" className="fill-success" /> : null}
      {kind !== 'incident' && kind !== 'repair' ? (
        <circle cx="5" cy="5" r="4" className="fill-faint" />
      ) : null}
    </svg>
  )
}

/** The width that a part has, followed as it changes. */
function useWidth() {
  const place = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(640)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth))
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [])
  return [place, width] as const
}
