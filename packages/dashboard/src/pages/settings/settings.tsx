import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function Settings() {
  return (
    <Page title="Settings">
      <EmptyState title="Settings are not shown here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
