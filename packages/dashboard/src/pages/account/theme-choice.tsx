import { themes, useTheme } from '../../session/theme.ts'
import { Card } from '../../ui/card.tsx'

const names = { system: 'As the system', light: 'Light', dark: 'Dark' } as const

export function ThemeChoice() {
  const [theme, setTheme] = useTheme()
  return (
    <Card title="Theme" description="Kept in this browser.">
      <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
        <legend className="sr-only">Theme</legend>
        {themes.map((one) => (
          <label key={one} className="flex items-center gap-2 text-sm">
            <input
              type="radio"
              name="theme"
              className="size-4 accent-accent-solid"
              checked={theme === one}
              onChange={() => setTheme(one)}
            />
            {names[one]}
          </label>
        ))}
      </fieldset>
    </Card>
  )
}
