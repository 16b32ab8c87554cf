import { useQuery } from '@tanstack/react-query'
import { Search, X } from 'lucide-react'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { queryOf } from '../../api/query.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { moneyText } from '../../ui/money.tsx'
import { visible } from '../../ui/untrusted.tsx'
import { FilterMenu } from './filter-menu.tsx'
import { firstSearch, type IncidentSearch, writeSearch } from './search.ts'
import { useMembers } from './who.tsx'
import { causeWords, hurtsWords, kindWords, namesOf, severityWords, stateWords } from './words.ts'

/** What the list of incidents is narrowed down by. */
export function IncidentFilters({
  search,
  onSearch,
}: {
  readonly search: IncidentSearch
  readonly onSearch: (search: IncidentSearch) => void
}) {
  const projectId = useProjectId()
  const members = useMembers()
  const path = { projectId }
  const { data: counts } = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/incidents/counts', {
      path,
      query: search.states.length > 0 ? { state: [...search.states] } : {},
    }),
  )
  const { data: causes } = useQuery(
    queryOf('GET /api/v1/projects/{projectId}/causes', {
      path,
      query: { limit: 100, state: search.states.length > 0 ? [...search.states] : namesOf(stateWords) },
    }),
  )
  const { data: all } = useQuery(queryOf('GET /api/v1/projects/{projectId}/incidents/counts', { path }))
  const kinds = namesOf(kindWords).filter(
    (kind) => (counts?.byKind[kind] ?? 0) > 0 || search.kinds.includes(kind),
  )
  const causeChoices = (causes?.items ?? []).map(({ id, kind, incidents }) => ({
    value: id,
    label: [causeWords[kind], visible(id.slice(kind.length + 1)).slice(0, 60)].filter(Boolean).join(': '),
    count: incidents,
  }))
  const isKnown = causeChoices.some(({ value }) => value === search.cause)
  const isFiltered = Object.keys(writeSearch({ ...search, sort: 'severity', isReversed: false })).length > 0
  return (
    <>
      <SearchField text={search.text} onText={(text) => onSearch({ ...search, text })} />
      <FilterMenu
        label="State"
        chosen={search.states}
        onChoose={(states) => onSearch({ ...search, states })}
        choices={namesOf(stateWords).map((value) => ({
          value,
          label: stateWords[value],
          count: all?.byState[value] ?? 0,
        }))}
      />
      <FilterMenu
        label="Severity"
        chosen={search.severities}
        onChoose={(severities) => onSearch({ ...search, severities })}
        choices={namesOf(severityWords).map((value) => ({
          value,
          label: severityWords[value],
          count: counts?.bySeverity[value] ?? 0,
        }))}
      />
      <FilterMenu
        label="Kind"
        chosen={search.kinds}
        onChoose={(chosen) => onSearch({ ...search, kinds: chosen })}
        choices={kinds.map((value) => ({
          value,
          label: kindWords[value],
          count: counts?.byKind[value] ?? 0,
        }))}
      />
      <FilterMenu
        label="Cause"
        isSingle
        chosen={search.cause ? [search.cause] : []}
        onChoose={([cause = null]) => onSearch({ ...search, cause })}
        choices={
          search.cause === null || isKnown
            ? causeChoices
            : [{ value: search.cause, label: visible(search.cause).slice(0, 60) }, ...causeChoices]
        }
      />
      <FilterMenu
        label="Assignee"
        isSingle
        chosen={search.assignee ? [search.assignee] : []}
        onChoose={([assignee = null]) => onSearch({ ...search, assignee })}
        choices={[
          { value: 'nobody', label: 'Nobody' },
          ...members.map(({ personId, name }) => ({ value: personId, label: visible(name).slice(0, 60) })),
        ]}
      />
      <FilterMenu
        label="Hurts"
        isSingle
        chosen={search.hurts ? [search.hurts] : []}
        onChoose={([hurts = null]) => onSearch({ ...search, hurts })}
        choices={namesOf(hurtsWords).map((value) => ({ value, label: hurtsWords[value] }))}
      />
      <MoneyFilter search={search} onSearch={onSearch} />
      {search.about ? (
        <Button
          size="small"
          icon={<X aria-hidden />}
          onClick={() => onSearch({ ...search, about: null })}
          title="Take this filter away"
        >
          About {visible(search.about).slice(0, 40)}
        </Button>
      ) : null}
      {isFiltered ? (
        <Button
          size="small"
          kind="quiet"
          onClick={() => onSearch({ ...firstSearch, sort: search.sort, isReversed: search.isReversed })}
        >
          Reset
        </Button>
      ) : null}
    </>
  )
}

