/** What a secret of a project is. Closed list; it is bound to the sealed value. */
export type SecretField =
  | 'stripe-key'
  | 'clerk-key'
  | 'clerk-repair-key'
  /** The connection string of an app's database, for reading. */
  | 'postgres-url'
  /** The same for repairs. */
  | 'postgres-repair-url'
  /** What callbacks to an app that makes repairs itself are signed with. */
  | 'callback-secret'
  /** What webhooks of a vendor are authenticated with; several may hold at a time. */
  | 'webhook-secret'
  /** What pushes of the app are authenticated with; several may hold at a time. */
  | 'push-secret'
