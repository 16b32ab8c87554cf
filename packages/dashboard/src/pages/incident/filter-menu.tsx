import { Check, ChevronDown } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from '../../ui/cx.ts'

export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: ReactNode
  /** How many there are. */
  readonly count?: number | undefined
}

/** A filter: a button that says what is chosen, and under it what can be. It stays open while more is chosen. */
export function FilterMenu<Value extends string>({
  label,
  choices,
  chosen,
  onChoose,
  isSingle = false,
  footer,
}: {
  readonly label: string
  readonly choices: readonly Choice<Value>[]
  readonly chosen: readonly Value[]
  readonly onChoose: (chosen: readonly Value[]) => void
  /** At most one can be chosen. */
  readonly isSingle?: boolean
  readonly footer?: ReactNode
}) {
  const first = choices.find(({ value }) => value === chosen[0])
  const toggle = (value: Value) => {
    if (chosen.includes(value)) onChoose(chosen.filter((one) => one !== value))
    else onChoose(isSingle ? [value] : [...chosen, value])
  }
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={cx(
          'inline-flex h-7 max-w-56 items-center gap-1 rounded-md border border-line px-2 text-sm hover:bg-hover',
          chosen.length > 0 ? 'bg-chosen font-medium text-text' : 'bg-surface text-muted',
        )}
      >
        <span className="truncate">
          {label}
          {chosen.length > 0 ? <>: {chosen.length === 1 ? (first?.label ?? '1') : chosen.length}</> : null}
        </span>
        <ChevronDown className="size-3.5 shrink-0" aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.getElementById('main')}>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg border border-line bg-raised p-1 text-sm text-text shadow-raised"
        >
          {choices.length === 0 ? <p className="px-2 py-3 text-muted">Nothing to choose from.</p> : null}
          {choices.map(({ value, label: text, count }) => (
            <DropdownMenu.CheckboxItem
              key={value}
              checked={chosen.includes(value)}
              onCheckedChange={() => toggle(value)}
              onSelect={(event) => event.preventDefault()}
              className="flex cursor-pointer select-none items-center gap-2 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-hover"
            >
              <span className="flex size-4 shrink-0 items-center justify-center">
                <DropdownMenu.ItemIndicator>
                  <Check className="size-4 text-accent" aria-hidden />
                </DropdownMenu.ItemIndicator>
              </span>
              <span className="min-w-0 flex-1 truncate">{text}</span>
              {count === undefined ? null : <span className="tabular text-faint text-xs">{count}</span>}
            </DropdownMenu.CheckboxItem>
          ))}
          {chosen.length > 0 ? (
            <>
              <DropdownMenu.Separator className="my-1 h-px bg-line" />
              <DropdownMenu.Item
                onSelect={() => onChoose([])}
                className="cursor-pointer select-none rounded-md px-2 py-1.5 text-muted outline-none data-highlighted:bg-hover"
              >
                Clear
              </DropdownMenu.Item>
            </>
          ) : null}
          {footer}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
