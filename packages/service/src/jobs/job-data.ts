/** Whose job it is. Every job belongs to one project, so that what it reads and writes is that project's alone. */
export interface OfProject {
  readonly workspaceId: string
  readonly projectId: string
}

/** What a job of each queue carries: names of things, never their state, which may have changed when it runs. */
export interface JobData {
  /** One of the customers and subjects of the project that are due is to be checked. */
  readonly 'check.single': OfProject
  /** What came by webhooks is to be compared with the provider's own list of events. */
  readonly 'inbox.sweep': OfProject
  /** Both sides are to be read whole; where a check is named, that one is begun or gone on with. */
  readonly 'check.full': OfProject & {
    readonly checkId?: string
    readonly dryRun?: boolean
    readonly acceptChanges?: boolean
  }
  /** A full check that is under way has pieces that another process may take. */
  readonly 'check.help': OfProject & { readonly checkId: string }
  /** What changed since the last check is to be read. */
  readonly 'check.recent': OfProject & { readonly checkId?: string }
  /** The ledger has entries that people may have to be told of. */
  readonly 'alert.route': OfProject
  /** The ledger has incidents whose cause is to be worked out, and some may be due to be looked at again. */
  readonly 'cause.find': OfProject
  /** An alert is due. */
  readonly 'alert.deliver': OfProject & { readonly deliveryId: string }
  /** The week that ends at this moment, as ISO 8601, is to be told. */
  readonly 'alert.digest': OfProject & { readonly weekEndsAt: string }
  /** The ledger has entries that the app's endpoints may want. */
  readonly 'outgoing.route': OfProject
  /** A message to an endpoint of the app is due. */
  readonly 'outgoing.deliver': OfProject & { readonly deliveryId: string }
}

export type QueueName = keyof JobData
