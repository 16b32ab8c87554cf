import 'uplot/dist/uPlot.min.css'
import { useEffect, useId, useRef, useState } from 'react'
import UPlot from 'uplot'
import { Button } from './button.tsx'

export interface Series {
  readonly name: string
  /** A name of a colour token, such as `accent` or `granted`. */
  readonly color: string
  /** One for each time; `null`: nothing is known. */
  readonly values: readonly (number | null)[]
  /** Goes on until the next value, as a state does. */
  readonly isStepped?: boolean
  /** Fills what lies under it. */
  readonly isFilled?: boolean
  readonly isDashed?: boolean
}

/**
 * Values over time. Whoever does not see it, or wants the numbers, gets the same as a table.
 *
 * @example
 * <Chart label="Parity" times={times} series={[{ name: 'In agreement', color: 'accent', values }]} valueText={percent} />
 */
export function Chart({
  label,
  times,
  series,
  height = 200,
  valueText = String,
  bands = [],
  range,
}: {
  readonly label: string
  /** Milliseconds since 1970, going up. */
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly height?: number
  readonly valueText?: (value: number) => string
  /** Pairs of series, counted from 0, between which the area is filled with the colour of the first. */
  readonly bands?: readonly (readonly [upper: number, lower: number])[]
  /** The least and the most of the scale. Default: as the values need it. */
  readonly range?: readonly [number, number]
}) {
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const [isTable, setTable] = useState(false)
  useEffect(() => {
    const element = place.current
    if (!element || isTable) return
    const draw = () => {
      const style = getComputedStyle(document.documentElement)
      // A canvas knows no light-dark(): the colour is asked for where it is a used value.
      const probe = document.createElement('span')
      probe.style.transition = 'none'
      element.append(probe)
      const color = (name: string) => {
        probe.style.color = `var(--${name})`
        return getComputedStyle(probe).color
      }
      const axis: UPlot.Axis = {
        stroke: color('muted'),
        font: `11px ${style.getPropertyValue('font-family')}`,
        grid: { stroke: color('line'), width: 1 },
        ticks: { show: false },
      }
      const plot = new UPlot(
        {
          width: element.clientWidth,
          height,
          padding: [8, 8, 0, 0],
          legend: { show: false },
          cursor: { y: false, drag: { x: false, y: false } },
          scales: { x: { time: true }, y: range ? { range: [...range] as [number, number] } : {} },
          axes: [
            { ...axis, grid: { show: false }, size: 32, gap: 9, values: timeTexts },
            { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => valueText(tick)) },
          ],
          series: [
            {},
            ...series.map(({ name, color: token, values, isStepped, isFilled, isDashed }): UPlot.Series => {
              const stroke = color(token)
              const { stepped } = UPlot.paths
              return {
                label: name,
                stroke,
                width: 1.75,
                // A value between two unknown ones has no line.
                points: { show: times.length < 2 || values.includes(null), size: 5, fill: stroke },
                ...(isDashed ? { dash: [4, 4] } : {}),
                ...(isFilled ? { fill: faint(stroke, 0.12) } : {}),
                ...(isStepped && stepped ? { paths: stepped({ align: 1 }) } : {}),
              }
            }),
          ],
          bands: bands.map(([upper, lower]) => ({
            series: [upper + 1, lower + 1] as [number, number],
            fill: faint(color(series[upper]?.color ?? 'accent'), 0.18),
          })),
        },
        [times.map((time) => time / 1_000), ...series.map(({ values }) => [...values])],
        element,
      )
      probe.remove()
      return plot
    }
    let plot = draw()
    const redraw = () => {
      plot.destroy()
      plot = draw()
    }
    const sizes = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    sizes.observe(element)
    const themes = new MutationObserver(redraw)
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', redraw)
    return () => {
      sizes.disconnect()
      themes.disconnect()
      system.removeEventListener('change', redraw)
      plot.destroy()
    }
  }, [times, series, height, valueText, bands, range, isTable])
  return (
    <figure aria-labelledby={`${id}-label`} className="min-w-0">
      <figcaption id={`${id}-label`} className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <span className="sr-only">{label}</span>
        {series.map(({ name, color }) => (
          <span key={name} className="flex items-center gap-1.5 text-muted">
            <span className="h-0.5 w-3 rounded-full" style={{ background: `var(--${color})` }} aria-hidden />
            {name}
          </span>
        ))}
        <Button
          size="small"
          kind="quiet"
          className="ml-auto"
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'Show the chart' : 'Show as a table'}
        </Button>
      </figcaption>
      {isTable ? (
        <ValueTable label={label} times={times} series={series} height={height} valueText={valueText} />
      ) : (
        <div ref={place} style={{ height }} aria-hidden className="min-w-0 overflow-hidden" />
      )}
    </figure>
  )
}

function ValueTable({
  label,
  times,
  series,
  height,
  valueText,
}: {
  readonly label: string
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly height: number
  readonly valueText: (value: number) => string
}) {
  return (
    <section
      className="overflow-auto outline-offset-[-2px]"
      style={{ height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      aria-label={label}
    >
      <table className="w-full text-left text-sm">
        <thead className="text-muted text-xs">
          <tr>
            <th scope="col" className="py-1 pr-4 font-medium">
              Time
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="py-1 pr-4 text-right font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, place) => (
            <tr key={time} className="border-line border-t">
              <th scope="row" className="tabular py-1 pr-4 font-normal">
                {new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
              </th>
              {series.map(({ name, values }) => {
                const value = values[place]
                return (
                  <td key={name} className="tabular py-1 pr-4 text-right">
                    {value === null || value === undefined ? '–' : valueText(value)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** Times under a chart, as fine as they stand apart. */
function timeTexts(_: UPlot, seconds: readonly number[]): string[] {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0)
  return seconds.map((second) => (step > 0 && step < 86_400 ? hour : day).format(second * 1_000))
}

/** A colour as a browser computes it, let through. */
function faint(color: string, share: number): string {
  return color.replace(/^rgb\((.*)\)$/, `rgba($1, ${share})`)
}
