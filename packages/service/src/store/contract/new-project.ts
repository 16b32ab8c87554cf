import type { ProjectStore } from '@trueup/core'

/** Gives a project that nothing has been written to yet. Each test of the contract has one of its own. */
export type NewProject = () => Promise<ProjectStore>
