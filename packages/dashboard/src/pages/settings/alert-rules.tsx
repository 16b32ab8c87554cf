import { useQuery } from '@tanstack/react-query'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { Shape } from '../../api/operation.ts'
import { queryOf, useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { moneyText } from '../../ui/money.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { SureDialog } from '../../ui/sure-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { kindWords, severityWords } from '../incident/words.ts'
import type { Channel } from './alert-channels.tsx'
import { RuleDialog } from './rule-dialog.tsx'

export type Rule = Shape<'AlertRule'>

const base = '/api/v1/projects/{projectId}/alerts/rules'
const refresh = [`GET ${base}`, 'GET /api/v1/projects/{projectId}/onboarding']

/** Which incidents are told to which channels. */
export function AlertRules({ channels }: { readonly channels: readonly Channel[] }) {
  const projectId = useProjectId()
  const rules = useQuery(queryOf(`GET ${base}`, { path: { projectId } }))
  const [isAdding, setAdding] = useState(false)
  const may = useMay(`POST ${base}`)
  return (
    <Card
      title="Rules"
      description="Which incidents are told to whom. Where several tell one channel, the first does."
      isFlush
      actions={
        <Button
          unless={may.reason ?? (channels.length === 0 ? 'Add a channel first.' : null)}
          onClick={() => setAdding(true)}
        >
          Add a rule
        </Button>
      }
    >
      <Loaded query={rules} skeleton={<SkeletonRows rows={1} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 pb-4 text-muted text-sm">No rule yet: nobody is told of incidents.</p>
          ) : (
            <ul className="divide-y divide-line border-line border-t">
              {items.map((rule) => (
                <One key={rule.id} rule={rule} channels={channels} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdding ? <RuleDialog rule={null} channels={channels} onClose={() => setAdding(false)} /> : null}
    </Card>
  )
}

function One({ rule, channels }: { readonly rule: Rule; readonly channels: readonly Channel[] }) {
  const path = { projectId: useProjectId(), ruleId: rule.id }
  const [open, setOpen] = useState<'change' | 'remove' | null>(null)
  const put = useAct(`PUT ${base}/{ruleId}`, { refresh })
  const remove = useAct(`DELETE ${base}/{ruleId}`, { refresh })
  const mayPut = useMay(`PUT ${base}/{ruleId}`)
  const mayRemove = useMay(`DELETE ${base}/{ruleId}`)
  const close = () => setOpen(null)
  const { name } = rule.rule
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <Untrusted text={name} />
          {rule.enabled ? null : <Badge tone="warning">Off</Badge>}
        </p>
        <p className="break-words text-muted">
          <bdi>{ruleText(rule.rule, channels)}</bdi>
        </p>
      </div>
      <Menu
        trigger={
          <Button
            size="small"
            kind="quiet"
            label={`What can be done with ${name.slice(0, 80)}`}
            icon={<MoreHorizontal aria-hidden />}
          />
        }
      >
        <MenuItem unless={mayPut.reason} onSelect={() => setOpen('change')}>
          Change
        </MenuItem>
        <MenuItem
          unless={mayPut.reason}
          onSelect={() =>
            put.mutate(
              { path, body: { enabled: !rule.enabled } },
              {
                onSuccess: () => toast.done(rule.enabled ? 'The rule is off.' : 'The rule is on.'),
                onError: toast.failed,
              },
            )
          }
        >
          {rule.enabled ? 'Switch off' : 'Switch on'}
        </MenuItem>
        <MenuItem isDanger unless={mayRemove.reason} onSelect={() => setOpen('remove')}>
          Remove
        </MenuItem>
      </Menu>
      {open === 'change' ? <RuleDialog rule={rule} channels={channels} onClose={close} /> : null}
      {open === 'remove' ? (
        <SureDialog
          title="Remove this rule?"
          button="Remove"
          isBusy={remove.isPending}
          error={remove.error}
          onClose={close}
          onSure={() =>
            remove.mutate(
              { path },
              {
                onSuccess: () => {
                  toast.done('The rule was removed.')
                  close()
                },
              },
            )
          }
        >
          <Untrusted text={name} isWhole />
        </SureDialog>
      ) : null}
    </li>
  )
}

/** What a rule says, in a sentence. */
function ruleText(rule: Rule['rule'], channels: readonly Channel[]): string {
  const { minSeverity = 'high', kinds, moneyAtLeast, quietHours, recovery = true } = rule
  const names = rule.channels.map((id) => channels.find((one) => one.id === id)?.name ?? 'one that is gone')
  const money = Object.entries(moneyAtLeast ?? {}).map(([currency, amount]) =>
    moneyText({ currency, amount }),
  )
  return [
    `${severityWords[minSeverity]} and above`,
    kinds ? kinds.map((kind) => kindWords[kind]).join(', ') : 'every kind',
    ...(money.length > 0 ? [`from ${money.join(' or ')} a month`] : []),
    `to ${names.join(', ')}`,
    ...(quietHours ? [`quiet ${quietHours.from}–${quietHours.to} ${quietHours.timeZone}`] : []),
    ...(recovery ? ['and when it has ended'] : []),
  ].join(' · ')
}
