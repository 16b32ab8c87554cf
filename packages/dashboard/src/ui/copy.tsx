import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'
import { cx } from './cx.ts'

/** Copies a text, and says that it did. */
export function CopyButton({
  text,
  label = 'Copy',
  isIcon = false,
  size = 'small',
}: {
  readonly text: string
  readonly label?: string
  readonly isIcon?: boolean
  readonly size?: 'small' | 'normal'
}) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2_000)
  }
  const Icon = isCopied ? Check : Copy
  return (
    <>
      <Button
        size={size}
        kind={isIcon ? 'quiet' : 'plain'}
        icon={<Icon className={cx(isCopied && 'text-success')} aria-hidden />}
        {...(isIcon ? { label } : {})}
        onClick={() => void copy()}
      >
        {isIcon ? undefined : isCopied ? 'Copied' : label}
      </Button>
      <span aria-live="polite" className="sr-only">
        {isCopied ? 'Copied' : ''}
      </span>
    </>
  )
}

/** A page over plain HTTP has no clipboard of its own. */
async function writeText(text: string): Promise<void> {
  if (navigator.clipboard) return await navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  const layer = document.querySelector('dialog[open]') ?? document.body
  layer.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

/** Text to copy as it stands: SQL, a request, a command. */
export function CodeBlock({
  code,
  label,
  className,
}: {
  readonly code: string
  /** What it is, for those who hear it. */
  readonly label: string
  readonly className?: string
}) {
  return (
    <div className={cx('relative overflow-hidden rounded-md border border-line bg-sunken', className)}>
      <div className="absolute top-1.5 right-1.5 rounded-md bg-sunken">
        <CopyButton text={code} label={`Copy ${label}`} isIcon />
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        tabIndex={0}
        aria-label={label}
        className="overflow-x-auto p-3 pr-12 outline-offset-[-2px]"
      >
        <pre className="font-mono text-xs leading-5">
          <code>{code}</code>
        </pre>
      </section>
    </div>
  )
}
