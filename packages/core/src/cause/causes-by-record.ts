import type { CauseCandidate, CauseLine } from './cause.ts'
import type { CauseEvidence, ConfigChange, MarkedDeploy } from './cause-evidence.ts'

const dayMs = 86_400_000
/** From so many on, one cause is likelier than as many. */
const manyAlike = 3

/** The drift is that the price has no mapping, so this follows from what it is. */
export function priceWithoutMapping({ incident, openedAt }: CauseEvidence): CauseCandidate | null {
  if (incident.kind !== 'price-unmapped') return null
  const price = incident.identity.on
  return {
    kind: 'price-without-mapping',
    on: price,
    confidence: 'certain',
    evidence: [
      {
        fact: 'price-sold',
        at: openedAt,
        text: `${price} was read on live subscriptions, and no plan, add-on or seat pack names it.`,
        object: price,
      },
    ],
  }
}

/**
 * The configuration changed between the last check that did not find the drift and the one that did. Sure where the
 * change took out what the incident stands on; likely where neither side changed since, or where it shows in many;
 * possible where a side is not known to have stayed. Where a side did change, that is the nearer cause.
 */
export function changeInConfig(evidence: CauseEvidence): CauseCandidate | null {
  const { inOrderAt, openedAt, billingChangedAt, appChanged, events } = evidence
  const since = evidence.configChanges.filter(
    (one) =>
      one.at <= openedAt &&
      (one.tookOut || (inOrderAt !== null && one.at > inOrderAt && concerns(one, evidence))),
  )
  const change = since.find(({ tookOut }) => tookOut) ?? newest(since)
  if (!change) return null
  const lines = [...configLines(change), ...alikeLines(evidence)]
  const candidate = { kind: 'config-change', on: `version ${change.version}`, evidence: lines } as const
  if (change.tookOut) return { ...candidate, confidence: 'certain' }
  if (!hasReading(evidence)) return { ...candidate, confidence: 'likely' }
  const isSince = (at: Date | null | undefined) => Boolean(at && inOrderAt && at > inOrderAt)
  const hasMoved =
    isSince(billingChangedAt) || isSince(appChanged?.at) || events.some(({ createdAt }) => isSince(createdAt))
  if (isMany(evidence)) return { ...candidate, confidence: hasMoved ? 'possible' : 'likely' }
  if (hasMoved) return null
  return { ...candidate, confidence: appChanged && billingChangedAt ? 'likely' : 'possible' }
}

/**
 * A deploy that came before what went wrong, after all was in order. By itself it is possible; where many drift alike
 * since, and did not before, it is likely.
 */
export function deployBefore(evidence: CauseEvidence): CauseCandidate | null {
  const { deploys, inOrderAt, openedAt } = evidence
  const from = inOrderAt ?? new Date(openedAt.getTime() - dayMs)
  const until = wentWrongAt(evidence) ?? openedAt
  const deploy = newest(deploys.filter(({ at }) => at > from && at <= until))
  if (!deploy) return null
  return {
    kind: 'deploy',
    on: `${deploy.version} of ${deploy.at.toISOString().slice(0, 16)}Z`,
    confidence: inOrderAt && isMany(evidence) ? 'likely' : 'possible',
    evidence: [...deployLines(deploy), ...alikeLines(evidence)],
  }
}

/** What a price or a value of a plan means is for the catalogue and the mapping to say, and not for the policy. */
function concerns({ parts }: ConfigChange, { incident: { kind } }: CauseEvidence): boolean {
  if (kind !== 'price-unmapped' && kind !== 'plan-unknown') return true
  return parts.includes('catalogue') || parts.includes('mapping')
}

/** When the last of both sides changed since all was in order; `null`: neither is known to have. */
function wentWrongAt({ inOrderAt, billingChangedAt, appChanged, events }: CauseEvidence): Date | null {
  const moments = [billingChangedAt, appChanged?.at ?? null, ...events.map(({ createdAt }) => createdAt)]
  const since = moments.filter((at) => at !== null && (inOrderAt === null || at > inOrderAt)) as Date[]
  return since.length === 0 ? null : new Date(Math.max(...since.map((at) => at.getTime())))
}

/** What is one for many has no sides of its own that could have changed. */
function hasReading({ incident }: CauseEvidence): boolean {
  return incident.subject !== null || incident.customerId !== null
}

function isMany({ alike }: CauseEvidence): boolean {
  return alike.since >= manyAlike && alike.since >= manyAlike * alike.before
}

function newest<Line extends { readonly at: Date }>(lines: readonly Line[]): Line | null {
  return lines.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0] ?? null
}

function configLines({ version, at, by, parts, tookOut }: ConfigChange): readonly CauseLine[] {
  const what = parts.length === 0 ? 'Something' : `The ${parts.join(', the ')}`
  return [
    {
      fact: 'config-changed',
      at,
      text: `${what} changed with version ${version}, by ${by}.${tookOut ? ' It took out what the incident stands on.' : ''}`,
      object: `${version}`,
    },
  ]
}

function deployLines({ id, version, at, by }: MarkedDeploy): readonly CauseLine[] {
  return [{ fact: 'deploy', at, text: `${version} was deployed, as ${by} marked.`, object: id }]
}

function alikeLines(evidence: CauseEvidence): readonly CauseLine[] {
  const { since, before } = evidence.alike
  if (!isMany(evidence)) return []
  const text = `${since} incidents of this kind opened since it was in order, and ${before} in as long a time before.`
  return [{ fact: 'many-alike', at: null, text, object: null }]
}
