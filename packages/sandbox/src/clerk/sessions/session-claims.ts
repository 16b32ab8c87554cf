import { randomBytes } from 'node:crypto'
import { systemClock } from '../../server/clock.ts'
import type { ClerkSession, ClerkSubscriptionItem, JsonObject } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'

/** Where the sandbox's tokens say they come from. */
export const issuer = 'https://sandbox.clerk.accounts.dev'

/**
 * The claims of a session token, version 2 (https://clerk.com/docs/guides/sessions/session-tokens). Plans and features
 * come from Clerk Billing alone: an app that bills through Stripe itself has neither `pla` nor `fea` for its plans.
 *
 * @param origin The app's, for the claim `azp`, where a browser asks; a server that asks has none.
 */
export function sessionClaims(
  state: ClerkState,
  session: ClerkSession,
  lifeSeconds: number,
  origin: string | null = null,
): JsonObject {
  const now = state.now()
  // Whoever checks a token does so by the machine's clock, even where the world's is moved.
  const seconds = Math.floor(systemClock.now().getTime() / 1000)
  const organizationId = session.last_active_organization_id
  const membership = organizationId === null ? undefined : state.membership(organizationId, session.user_id)
  const organization =
    membership === undefined ? undefined : state.organizations.get(membership.organization_id)
  const userItems = state.billing.live(session.user_id, now)
  const organizationItems = organization === undefined ? [] : state.billing.live(organization.id, now)
  const permissions = customPermissions(state, membership?.role)
  const features = [
    ...new Set([...featuresOf(organizationItems), ...permissions.map(({ feature }) => feature)]),
  ]
  const fea = [...features.map((slug) => `o:${slug}`), ...featuresOf(userItems).map((slug) => `u:${slug}`)]
  const pla =
    organization === undefined
      ? planOf('u', userItems)
      : (planOf('o', organizationItems) ?? planOf('u', userItems))
  return {
    v: 2,
    iss: issuer,
    sub: session.user_id,
    sid: session.id,
    iat: seconds,
    nbf: seconds - 10,
    exp: seconds + lifeSeconds,
    ...(origin !== null && { azp: origin }),
    jti: randomBytes(10).toString('hex'),
    sts: session.status === 'pending' ? 'pending' : 'active',
    fva: [Math.floor((now - session.created_at) / 60_000), -1],
    ...(fea.length > 0 && { fea: fea.join(',') }),
    ...(pla !== null && { pla }),
    ...(organization !== undefined &&
      membership !== undefined && {
        o: {
          id: organization.id,
          slg: organization.slug,
          rol: membership.role.replace(/^org:/, ''),
          ...permissionMap(features, permissions),
        },
      }),
  }
}

interface FeaturePermission {
  readonly feature: string
  readonly permission: string
}

/** A role's own permissions, taken apart; system permissions never stand in a token. */
function customPermissions(state: ClerkState, roleKey: string | undefined): readonly FeaturePermission[] {
  const role = roleKey === undefined ? undefined : state.role(roleKey)
  return (role?.permissions ?? []).flatMap(({ key, type }) => {
    const [, feature, permission] = key.split(':')
    return type === 'system' || feature === undefined || permission === undefined
      ? []
      : [{ feature, permission }]
  })
}

/** `per` names the permissions; `fpm[i]` is a bit mask of them, lowest bit first, for the i-th organization feature. */
function permissionMap(features: readonly string[], permissions: readonly FeaturePermission[]): JsonObject {
  if (permissions.length === 0) return {}
  const names = [...new Set(permissions.map(({ permission }) => permission))]
  const masks = features.map((slug) =>
    permissions
      .filter(({ feature }) => feature === slug)
      .reduce((mask, { permission }) => mask | (1 << names.indexOf(permission)), 0),
  )
  return { per: names.join(','), fpm: masks.join(',') }
}

function featuresOf(items: readonly ClerkSubscriptionItem[]): readonly string[] {
  return [...new Set(items.flatMap(({ plan }) => plan.features.map(({ slug }) => slug)))]
}

function planOf(scope: 'o' | 'u', items: readonly ClerkSubscriptionItem[]): string | null {
  const item = items.find(({ plan }) => !plan.is_default) ?? items[0]
  return item === undefined ? null : `${scope}:${item.plan.slug}`
}
