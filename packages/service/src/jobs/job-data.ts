/** Whose job it is. Every job belongs to one project, so that what it reads and writes is that project's alone. */
export interface OfProject {
  readonly workspaceId: string
  readonly projectId: string
}

/** What a job of each queue carries: names of things, never their state, which may have changed when it runs. */
export interface JobData {
  /** One of the customers and subjects of the project that are due is to be checked. */
  readonly 'check.single': OfProject
}

export type QueueName = keyof JobData
