import type {
  AccessSource,
  ClerkFieldSample,
  ClerkMapping,
  ConnectionFinding,
  SubjectType,
} from '@trueup/core'
import { nearestWord } from '../config/nearest-word.ts'

const sampleCount = 100

/** Whether the mapped metadata fields occur on the most recent subjects. */
export async function readMappingFindings(
  access: AccessSource,
  mappings: Readonly<Partial<Record<SubjectType, ClerkMapping>>>,
): Promise<readonly ConnectionFinding[]> {
  const findings: ConnectionFinding[] = []
  for (const [type, mapping] of Object.entries(mappings)) {
    const fields = await access.sample(type === 'user' ? 'user' : 'organization', sampleCount)
    for (const path of pathsOf(mapping)) findings.push(fieldFinding(`${type}s`, path, fields))
  }
  return findings
}

function pathsOf(mapping: ClerkMapping): readonly string[] {
  const { customerId, plan, premium, trialEndsAt, entitlements, seats } = mapping
  return [customerId, plan, premium, trialEndsAt, entitlements, seats].flatMap((place) =>
    place === null || typeof place === 'string' ? [] : [place.text],
  )
}

function fieldFinding(who: string, path: string, fields: readonly ClerkFieldSample[]): ConnectionFinding {
  // An object, such as one of features, shows only as the fields in it.
  const inside = fields.filter((field) => field.path === path || field.path.startsWith(`${path}.`))
  const seen = Math.max(0, ...inside.map((field) => field.seen))
  const sampled = fields[0]?.sampled ?? 0
  if (seen > 0)
    return { name: path, state: 'ok', found: `on ${seen} of the ${sampled} latest ${who}`, fix: null }
  const nearest = nearestPath(
    path,
    fields.map((field) => field.path),
  )
  return {
    name: path,
    state: 'warning',
    found:
      sampled > 0 ? `on none of the ${sampled} latest ${who}` : `none of the latest ${who} has any metadata`,
    fix: nearest
      ? `Did you mean ${nearest}?`
      : 'Check the path in the configuration, and that your app writes it.',
  }
}

/** The path whose key was probably meant. Containers are alike and would make every path near. */
function nearestPath(path: string, known: readonly string[]): string | null {
  const keyOf = (text: string) => text.slice(text.indexOf('.') + 1)
  const key = nearestWord(keyOf(path), known.map(keyOf))
  return known.find((candidate) => keyOf(candidate) === key) ?? null
}