/** A field that is searched by a moment after the last letter, or at once with Enter. */
export function SearchField({
  text,
  onText,
  label = 'Search incidents',
  placeholder = 'Search',
}: {
  readonly text: string
  readonly onText: (text: string) => void
  readonly label?: string
  readonly placeholder?: string
}) {
  const [typed, setTyped] = useState(text)
  const [known, setKnown] = useState(text)
  if (known !== text) {
    setKnown(text)
    setTyped(text)
  }
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => onText(typed), 300)
    return () => clearTimeout(timer)
  }, [typed, text, onText])
  return (
    <search className="relative w-full sm:w-56">
      <Search className="pointer-events-none absolute top-1.5 left-2 size-4 text-faint" aria-hidden />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onText(typed)
        }}
        className="h-7 pl-7 text-sm"
      />
    </search>
  )
}

function MoneyFilter({
  search,
  onSearch,
}: {
  readonly search: IncidentSearch
  readonly onSearch: (search: IncidentSearch) => void
}) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const [amount, setAmount] = useState('')
  const [currency, setCurrency] = useState('')
  const open = () => {
    setCurrency(search.currency ?? 'usd')
    setAmount(search.moneyAtLeast === null ? '' : String(search.moneyAtLeast / unitOf(search.currency)))
    setOpen(true)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const value = Math.round(Number(amount) * unitOf(currency))
    onSearch({
      ...search,
      moneyAtLeast: Number.isSafeInteger(value) && value > 0 ? value : null,
      currency,
    })
    setOpen(false)
  }
  const { moneyAtLeast, currency: chosen } = search
  return (
    <>
      <button
        type="button"
        onClick={open}
        aria-haspopup="dialog"
        className={
          moneyAtLeast === null
            ? 'inline-flex h-7 items-center rounded-md border border-line bg-surface px-2 text-muted text-sm hover:bg-hover'
            : 'inline-flex h-7 items-center rounded-md border border-line bg-chosen px-2 font-medium text-sm text-text hover:bg-hover'
        }
      >
        Money
        {moneyAtLeast === null
          ? null
          : `: ${moneyText({ amount: moneyAtLeast, currency: chosen ?? 'usd' })} or more`}
      </button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        size="small"
        title="Money at risk"
        description="Only incidents in which at least this much a month is at risk."
        actions={
          <>
            {moneyAtLeast === null ? null : (
              <Button
                onClick={() => {
                  onSearch({ ...search, moneyAtLeast: null, currency: null })
                  setOpen(false)
                }}
              >
                Any sum
              </Button>
            )}
            <Button kind="primary" type="submit" form={id}>
              Show
            </Button>
          </>
        }
      >
        <form id={id} onSubmit={submit} className="grid grid-cols-[1fr_6rem] gap-3">
          <Field label="At least, a month">
            <Input
              autoFocus
              required
              type="number"
              inputMode="decimal"
              min="0"
              step="any"
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
            />
          </Field>
          <Field label="Currency">
            <Select value={currency} onChange={(event) => setCurrency(event.target.value)}>
              {[
                ...new Set([
                  'usd',
                  'eur',
                  'gbp',
                  'jpy',
                  'chf',
                  ...(search.currency ? [search.currency] : []),
                ]),
              ].map((code) => (
                <option key={code} value={code}>
                  {code.toUpperCase()}
                </option>
              ))}
            </Select>
          </Field>
        </form>
      </Dialog>
    </>
  )
}

/** How many of the smallest unit make one of the currency. */
function unitOf(currency: string | null): number {
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: (currency ?? 'usd').toUpperCase(),
  })
  return 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)
}
