import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function Webhooks() {
  return (
    <Page title="Webhooks">
      <EmptyState title="Webhooks are not listed here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
