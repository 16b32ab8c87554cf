import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function FirstRun() {
  return (
    <Page title="New project">
      <EmptyState title="Projects are not made here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
