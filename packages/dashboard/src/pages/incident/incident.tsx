import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function IncidentPage() {
  return (
    <Page title="Incident">
      <EmptyState title="Incidents are not shown here yet">
        The API and the command line show it: see the reference in the docs.
      </EmptyState>
    </Page>
  )
}
