import {
  Activity,
  BookOpenCheck,
  CircleAlert,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Scale,
  Settings,
  Users,
  Webhook,
  Wrench,
} from 'lucide-react'

export interface ListedPage {
  readonly name: string
  readonly to: string
  readonly icon: LucideIcon
  /** What is pressed after `g`. */
  readonly key: string
}

/** The pages of a project, in the order of the rail. The rail, the command menu and the shortcuts are made from it. */
export const projectPages: readonly ListedPage[] = [
  { name: 'Overview', to: '/projects/$projectId/overview', icon: LayoutDashboard, key: 'o' },
  { name: 'Incidents', to: '/projects/$projectId/incidents', icon: CircleAlert, key: 'i' },
  { name: 'Customers', to: '/projects/$projectId/customers', icon: Users, key: 'c' },
  { name: 'Repairs', to: '/projects/$projectId/repairs', icon: Wrench, key: 'r' },
  { name: 'Ledger', to: '/projects/$projectId/ledger', icon: BookOpenCheck, key: 'l' },
  { name: 'Checks', to: '/projects/$projectId/checks', icon: ListChecks, key: 'k' },
  { name: 'Webhooks', to: '/projects/$projectId/webhooks', icon: Webhook, key: 'w' },
  { name: 'Policy', to: '/projects/$projectId/policy', icon: Scale, key: 'p' },
  { name: 'Setup', to: '/projects/$projectId/onboarding', icon: Activity, key: 'u' },
  { name: 'Settings', to: '/projects/$projectId/settings', icon: Settings, key: 's' },
]
