import '../src/theme.css'
import { Inbox } from 'lucide-react'
import { type ReactNode, StrictMode, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProblem } from '../src/api/problem.ts'
import { Badge, StatusDot, type Tone } from '../src/ui/badge.tsx'
import { Button } from '../src/ui/button.tsx'
import { Card, Facts } from '../src/ui/card.tsx'
import { Chart } from '../src/ui/chart.tsx'
import { CodeBlock, CopyButton } from '../src/ui/copy.tsx'
import { Dialog } from '../src/ui/dialog.tsx'
import { Checkbox, Field, Input, SecretInput, Select, Textarea } from '../src/ui/field.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../src/ui/menu.tsx'
import { Moment } from '../src/ui/moment.tsx'
import { Money, MoneyList } from '../src/ui/money.tsx'
import { ProgressBar } from '../src/ui/progress-bar.tsx'
import { QrCode } from '../src/ui/qr-code.tsx'
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../src/ui/states.tsx'
import { type Column, Table } from '../src/ui/table.tsx'
import { Tabs } from '../src/ui/tabs.tsx'
import { Toasts, toast } from '../src/ui/toast.tsx'
import { Untrusted } from '../src/ui/untrusted.tsx'

interface Row {
  readonly id: number
  readonly name: string
  readonly cents: number
  readonly at: string
}

/** Names as strangers write them. */
const names = [
  'Ada Lovelace',
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("http://evil.example","pay")',
  '\u202egnp.exe',
  'שלום עולם',
  '👩‍👩‍👧‍👦 Family',
  'long '.repeat(2_000),
  '',
  '  spaces\nand\tlines  ',
]
const rows: readonly Row[] = Array.from({ length: 100_000 }, (_, id) => ({
  id,
  name: names[id] ?? `Customer ${id}`,
  cents: (id * 7919) % 100_000,
  at: new Date(Date.UTC(2026, 0, 1) + id * 60_000).toISOString(),
}))

const columns: readonly Column<Row>[] = [
  { id: 'id', heading: 'Number', width: '6rem', isNumber: true, cell: ({ id }) => id, value: ({ id }) => id },
  { id: 'name', heading: 'Name', cell: ({ name }) => <Untrusted text={name} />, value: ({ name }) => name },
  {
    id: 'cents',
    heading: 'At risk',
    width: '8rem',
    isNumber: true,
    cell: ({ cents }) => <Money amount={cents} currency="usd" />,
    value: ({ cents }) => cents,
  },
  {
    id: 'at',
    heading: 'Since',
    width: '9rem',
    from: 'md',
    cell: ({ at }) => <Moment at={at} />,
    value: ({ at }) => at,
  },
]

const problem = new ApiProblem(
  {
    code: 'config-invalid',
    detail: 'The configuration holds a price twice.',
    fix: 'Leave one of the two out.',
    requestId: 'req_1',
    problems: [{ at: 'prices.1', message: 'Found price_1, needed another.' }],
  },
  422,
)
const tones: readonly Tone[] = ['neutral', 'accent', 'success', 'warning', 'danger', 'info']
const times = Array.from({ length: 30 }, (_, day) => Date.UTC(2026, 0, 1 + day))
const owed = times.map((_, day) => (day < 12 ? 1 : 2))
const series = [
  {
    name: 'Allowed',
    color: 'promised',
    values: owed.map((value) => value + 0.5),
    isStepped: true,
    isDashed: true,
  },
  { name: 'Owed', color: 'promised', values: owed, isStepped: true },
  { name: 'Granted', color: 'granted', values: times.map((_, day) => (day < 15 ? 1 : 2)), isStepped: true },
]
const bands = [[0, 1]] as const
const planText = (value: number) => ['none', 'starter', 'pro'][Math.floor(value)] ?? ''

