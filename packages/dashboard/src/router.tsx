import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { isSignedOut } from './api/call.ts'
import { ApiProblem } from './api/problem.ts'
import { meQuery, projectsQuery } from './session/me.ts'
import { lastProject, rememberProject } from './session/project.ts'
import { NotFound, NotFoundAlone, PageFailed, PageFailedAlone, PagePending } from './shell/fallbacks.tsx'
import { Toasts } from './ui/toast.tsx'

const root = createRootRouteWithContext<{ readonly client: QueryClient }>()({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: NotFoundAlone,
})

/* Pages for those who are not signed in. */

const outside = createRoute({
  getParentRoute: () => root,
  id: 'outside',
  component: lazyRouteComponent(() => import('./pages/sign-in/frame.tsx'), 'Frame'),
})
const signIn = createRoute({
  getParentRoute: () => outside,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { readonly to?: string; readonly error?: string } => ({
    ...(typeof search.to === 'string' ? { to: search.to } : {}),
    ...(typeof search.error === 'string' ? { error: search.error } : {}),
  }),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in.tsx'), 'SignIn'),
})
const signUp = createRoute({
  getParentRoute: () => outside,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-up.tsx'), 'SignUp'),
})
const invite = createRoute({
  getParentRoute: () => outside,
  path: '/invite',
  component: lazyRouteComponent(() => import('./pages/sign-in/invite.tsx'), 'Invite'),
})
const resetPassword = createRoute({
  getParentRoute: () => outside,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./pages/sign-in/reset-password.tsx'), 'ResetPassword'),
})

/* Pages behind the sign-in. */

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  async beforeLoad({ context: { client }, location }) {
    try {
      await Promise.all([client.ensureQueryData(meQuery), client.ensureQueryData(projectsQuery)])
    } catch (error) {
      if (!(error instanceof ApiProblem && isSignedOut(error))) throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
    }
  },
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'Shell'),
  errorComponent: PageFailedAlone,
})
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  async beforeLoad({ context: { client } }) {
    const { items } = await client.ensureQueryData(projectsQuery)
    const last = lastProject()
    const project = items.find(({ id }) => id === last) ?? items[0]
    if (!project) throw redirect({ to: '/first-run' })
    throw redirect({ to: '/projects/$projectId/overview', params: { projectId: project.id } })
  },
})
const firstRun = createRoute({
  getParentRoute: () => inside,
  path: '/first-run',
  component: lazyRouteComponent(() => import('./pages/first-run/first-run.tsx'), 'FirstRun'),
})
const account = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/account/account.tsx'), 'Account'),
})

const members = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces/$workspaceId/members',
  component: lazyRouteComponent(() => import('./pages/workspace/members.tsx'), 'Members'),
})
const keys = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces/$workspaceId/keys',
  component: lazyRouteComponent(() => import('./pages/workspace/keys.tsx'), 'Keys'),
})
const record = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces/$workspaceId/record',
  component: lazyRouteComponent(() => import('./pages/workspace/record.tsx'), 'WorkspaceRecord'),
})

/* Pages of a project. What stands behind `?` in their addresses they read and write themselves. */

const project = createRoute({
  getParentRoute: () => inside,
  path: '/projects/$projectId',
  beforeLoad: ({ params }) => rememberProject(params.projectId),
})
const projectHome = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/projects/$projectId/overview', params })
  },
})
const overview = createRoute({
  getParentRoute: () => project,
  path: '/overview',
  component: lazyRouteComponent(() => import('./pages/overview/overview.tsx'), 'Overview'),
})
const incidents = createRoute({
  getParentRoute: () => project,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./pages/incident/incident-list.tsx'), 'IncidentList'),
})
const incident = createRoute({
  getParentRoute: () => project,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('./pages/incident/incident.tsx'), 'IncidentPage'),
})
const customers = createRoute({
  getParentRoute: () => project,
  path: '/customers',
  component: lazyRouteComponent(() => import('./pages/customer/customer-list.tsx'), 'CustomerList'),
})
const customer = createRoute({
  getParentRoute: () => project,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('./pages/customer/customer.tsx'), 'CustomerPage'),
})
const repairs = createRoute({
  getParentRoute: () => project,
  path: '/repairs',
  component: lazyRouteComponent(() => import('./pages/repair/repair-list.tsx'), 'RepairList'),
})
const repair = createRoute({
  getParentRoute: () => project,
  path: '/repairs/$repairId',
  component: lazyRouteComponent(() => import('./pages/repair/repair.tsx'), 'RepairPage'),
})
const ledger = createRoute({
  getParentRoute: () => project,
  path: '/ledger',
  component: lazyRouteComponent(() => import('./pages/ledger/ledger.tsx'), 'Ledger'),
})
const checks = createRoute({
  getParentRoute: () => project,
  path: '/checks',
  component: lazyRouteComponent(() => import('./pages/check/check-list.tsx'), 'CheckList'),
})
const check = createRoute({
  getParentRoute: () => project,
  path: '/checks/$checkId',
  component: lazyRouteComponent(() => import('./pages/check/check.tsx'), 'CheckPage'),
})
const webhooks = createRoute({
  getParentRoute: () => project,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhook/webhooks.tsx'), 'Webhooks'),
})
const event = createRoute({
  getParentRoute: () => project,
  path: '/webhooks/$provider/$eventId',
  component: lazyRouteComponent(() => import('./pages/webhook/event.tsx'), 'EventPage'),
})
const policyPage = createRoute({
  getParentRoute: () => project,
  path: '/policy',
  component: lazyRouteComponent(() => import('./pages/policy/policy.tsx'), 'PolicyPage'),
})
const onboardingHome = createRoute({
  getParentRoute: () => project,
  path: '/onboarding',
  component: lazyRouteComponent(() => import('./pages/onboarding/onboarding.tsx'), 'Onboarding'),
})
const onboarding = createRoute({
  getParentRoute: () => project,
  path: '/onboarding/$step',
  component: lazyRouteComponent(() => import('./pages/onboarding/onboarding.tsx'), 'Onboarding'),
})
const settingsHome = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'Settings'),
})
const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings/$tab',
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'Settings'),
})

const routeTree = root.addChildren([
  outside.addChildren([signIn, signUp, invite, resetPassword]),
  inside.addChildren([
    home,
    firstRun,
    account,
    members,
    keys,
    record,
    project.addChildren([
      projectHome,
      overview,
      incidents,
      incident,
      customers,
      customer,
      repairs,
      repair,
      ledger,
      checks,
      check,
      webhooks,
      event,
      policyPage,
      onboardingHome,
      onboarding,
      settingsHome,
      settings,
    ]),
  ]),
])

export function createDashboardRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    context: { client },
    defaultPreload: 'intent',
    // The query client knows what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>
  }
}
