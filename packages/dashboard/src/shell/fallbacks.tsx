import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { buttonLook } from '../ui/button.tsx'
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../ui/states.tsx'
import { Page } from './page.tsx'

/** While a page is on its way. */
export function PagePending() {
  return (
    <div className="mx-auto w-full max-w-[90rem] px-4 py-5 sm:px-6">
      <Skeleton className="mb-6 h-6 w-40" />
      <SkeletonRows />
    </div>
  )
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Page title="Something is wrong">
      <ErrorState error={error} onRetry={retry} />
    </Page>
  )
}

/** The same where nothing stands around it, since it could not be read who is signed in. */
export function PageFailedAlone(props: ErrorComponentProps) {
  return (
    <main>
      <PageFailed {...props} />
    </main>
  )
}

export function NotFound() {
  return (
    <Page title="Nothing here">
      <EmptyState
        title="There is no page at this address"
        action={
          <Link to="/" className={buttonLook({ kind: 'primary' })}>
            To the overview
          </Link>
        }
      >
        The link may be old, or the thing it is about is out of your reach.
      </EmptyState>
    </Page>
  )
}

/** The same for an address that belongs to no part of the dashboard. */
export function NotFoundAlone() {
  return (
    <main>
      <NotFound />
    </main>
  )
}
