import {
  type ColumnDef,
  createSortedRowModel,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, Download } from 'lucide-react'
import {
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useShortcuts } from '../shell/shortcuts.ts'
import { Button } from './button.tsx'
import { type CellValue, csvOf, saveFile } from './csv.ts'
import { cx } from './cx.ts'
import { SkeletonRows } from './states.tsx'
import { toast } from './toast.tsx'

export interface Column<Row> {
  readonly id: string
  readonly heading: string
  readonly cell: (row: Row) => ReactNode
  /** What it is sorted by, and what an export holds. Without it the column is neither sorted nor exported. */
  readonly value?: (row: Row) => CellValue
  /** A width in CSS, such as `8rem`; columns without one share what is left. */
  readonly width?: string
  /** Set to the right, in figures of one width. */
  readonly isNumber?: boolean
  /** Left out where the table is narrower than this: 512, 672, 896 or 1152 px. */
  readonly from?: 'sm' | 'md' | 'lg' | 'xl'
}

/** A list that the service gives page by page, as `useInfiniteQuery` has it. */
export interface Pages {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => Promise<{
    readonly data: readonly unknown[] | undefined
    readonly hasNextPage: boolean
  }>
}

export interface TableProps<Row> {
  /** What the rows are, for those who hear it. */
  readonly label: string
  readonly rows: readonly Row[] | undefined
  readonly columns: readonly Column<Row>[]
  /**
   * What a row shows in the place of its columns where the table is narrower than 512 px: two lines, of which the first
   * says what the row is. Without it the columns that are always shown stay.
   */
  readonly narrow?: (row: Row) => ReactNode
  readonly rowKey: (row: Row) => string
  /** Opens a row, by a click or Enter. One cell should hold a link to the same place. */
  readonly onOpen?: (row: Row) => void
  /** The keys of the rows that are selected; with it rows can be selected, by their box or `x`. */
  readonly selected?: ReadonlySet<string>
  readonly onSelect?: (keys: ReadonlySet<string>) => void
  /** Further pages are read when the end comes into sight, and all of them for an export. */
  readonly pages?: Pages
  /** What the file of an export is called, without its ending. Without it the table has no export. */
  readonly exportName?: string
  /** Shown in the place of rows where there are none. */
  readonly empty: ReactNode
  /** Filters and acts, over the table. */
  readonly toolbar?: ReactNode
  /** Height of the list, in CSS. Default: what the window has. */
  readonly maxHeight?: string
  /** Takes `j`, `k`, `Enter` and `x`. Default true; one table of a page should. */
  readonly hasKeys?: boolean
  /** The service sorts: how it is sorted, and what is to be done when another heading is pressed. */
  readonly sort?: { readonly id: string; readonly isDescending: boolean } | null
  readonly onSort?: (sort: { readonly id: string; readonly isDescending: boolean } | null) => void
}

const rowHeight = 40
const tallRowHeight = 60
const narrowWidth = 512
const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
})
const fromLook = {
  sm: 'hidden @lg:table-cell',
  md: 'hidden @2xl:table-cell',
  lg: 'hidden @4xl:table-cell',
  xl: 'hidden @6xl:table-cell',
}

/**
 * A table of any length: only rows in sight are drawn. It is sorted by a heading as soon as all rows are there, or by
 * the service.
 *
 * @example
 * <Table label="Checks" rows={checks.data} pages={checks} rowKey={({ id }) => id} exportName="checks"
 *   columns={[{ id: 'begun', heading: 'Begun', cell: ({ startedAt }) => <Moment at={startedAt} />, value: ({ startedAt }) => startedAt }]}
 *   empty={<EmptyState title="No checks yet" />} />
 */
export function Table<Row extends object>(props: TableProps<Row>) {
  const { label, rows, columns, toolbar, exportName, pages, empty } = props
  const [isExporting, setExporting] = useState(false)
  const exportAll = async () => {
    setExporting(true)
    try {
      const all = await everyRow(rows ?? [], pages)
      const written = columns.filter(({ value }) => value !== undefined)
      const lines = all.map((row) => written.map(({ value }) => value?.(row) ?? null))
      saveFile(
        `${exportName}.csv`,
        csvOf(
          written.map(({ heading }) => heading),
          lines,
        ),
        'text/csv;charset=utf-8',
      )
      toast.done(`${all.length} rows were exported.`)
    } catch (error) {
      toast.failed(error)
    }
    setExporting(false)
  }
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      {toolbar || exportName ? (
        <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
          <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">{toolbar}</div>
          {exportName ? (
            <Button
              size="small"
              icon={<Download aria-hidden />}
              isBusy={isExporting}
              unless={rows?.length ? null : 'There is nothing to export.'}
              onClick={() => void exportAll()}
            >
              Export
            </Button>
          ) : null}
        </div>
      ) : null}
      {rows === undefined ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        empty
      ) : (
        <Rows {...props} rows={rows} key={label} />
      )}
    </div>
  )
}

