import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { useLayer } from './dialog.tsx'

/**
 * A menu under a button.
 *
 * @example
 * <Menu trigger={<Button>More</Button>}><MenuItem onSelect={...}>Ignore</MenuItem></Menu>
 */
export function Menu({
  trigger,
  align = 'end',
  className,
  children,
}: {
  /** The button that opens it. */
  readonly trigger: ReactNode
  readonly align?: 'start' | 'end'
  readonly className?: string
  readonly children: ReactNode
}) {
  const layer = useLayer()
  return (
    // A modal one keeps the page from scrolling with a style in the page, which the content security policy refuses.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={layer}>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={cx(
            'z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg border border-line bg-raised p-1 text-sm text-text shadow-raised',
            className,
          )}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function MenuItem({
  icon,
  keys,
  unless,
  isDanger = false,
  onSelect,
  children,
}: {
  readonly icon?: ReactNode
  /** The keys that do the same, as they are shown. */
  readonly keys?: string
  /** Why it cannot be chosen. */
  readonly unless?: string | null | false | undefined
  readonly isDanger?: boolean
  readonly onSelect: () => void
  readonly children: ReactNode
}) {
  return (
    <DropdownMenu.Item
      className={cx(
        'flex cursor-pointer select-none items-center gap-2 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-hover data-disabled:cursor-not-allowed data-disabled:text-faint [&_svg]:size-4 [&_svg]:shrink-0',
        isDanger && 'text-danger',
      )}
      aria-disabled={unless ? true : undefined}
      onSelect={(event) => {
        if (unless) event.preventDefault()
        else onSelect()
      }}
    >
      {icon}
      <span className="min-w-0 flex-1">
        <span className={cx('block truncate', unless && 'text-faint')}>{children}</span>
        {unless ? <span className="block text-faint text-xs">{unless}</span> : null}
      </span>
      {keys ? <Keys keys={keys} /> : null}
    </DropdownMenu.Item>
  )
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 py-1.5 text-faint text-xs">{children}</DropdownMenu.Label>
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />
}

/** Keys of the keyboard, as `g i` or `Ctrl K`. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className="flex gap-0.5">
      {keys.split(' ').map((key, place) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: the same key may stand twice
          key={place}
          className="min-w-5 rounded-sm border border-line bg-sunken px-1 text-center font-sans text-muted text-xs"
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
