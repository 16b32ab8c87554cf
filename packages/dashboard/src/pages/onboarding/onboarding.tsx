import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function Onboarding() {
  return (
    <Page title="Setup">
      <EmptyState title="A project is not set up here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
