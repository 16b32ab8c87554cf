import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function CustomerPage() {
  return (
    <Page title="Customer">
      <EmptyState title="Customers are not shown here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
