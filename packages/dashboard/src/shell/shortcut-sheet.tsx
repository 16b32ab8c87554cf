import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/menu.tsx'
import { projectPages } from './page-list.ts'

const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['Ctrl K', 'Search and commands'],
      ['/', 'Search and commands'],
      ['?', 'This sheet'],
      ['Esc', 'Close what is open'],
    ],
  ],
  [
    'In a table',
    [
      ['j', 'Next row'],
      ['k', 'Row before'],
      ['Enter', 'Open the row'],
      ['x', 'Select the row'],
    ],
  ],
  ['Go to', projectPages.map(({ key, name }) => [`g ${key}`, name])],
]

/** The keys of the dashboard. */
export function ShortcutSheet({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Shortcuts of the keyboard" size="normal">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map(([name, keys]) => (
          <section key={name}>
            <h3 className="mb-2 font-medium text-muted text-sm">{name}</h3>
            <dl className="space-y-1.5 text-sm">
              {keys.map(([key, what]) => (
                <div key={key} className="flex items-center justify-between gap-4">
                  <dt>{what}</dt>
                  <dd>
                    <Keys keys={key} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
