import { Card, Facts } from '../../ui/card.tsx'
import { Money } from '../../ui/money.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { lostSoFar } from './lost-so-far.ts'
import { hurtsWords, type Incident } from './words.ts'

/** What an incident costs, and whom. */
export function MoneyCard({ incident }: { readonly incident: Incident }) {
  const { moneyAtRisk, moneyNote, hurts, state } = incident
  const lost = lostSoFar(incident, new Date())
  const isOver = state === 'resolved' || state === 'ignored'
  return (
    <Card title="Money">
      {moneyAtRisk ? (
        <p className="mb-3">
          <Money {...moneyAtRisk} className="font-semibold text-2xl tracking-tight" />
          <span className="ml-1.5 text-muted text-sm">a month {isOver ? 'was at risk' : 'at risk'}</span>
        </p>
      ) : (
        <p className="mb-3 text-muted text-sm">No sum can be named.</p>
      )}
      <Facts
        facts={[
          ['Hurts', hurtsWords[hurts]],
          ...(lost
            ? ([
                [
                  hurts === 'customer' ? 'Paid so far for nothing' : 'Lost so far',
                  <Money key="lost" {...lost} />,
                ],
              ] as const)
            : []),
          ...(moneyNote ? ([['Note', <Untrusted key="note" text={moneyNote} isWhole />]] as const) : []),
        ]}
      />
    </Card>
  )
}