function Workbench() {
  return (
    <main className="mx-auto flex max-w-6xl flex-col gap-6 p-4">
      <h1 className="font-semibold text-2xl">Parts</h1>
      <Rows />
      <Card title="Over time">
        <Chart
          label="Promised and granted"
          times={times}
          series={series}
          bands={bands}
          valueText={planText}
        />
      </Card>
      <Part title="Buttons">
        <Button kind="primary">Primary</Button>
        <Button>Plain</Button>
        <Button kind="quiet">Quiet</Button>
        <Button kind="danger">Danger</Button>
        <Button isBusy>Busy</Button>
        <Button unless="Your role is viewer.">Not you</Button>
        <Button size="small">Small</Button>
        <Button size="large">Large</Button>
        <CopyButton text="copied text" />
      </Part>
      <Part title="Words about things">
        {tones.map((tone) => (
          <Badge key={tone} tone={tone}>
            <StatusDot tone={tone} /> {tone}
          </Badge>
        ))}
        <Money amount={199900} currency="usd" />
        <Money amount={5000} currency="jpy" />
        <MoneyList
          amounts={[
            { amount: 100, currency: 'usd' },
            { amount: 250, currency: 'eur' },
          ]}
        />
        <Moment at="2026-01-01T10:00:00Z" isFull />
      </Part>
      <Card title="Fields">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" hint="As it is shown.">
            <Input defaultValue="Ada" />
          </Field>
          <Field label="Address" error="This is no address.">
            <Input defaultValue="ada@" />
          </Field>
          <Field label="Key">
            <SecretInput defaultValue="sk_test_1" />
          </Field>
          <Field label="Plan">
            <Select defaultValue="pro">
              <option value="starter">Starter</option>
              <option value="pro">Pro</option>
            </Select>
          </Field>
          <Field label="Note">
            <Textarea defaultValue="Written by hand." />
          </Field>
          <Checkbox label="Also organizations" hint="For B2B billing." />
        </div>
      </Card>
      <Layers />
      <TabbedPart />
      <Card title="Facts and code">
        <div className="flex flex-col gap-4">
          <Facts
            facts={[
              ['Customer', <Untrusted key="c" text="cus_1" isMono />],
              ['Name', <Untrusted key="n" text={names[6] ?? ''} isWhole />],
            ]}
          />
          <CodeBlock label="SQL" code={'select 1 -- <script>alert(1)</script>'} />
          <ProgressBar label="Reading customers" share={0.4} />
          <ProgressBar label="Waiting" share={null} />
          <QrCode text="otpauth://totp/x?secret=ABC" label="Picture for the app" />
        </div>
      </Card>
      <Part title="States">
        <ErrorState error={problem} onRetry={() => {}} className="w-full" />
        <EmptyState
          icon={<Inbox />}
          title="No incidents"
          action={<Button>Run check</Button>}
          className="w-full"
        >
          What is promised and what is granted agree.
        </EmptyState>
        <Skeleton className="w-40" />
        <div className="w-full">
          <SkeletonRows rows={2} />
        </div>
      </Part>
      <Toasts />
    </main>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card title={title}>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </Card>
  )
}

function Rows() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [opened, setOpened] = useState<number | null>(null)
  const few = useMemo(() => rows, [])
  return (
    <div>
      <Table
        label="Customers"
        rows={few}
        columns={columns}
        rowKey={({ id }) => String(id)}
        onOpen={({ id }) => setOpened(id)}
        selected={selected}
        onSelect={setSelected}
        exportName="customers"
        empty={<EmptyState title="Nobody" />}
        maxHeight="24rem"
        toolbar={<p className="text-muted text-sm">{selected.size} selected</p>}
      />
      <p className="mt-2 text-sm">Opened: {opened ?? 'none'}</p>
    </div>
  )
}

function Layers() {
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState('nothing')
  return (
    <Part title="Layers">
      <Button onClick={() => setOpen(true)}>Open the dialog</Button>
      <Button onClick={() => toast.failed(problem)}>Fail</Button>
      <p className="text-sm">Chosen: {chosen}</p>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title="Approve 3 repairs"
        description="They are applied one after the other."
        actions={
          <Button kind="primary" onClick={() => toast.done('Approved.', 'They are applied now.')}>
            Approve
          </Button>
        }
      >
        <Menu align="start" trigger={<Button>More</Button>}>
          <MenuLabel>Do</MenuLabel>
          <MenuItem keys="x" onSelect={() => setChosen('select')}>
            Select
          </MenuItem>
          <MenuItem unless="This needs the role admin." onSelect={() => setChosen('never')}>
            Ignore
          </MenuItem>
          <MenuLine />
          <MenuItem isDanger onSelect={() => setChosen('reject')}>
            Reject
          </MenuItem>
        </Menu>
      </Dialog>
    </Part>
  )
}

function TabbedPart() {
  const [tab, setTab] = useState<'postgres' | 'clerk'>('postgres')
  return (
    <Card title="Tabs">
      <Tabs
        label="Access-state source"
        value={tab}
        onChange={setTab}
        tabs={[
          { name: 'postgres', label: 'Postgres / Supabase', content: <p>A URL.</p> },
          { name: 'clerk', label: 'Clerk', content: <p>A key.</p> },
        ]}
      />
    </Card>
  )
}

const place = document.getElementById('root')
if (!place) throw new Error('The page has no place for the parts.')
createRoot(place).render(
  <StrictMode>
    <Workbench />
  </StrictMode>,
)
