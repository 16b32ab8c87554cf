import { useEffect } from 'react'

/** What a key does; one that begins with `g ` is pressed after `g`. */
export type Shortcuts = Readonly<Record<string, () => void>>

const patienceMs = 1_200

/**
 * Keys of the page. They do nothing while somebody types, or while a dialog is open.
 *
 * @example
 * useShortcuts({ 'g o': () => navigate(...), '?': () => setOpen(true) })
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    let before: { readonly key: string; readonly at: number } | null = null
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      if (document.querySelector('dialog[open]')) return
      const isSecond = before !== null && event.timeStamp - before.at < patienceMs
      const act = (isSecond && shortcuts[`${before?.key} ${event.key}`]) || shortcuts[event.key]
      before = { key: event.key, at: event.timeStamp }
      if (!act) return
      event.preventDefault()
      before = null
      act()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [shortcuts])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
