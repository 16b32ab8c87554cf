import type { Incident, RepairPlan, RepairRequest } from '@trueup/core'

/** A repair in Clerk that a person makes: what, where, and how it is looked at afterwards. */
export interface GuidedClerkRepair {
  readonly subject: { readonly type: 'user' | 'organization'; readonly id: string }
  /** One line a field. */
  readonly fields: readonly {
    readonly field: string
    readonly before: string | null
    readonly expected: unknown
  }[]
  /** In Clerk's dashboard. */
  readonly link: string | null
  /** One after the other. The key is a variable of the shell: it never stands here. */
  readonly requests: readonly (RepairRequest & { readonly curl: string })[]
  /** What to ask of this API when it is done. */
  readonly checkAgain: { readonly method: 'POST'; readonly path: string; readonly customer: string }
}

/** The variable of the shell that stands in place of the secret key. */
const keyVariable = 'CLERK_SECRET_KEY'

/** The guided repair of an incident in Clerk; `null`: its plan changes nothing there. */
export function guidedClerkRepair(
  incident: Incident,
  { request, furtherRequests, changes, link }: RepairPlan,
  projectId: string,
): GuidedClerkRepair | null {
  const { subject } = incident
  if (!subject || !request) return null
  const customer = `${subject.type}:${subject.id}`
  return {
    subject,
    fields: changes
      .filter(({ source }) => source === 'clerk')
      .map(({ field, before, after }) => ({ field, before, expected: after })),
    link,
    requests: [request, ...furtherRequests].map((each) => ({ ...each, curl: curlOf(each) })),
    checkAgain: {
      method: 'POST',
      path: `/api/v1/projects/${encodeURIComponent(projectId)}/customers/${encodeURIComponent(customer)}/check`,
      customer,
    },
  }
}

/**
 * A request as it is pasted into a shell. Values of the app stand inside single quotes, and no value can end them.
 *
 * @example
 * curlOf({ method: 'PATCH', url: 'https://api.clerk.com/v1/users/user_1/metadata', body: '{}' })
 */
export function curlOf({ method, url, body }: RepairRequest): string {
  return [
    `curl -X ${method} ${quoted(url)}`,
    `  -H "Authorization: Bearer $${keyVariable}"`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(body)}`,
  ].join(' \\\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
