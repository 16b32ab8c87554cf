import type { AccessAnswer, ClerkOffer } from '@trueup/sdk'
import {
  AccessProvider,
  BillingButton,
  type FailedPayment,
  PaymentFailedBanner,
  PricingTable,
  UpgradePrompt,
} from '@trueup/sdk/react'
import theme from '@trueup/sdk/react/theme.css?raw'
import { renderToString } from 'react-dom/server'
import style from '../../page.css?raw'
import { catalogue, featureNames } from './catalogue.ts'

/** What a page is drawn from. */
export interface PageData {
  readonly shown: 'today' | 'archive' | 'billing'
  /** `null`: nobody is signed in. */
  readonly person: {
    /** `null`: no organization is active. */
    readonly organization: string | null
    /** Whether they may manage billing. For looks: Clerk decides it. */
    readonly manages: boolean
  } | null
  readonly access: AccessAnswer | null
  /** Whether the gate of the archive let them pass. */
  readonly isOpen: boolean
  readonly offers: readonly ClerkOffer[]
  readonly unpaid: FailedPayment | null
  /** Where Clerk's pages are. */
  readonly clerkUrl: string
  readonly origin: string
  /** The sandbox's time, where the app runs on one: people can let it pass. */
  readonly sandboxTime: Date | null
}

/** A whole page as HTML. Nothing of it needs a script: buttons are forms, and links are links. */
export function renderPage(data: PageData): string {
  return `<!doctype html>${renderToString(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Reading Room</title>
        <link rel="icon" href="data:," />
        <style>{`${theme}\n${style}`}</style>
      </head>
      <body>{data.person?.organization == null ? <Outside data={data} /> : <Inside data={data} />}</body>
    </html>,
  )}`
}

function Inside({ data }: { readonly data: PageData }) {
  const { access, clerkUrl, origin, person, shown } = data
  return (
    <AccessProvider access={access} plans={catalogue.plans.map(({ id }) => id)}>
      <header>
        <nav aria-label="Pages">
          <a href="/">Today</a> <a href="/archive">Archive</a> <a href="/billing">Billing</a>
        </nav>
        <p>
          {person?.organization} ·{' '}
          <a href={`${clerkUrl}/sign-out?redirect_url=${encodeURIComponent(origin)}`}>Sign out</a>
        </p>
      </header>
      <main>
        <PaymentFailedBanner act="/billing/open" payment={data.unpaid} allowed={person?.manages === true} />
        {shown === 'today' ? <Today /> : null}
        {shown === 'archive' ? <Archive isOpen={data.isOpen} /> : null}
        {shown === 'billing' ? <Billing data={data} /> : null}
      </main>
      {data.sandboxTime ? <SandboxTime now={data.sandboxTime} /> : null}
    </AccessProvider>
  )
}

function Today() {
  return (
    <>
      <h1>Today</h1>
      <p>A short history of the index card.</p>
    </>
  )
}

/** What is paid for. The gate stood at the route: what is closed is not in the page. */
function Archive({ isOpen }: { readonly isOpen: boolean }) {
  return (
    <>
      <h1>Archive</h1>
      {isOpen ? (
        <p>Everything since 1876.</p>
      ) : (
        <UpgradePrompt what="The archive" plan="Reader" href="/billing">
          <p>Read everything that ever came.</p>
        </UpgradePrompt>
      )}
    </>
  )
}

/** Plans as Clerk has them. People choose, pay and cancel where Clerk's own components are. */
function Billing({ data: { access, offers, person } }: { readonly data: PageData }) {
  const allowed = person?.manages === true
  return (
    <>
      <h1>Billing</h1>
      <PricingTable
        offers={offers}
        featureNames={featureNames}
        allowed={allowed}
        act="/billing/open"
        headingLevel={2}
      />
      <h2>Cards and cancellation</h2>
      {access?.endsAt ? <p>{`Your plan ends on ${access.endsAt.toISOString().slice(0, 10)}.`}</p> : null}
      <BillingButton act="/billing/open" allowed={allowed} />
    </>
  )
}

function Outside({ data: { clerkUrl, origin, person } }: { readonly data: PageData }) {
  const back = `redirect_url=${encodeURIComponent(`${origin}/billing`)}`
  return (
    <main>
      <h1>Reading Room</h1>
      {person ? (
        <p>
          <a href={`${clerkUrl}/create-organization?${back}`}>Create an organization</a>
        </p>
      ) : (
        <p>
          <a href={`${clerkUrl}/sign-up?${back}`}>Sign up</a> or{' '}
          <a href={`${clerkUrl}/sign-in?${back}`}>sign in</a>
        </p>
      )}
    </main>
  )
}

function SandboxTime({ now }: { readonly now: Date }) {
  return (
    <footer>
      <form method="post" action="/sandbox/pass">
        <p>
          Sandbox time: {now.toISOString().slice(0, 10)}. Let{' '}
          <label>
            <input name="days" type="number" min={1} max={400} defaultValue={31} /> days
          </label>{' '}
          <button type="submit">pass</button>{' '}
          <label>
            <input name="declined" type="checkbox" value="yes" /> and let cards be declined
          </label>
        </p>
        <p>After a week Clerk asks people to sign in again.</p>
      </form>
    </footer>
  )
}
