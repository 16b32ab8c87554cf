import { ConfigError } from '../config/config-error.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { listConfigVersions, requireConfigVersion } from '../project/config-versions.ts'
import type { ProjectService, ProjectTenant } from '../project/project-service.ts'
import { openProjectStore } from '../store/index.ts'
import type { WhatIfChanges } from './candidate.ts'
import { candidateOf } from './candidate.ts'
import type { WhatIfQuestion } from './replay.ts'

/** A whole document, or changes to the one that holds. */
export type WhatIfCandidate = { readonly document: unknown } | { readonly changes: WhatIfChanges }

/**
 * What a project of the service is asked: its configuration as it holds beside a candidate.
 *
 * @throws ProjectError `config-missing`; ConfigError with all that is wrong with the candidate
 */
export async function whatIfOfProject(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  sent: WhatIfCandidate,
): Promise<WhatIfQuestion> {
  const { document } = await requireConfigVersion(service, tenant)
  const before = parseConfig(document)
  const candidate = 'document' in sent ? parseConfig(sent.document) : candidateOf(document, sent.changes)
  return {
    project: openProjectStore(service.database, tenant),
    before,
    candidate,
    configOf: async (fingerprint) =>
      fingerprint === before.fingerprint ? before : await configOfVersion(service, tenant, fingerprint),
  }
}

const versionsPerPage = 100

/** The newest version of this meaning; `null`: there is none, or this version of Trueup no longer takes it. */
async function configOfVersion(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  fingerprint: string,
): Promise<ProjectConfig | null> {
  for (let before: number | undefined; ; ) {
    const page = await listConfigVersions(service, tenant, {
      limit: versionsPerPage,
      ...(before === undefined ? {} : { before }),
    })
    const found = page.find((version) => version.fingerprint === fingerprint)
    if (found) return await parsedVersion(service, tenant, found.version)
    before = page.at(-1)?.version
    if (before === undefined) return null
  }
}

async function parsedVersion(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  version: number,
): Promise<ProjectConfig | null> {
  const { document } = await requireConfigVersion(service, tenant, version)
  try {
    return parseConfig(document)
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}
