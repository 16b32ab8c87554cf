import { ArrowDown } from 'lucide-react'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { readDraft } from '../onboarding/draft.ts'
import { policySentences, valuesOf } from './policy-values.ts'

/** The policy and the catalogue that hold, in plain words. */
export function InForce({ document }: { readonly document: unknown }) {
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card title="Policy" description="What was decided where billing leaves room.">
        <dl className="divide-y divide-line text-sm">
          {policySentences(valuesOf(document)).map(([about, words]) => (
            <div key={about} className="py-2.5 first:pt-0 last:pb-0 sm:grid sm:grid-cols-[9rem_1fr] sm:gap-3">
              <dt className="font-medium">{about}</dt>
              <dd className="text-muted">{words}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Catalogue document={document} />
    </div>
  )
}

interface Offer {
  readonly id: string
  readonly prices: readonly string[]
  readonly products: readonly string[]
  readonly lifetime: readonly string[]
  readonly values: readonly string[]
  readonly entitlements: readonly string[]
  readonly seats: string | number | null
}

function Catalogue({ document }: { readonly document: unknown }) {
  const catalogue = readDraft(document)?.catalogue
  const plans = (catalogue?.plans ?? []).map(offerOf)
  const addOns = listOf(catalogue?.addOns).map(offerOf)
  const packs = listOf(catalogue?.seatPacks).map(offerOf)
  return (
    <Card
      title="Catalogue"
      description="What is sold, the lowest plan first. The first is what everybody has."
    >
      <ol className="flex flex-col text-sm">
        {plans.map((plan, place) => (
          <li key={plan.id}>
            {place > 0 ? <ArrowDown className="mx-3 my-1 size-4 text-faint" aria-hidden /> : null}
            <OfferLine offer={plan} badge={place === 0 ? 'everybody has it' : null} />
          </li>
        ))}
      </ol>
      {addOns.length + packs.length > 0 ? (
        <ul className="mt-4 flex flex-col gap-2 border-line border-t pt-4 text-sm">
          {addOns.map((offer) => (
            <li key={offer.id}>
              <OfferLine offer={offer} badge="add-on" />
            </li>
          ))}
          {packs.map((offer) => (
            <li key={offer.id}>
              <OfferLine offer={offer} badge="seats" />
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  )
}

function OfferLine({ offer, badge }: { readonly offer: Offer; readonly badge: string | null }) {
  const { id, prices, products, lifetime, values, entitlements, seats } = offer
  const lines = [
    ['Prices', [...prices, ...products, ...lifetime.map((price) => `${price} (once, for good)`)]],
    ['Written by the app as', values],
    ['Features', entitlements],
  ] as const
  return (
    <div className="rounded-md border border-line px-3 py-2">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        <Untrusted text={id} />
        {badge ? <Badge>{badge}</Badge> : null}
        {seats === null ? null : (
          <Badge tone="info">{seats === 'quantity' ? 'seats as bought' : `${seats} seats`}</Badge>
        )}
      </p>
      {lines.map(([name, list]) =>
        list.length === 0 ? null : (
          <p key={name} className="mt-1 text-muted">
            {name}:{' '}
            {list.map((text, place) => (
              <span key={text}>
                {place > 0 ? ', ' : ''}
                <Untrusted text={text} isMono isWhole />
              </span>
            ))}
          </p>
        ),
      )}
    </div>
  )
}

function offerOf(given: unknown): Offer {
  const offer = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}
  const { seats = null } = offer
  return {
    id: String(offer.id ?? ''),
    prices: textsOf(offer.prices),
    products: textsOf(offer.products),
    lifetime: textsOf(offer.lifetime),
    values: textsOf(offer.values),
    entitlements: textsOf(offer.entitlements),
    seats:
      typeof offer.seatsEach === 'number'
        ? offer.seatsEach
        : typeof seats === 'number' || typeof seats === 'string'
          ? seats
          : null,
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).map(String)
}
