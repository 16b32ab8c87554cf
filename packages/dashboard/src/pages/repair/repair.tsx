import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function RepairPage() {
  return (
    <Page title="Repair">
      <EmptyState title="Repairs are not shown here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
