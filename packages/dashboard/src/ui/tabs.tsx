import { Tabs as Radix } from 'radix-ui'
import { type ReactNode, useEffect, useRef } from 'react'
import { cx } from './cx.ts'

export interface Tab<Name extends string> {
  readonly name: Name
  readonly label: ReactNode
  readonly content: ReactNode
}

/**
 * Views of one thing, of which one is shown. Arrow keys go between them.
 *
 * @example
 * <Tabs label="Access-state source" value={tab} onChange={setTab} tabs={[{ name: 'clerk', label: 'Clerk', content: … }]} />
 */
export function Tabs<Name extends string>({
  label,
  tabs,
  value,
  onChange,
  className,
}: {
  readonly label: string
  readonly tabs: readonly Tab<Name>[]
  readonly value: Name
  readonly onChange: (name: Name) => void
  readonly className?: string
}) {
  const list = useRef<HTMLDivElement>(null)
  // On a narrow page the list scrolls: the one that is chosen is to be seen in it.
  useEffect(() => {
    const element = list.current
    if (!element) return
    const sizes = new ResizeObserver(() => {
      const chosen = element.querySelector<HTMLElement>(`[role="tab"][data-name="${CSS.escape(value)}"]`)
      if (chosen) element.scrollLeft = chosen.offsetLeft - (element.clientWidth - chosen.clientWidth) / 2
    })
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [value])
  return (
    <Radix.Root value={value} onValueChange={(name) => onChange(name as Name)} className={className}>
      <Radix.List
        ref={list}
        aria-label={label}
        className="relative flex gap-4 overflow-x-auto border-line border-b"
      >
        {tabs.map(({ name, label: text }) => (
          <Radix.Trigger
            key={name}
            value={name}
            data-name={name}
            className="-mb-px whitespace-nowrap border-transparent border-b-2 px-0.5 py-2 font-medium text-muted text-sm hover:text-text focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:text-text"
          >
            {text}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ name, content }) => (
        <Radix.Content key={name} value={name} className={cx('pt-4')}>
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
