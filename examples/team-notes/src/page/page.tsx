import { AccessProvider, BillingButton, PaymentFailedBanner, PricingTable } from '@trueup/sdk/react'
import { useCallback } from 'react'
import { featureNames } from '../catalogue.ts'
import { Notes } from './notes.tsx'
import type { PageData } from './page-data.ts'
import { Reports } from './reports.tsx'
import { goTo, send } from './send.ts'

/** The whole app, on the server and in the browser. */
export function Page({ data }: { readonly data: PageData }) {
  const { clerkUrl, person } = data
  const load = useCallback(() => send(clerkUrl, '/api/access'), [clerkUrl])
  if (person?.organizationId == null) return <Outside data={data} />
  return (
    <AccessProvider access={data.access} load={load} plans={data.plans}>
      <header>
        <nav aria-label="Pages">
          <a href="/">Notes</a>
          <a href="/reports">Reports</a>
          <a href="/billing">Billing</a>
        </nav>
        <p>
          {person.organization} ·{' '}
          <a href={`${clerkUrl}/sign-out?redirect_url=${encodeURIComponent(data.origin)}`}>Sign out</a>
        </p>
      </header>
      <main>
        {data.notice === null ? null : <p role="status">{data.notice}</p>}
        <PaymentFailedBanner
          act={() => goTo(clerkUrl, '/api/portal', { flow: 'payment-method' })}
          payment={data.failedPayment}
          allowed={person.manages}
        />
        {data.page === 'notes' ? <Notes data={data} /> : null}
        {data.page === 'reports' ? <Reports data={data} /> : null}
        {data.page === 'billing' ? <BillingPage data={data} manages={person.manages} /> : null}
      </main>
      {data.sandboxTime === null ? null : <SandboxTime now={data.sandboxTime} />}
    </AccessProvider>
  )
}

function BillingPage({ data, manages }: { readonly data: PageData; readonly manages: boolean }) {
  const { clerkUrl } = data
  return (
    <>
      <h1>Billing</h1>
      <h2>Plans</h2>
      <PricingTable
        offers={data.offers}
        featureNames={featureNames}
        allowed={manages}
        act={(choice) => goTo(clerkUrl, '/api/checkout', choice)}
      />
      <h2>Invoices, cards, cancellation</h2>
      <BillingButton act={() => goTo(clerkUrl, '/api/portal', {})} allowed={manages} />
    </>
  )
}

function Outside({ data: { clerkUrl, origin, person } }: { readonly data: PageData }) {
  const back = `redirect_url=${encodeURIComponent(`${origin}/billing`)}`
  return (
    <main>
      <h1>Team Notes</h1>
      {person === null ? (
        <>
          <p>Notes for teams.</p>
          <p>
            <a href={`${clerkUrl}/sign-up?${back}`}>Sign up</a> or{' '}
            <a href={`${clerkUrl}/sign-in?${back}`}>sign in</a>
          </p>
        </>
      ) : (
        <p>
          <a href={`${clerkUrl}/create-organization?${back}`}>Create an organization</a>
        </p>
      )}
    </main>
  )
}

function SandboxTime({ now }: { readonly now: string }) {
  return (
    <footer>
      <form method="post" action="/sandbox/pass">
        <p>
          Sandbox time: {now.slice(0, 10)}. Let{' '}
          <label>
            <input name="days" type="number" min={1} max={400} defaultValue={31} /> days
          </label>{' '}
          <button type="submit">pass</button>{' '}
          <label>
            <input name="declined" type="checkbox" value="yes" /> and have the cards that there are declined
          </label>
        </p>
        <p>After a week Clerk asks people to sign in again.</p>
      </form>
    </footer>
  )
}
