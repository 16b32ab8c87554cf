import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function Overview() {
  return (
    <Page title="Overview">
      <EmptyState title="Parity is not drawn here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
