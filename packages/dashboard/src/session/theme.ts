import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'trueup.theme'
const listeners = new Set<() => void>()

function kept(): Theme {
  const theme = localStorage.getItem(key)
  return themes.find((one) => one === theme) ?? 'system'
}

/** Shows the page as it was chosen in this browser; with nothing chosen, as the system is. */
export function applyTheme(theme: Theme = kept()): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, kept)
  return [
    theme,
    (next) => {
      localStorage.setItem(key, next)
      applyTheme(next)
      for (const listener of listeners) listener()
    },
  ]
}