async function everyRow<Row>(rows: readonly Row[], pages: Pages | undefined): Promise<readonly Row[]> {
  let all = rows
  let isMore = pages?.hasNextPage ?? false
  while (pages && isMore) {
    const { data, hasNextPage } = await pages.fetchNextPage()
    all = (data as readonly Row[] | undefined) ?? all
    isMore = hasNextPage
  }
  return all
}

function Rows<Row extends object>({
  label,
  rows,
  columns: allColumns,
  narrow,
  rowKey,
  onOpen,
  selected,
  onSelect,
  pages,
  maxHeight = 'max(20rem, calc(100dvh - 15rem))',
  hasKeys = true,
  sort,
  onSort,
}: TableProps<Row> & { readonly rows: readonly Row[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const isNarrow = useIsNarrow(scroller)
  const isTall = isNarrow && narrow !== undefined
  const columns = useMemo(
    () => (isNarrow && narrow ? narrowColumns(label, narrow) : allColumns),
    [isNarrow, label, allColumns, narrow],
  )
  const isServerSorted = onSort !== undefined
  const canSort = isServerSorted || !pages?.hasNextPage
  const [ownSorting, setOwnSorting] = useState<SortingState>([])
  const sorting = isServerSorted ? (sort ? [{ id: sort.id, desc: sort.isDescending }] : []) : ownSorting
  const rowSelection = useMemo<RowSelectionState>(
    () => Object.fromEntries([...(selected ?? [])].map((key) => [key, true])),
    [selected],
  )
  const definitions = useMemo(
    () =>
      columns.map(
        ({ id, heading, value }): ColumnDef<typeof features, Row> => ({
          id,
          header: heading,
          enableSorting: value !== undefined,
          sortUndefined: 'last',
          sortFn: (one, other, column) =>
            compare(one.getValue<CellValue>(column), other.getValue<CellValue>(column)),
          accessorFn: (row) => value?.(row) ?? null,
        }),
      ),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowKey,
    manualSorting: isServerSorted,
    enableRowSelection: onSelect !== undefined,
    state: { sorting, rowSelection },
    onSortingChange: (change) => {
      const next = typeof change === 'function' ? change(sorting) : change
      const [first] = next
      if (onSort) onSort(first ? { id: first.id, isDescending: first.desc } : null)
      else setOwnSorting(next)
    },
    onRowSelectionChange: (change) => {
      const next = typeof change === 'function' ? change(rowSelection) : change
      onSelect?.(new Set(Object.keys(next).filter((key) => next[key])))
    },
  })
  const drawn = table.getRowModel().rows
  const height = isTall ? tallRowHeight : rowHeight
  const virtual = useVirtualizer({
    count: drawn.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    // Enough for any window before it is measured: fewer would be drawn first, and what is under them move.
    initialRect: { width: 0, height: innerHeight },
    overscan: 12,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it measured before holds for rows of one height
  useLayoutEffect(() => virtual.measure(), [height])
  const inSight = virtual.getVirtualItems()
  const end = inSight.at(-1)?.index ?? 0
  useEffect(() => {
    if (pages?.hasNextPage && !pages.isFetchingNextPage && end >= drawn.length - 20)
      void pages.fetchNextPage()
  }, [pages, end, drawn.length])

  const [active, setActive] = useState(-1)
  const wanted = useRef<number | null>(null)
  const focusWanted = () => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`)
    if (!row) return
    wanted.current = null
    row.focus()
  }
  // A row out of sight is drawn only after a while, and a key that is pressed next means that row.
  useEffect(focusWanted)
  const goTo = (place: number) => {
    const at = Math.max(0, Math.min(drawn.length - 1, place))
    wanted.current = at
    setActive(at)
    virtual.scrollToIndex(at)
    focusWanted()
  }
  const current = drawn[active]
  useShortcuts(
    hasKeys
      ? {
          j: () => goTo(active + 1),
          k: () => goTo(active - 1),
          ...(onSelect && current ? { x: () => current.toggleSelected() } : {}),
        }
      : {},
  )
  const first = inSight[0]
  const last = inSight.at(-1)
  return (
    <section
      ref={scroller}
      className="@container overflow-auto outline-offset-[-2px]"
      style={{ maxHeight }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      aria-label={label}
    >
      <table
        aria-label={label}
        aria-rowcount={pages?.hasNextPage ? -1 : drawn.length + 1}
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
        style={{ minWidth: leastWidth(columns, onSelect !== undefined) }}
      >
        <thead>
          <tr aria-rowindex={1}>
            {onSelect ? (
              <th
                scope="col"
                className="sticky top-0 z-10 h-9 w-10 border-line border-b bg-surface px-3 text-left"
              >
                <input
                  type="checkbox"
                  className="size-4 align-middle accent-accent-solid"
                  aria-label="Select all that are shown"
                  checked={table.getIsAllRowsSelected()}
                  ref={(box) => {
                    if (box) box.indeterminate = table.getIsSomeRowsSelected()
                  }}
                  onChange={() => table.toggleAllRowsSelected()}
                />
              </th>
            ) : null}
            {table.getHeaderGroups()[0]?.headers.map((header, place) => {
              const column = columns[place]
              const direction = header.column.getIsSorted()
              const isSortable = canSort && header.column.getCanSort()
              return (
                <th
                  key={header.id}
                  scope="col"
                  aria-sort={direction ? (direction === 'asc' ? 'ascending' : 'descending') : undefined}
                  style={column?.width ? { width: column.width } : undefined}
                  className={cx(
                    'sticky top-0 z-10 h-9 truncate border-line border-b bg-surface px-3 text-left font-medium text-muted text-xs',
                    column?.isNumber && 'text-right',
                    column?.from && fromLook[column.from],
                  )}
                >
                  {isSortable ? (
                    <button
                      type="button"
                      className="inline-flex items-center gap-1 rounded-sm hover:text-text"
                      onClick={header.column.getToggleSortingHandler()}
                    >
                      {column?.heading}
                      {direction === 'asc' ? <ArrowUp className="size-3" aria-hidden /> : null}
                      {direction === 'desc' ? <ArrowDown className="size-3" aria-hidden /> : null}
                    </button>
                  ) : (
                    column?.heading
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {first && first.start > 0 ? <Gap height={first.start} /> : null}
          {inSight.map(({ index }) => {
            const row = drawn[index]
            if (!row) return null
            return (
              <tr
                key={row.id}
                data-index={index}
                aria-rowindex={index + 2}
                aria-selected={onSelect ? row.getIsSelected() : undefined}
                tabIndex={index === Math.max(0, active) ? 0 : -1}
                onFocus={() => setActive(index)}
                onClick={(event) => {
                  if (onOpen && !isControl(event)) onOpen(row.original)
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row.original)
                }}
                className={cx(
                  'group outline-offset-[-2px] hover:bg-hover',
                  onOpen && 'cursor-pointer',
                  row.getIsSelected() && 'bg-chosen',
                )}
              >
                {onSelect ? (
                  <td className="border-line border-b px-3" style={{ height }}>
                    <input
                      type="checkbox"
                      className="size-4 align-middle accent-accent-solid"
                      aria-label="Select this row"
                      checked={row.getIsSelected()}
                      onChange={() => row.toggleSelected()}
                    />
                  </td>
                ) : null}
                {columns.map((column) => (
                  <td
                    key={column.id}
                    style={{ height }}
                    className={cx(
                      'truncate border-line border-b px-3',
                      column.isNumber && 'tabular text-right',
                      column.from && fromLook[column.from],
                    )}
                  >
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            )
          })}
          {last ? <Gap height={virtual.getTotalSize() - last.end} /> : null}
        </tbody>
      </table>
      {pages?.isFetchingNextPage ? <SkeletonRows rows={2} /> : null}
    </section>
  )
}

/**
 * A row of a narrow table: what it is and its one figure over what else is to be known.
 *
 * @example
 * narrow={({ kind, sentence, money }) => <TwoLines first={kind} end={money} second={sentence} />}
 */
export function TwoLines({
  first,
  end,
  second,
}: {
  readonly first: ReactNode
  readonly end?: ReactNode
  readonly second: ReactNode
}) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex min-w-0 items-center gap-3">
        <span className="flex min-w-0 flex-1 items-center gap-2">{first}</span>
        {end ? <span className="tabular shrink-0">{end}</span> : null}
      </span>
      <span className="block truncate text-muted text-xs">{second}</span>
    </span>
  )
}

/** Whether a part has less room than a row with columns needs; followed as that changes. */
function useIsNarrow(part: RefObject<HTMLElement | null>): boolean {
  // A guess that holds for most, until the part stands: a table never reaches further than its page.
  const [isNarrow, setNarrow] = useState(() => document.documentElement.clientWidth < narrowWidth)
  useLayoutEffect(() => {
    const element = part.current
    if (!element) return
    const look = () => setNarrow(element.clientWidth < narrowWidth)
    look()
    const sizes = new ResizeObserver(look)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [part])
  return isNarrow
}

function narrowColumns<Row>(heading: string, cell: (row: Row) => ReactNode): readonly Column<Row>[] {
  return [{ id: 'narrow', heading, cell }]
}

/** The place of rows that are not drawn. One cell: more would make place for columns that are left out. */
function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      <td style={{ height }} />
    </tr>
  )
}

/** What the columns that are always shown need; a narrower page scrolls sideways under them. */
function leastWidth<Row>(columns: readonly Column<Row>[], hasBoxes: boolean): string {
  const widths = columns.filter(({ from }) => from === undefined).map(({ width }) => width ?? '7rem')
  return `calc(${[hasBoxes ? '2.5rem' : '0rem', ...widths].join(' + ')})`
}

function isControl({ target, currentTarget }: MouseEvent): boolean {
  const control = target instanceof Element ? target.closest('a, button, input, label, select') : null
  return control !== null && currentTarget.contains(control)
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function compare(one: CellValue, other: CellValue): number {
  if (one === other) return 0
  if (one === null) return 1
  if (other === null) return -1
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : words.compare(String(one), String(other))
}
