import { cx } from './cx.ts'

/**
 * Text that somebody else wrote: a name, an address, a value of a field. It is text and never markup, cannot turn the
 * text around it (right-to-left marks stay inside), and is cut where it is too long; the whole stands in its hint.
 */
export function Untrusted({
  text,
  maxLength = 200,
  isMono = false,
  isWhole = false,
  className,
}: {
  readonly text: string
  readonly maxLength?: number
  readonly isMono?: boolean
  /** Goes over as many lines as it needs, up to `maxLength`. */
  readonly isWhole?: boolean
  readonly className?: string
}) {
  const shown = visible(text)
  const cut = shown.length > maxLength ? `${[...shown.slice(0, maxLength)].join('')}…` : shown
  return (
    <bdi
      title={isWhole && cut === shown ? undefined : shown.slice(0, 2_000)}
      className={cx(
        isWhole ? 'break-words' : 'inline-block max-w-full truncate align-bottom',
        isMono && 'font-mono text-[max(0.92em,0.75rem)]',
        className,
      )}
    >
      {cut === '' ? '∅' : cut}
    </bdi>
  )
}

/** Control characters and marks of direction as a sign that can be seen, so that no two texts look the same unseen. */
export function visible(text: string): string {
  return text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (sign) => (joiners.has(sign) ? sign : '␣'))
}

/** They make one sign out of several, in emoji and in scripts of India and Arabia. */
const joiners = new Set(['\u200c', '\u200d'])
