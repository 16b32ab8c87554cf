import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function WorkspaceRecord() {
  return (
    <Page title="Record">
      <EmptyState title="The record is not shown here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
