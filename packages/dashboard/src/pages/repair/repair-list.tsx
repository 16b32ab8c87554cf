import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function RepairList() {
  return (
    <Page title="Repairs">
      <EmptyState title="Repairs are not listed here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
