import { systemHttp, systemRandomBytes, systemTimer } from '../adapters/system.ts'
import { ApiClient } from './api-client.ts'
import { RemoteError } from './remote-error.ts'
import type { RemoteSettings } from './remote-settings.ts'

/** A project at a server, and the way to it. */
export interface RemoteProject {
  readonly client: ApiClient
  readonly id: string
  readonly name: string
  /** `live` projects are checked by themselves. */
  readonly state: string
  /** The address of something of the project: `at('/incidents')`. */
  at(path: string): string
}

interface ListedProject {
  readonly id: string
  readonly name: string
  readonly state: string
}

/** The client of a server with the ports of this machine. */
export function clientOf({ url, key }: Pick<RemoteSettings, 'url' | 'key'>, signal: AbortSignal): ApiClient {
  return new ApiClient({
    url,
    key,
    http: systemHttp,
    timer: systemTimer,
    randomBytes: systemRandomBytes,
    signal,
  })
}

/**
 * Finds the project: the one that was named, or the only one that the key reaches.
 *
 * @throws RemoteError `project-unknown`, `project-unnamed`, or what the server answers
 */
export async function findRemoteProject(client: ApiClient, projectId: string | null): Promise<RemoteProject> {
  const { items } = await client.get<{ readonly items: readonly ListedProject[] }>('/api/v1/projects')
  const [only] = items
  const found =
    projectId === null ? (items.length === 1 ? only : null) : items.find(({ id }) => id === projectId)
  if (!found) throw notFound(items, projectId)
  const base = `/api/v1/projects/${encodeURIComponent(found.id)}`
  return { client, id: found.id, name: found.name, state: found.state, at: (path) => `${base}${path}` }
}

const mostNamed = 20

function notFound(items: readonly ListedProject[], projectId: string | null): RemoteError {
  const listed = items.slice(0, mostNamed).map(({ id, name }) => `${id} (${name})`)
  const rest = items.length > mostNamed ? `, and ${items.length - mostNamed} more` : ''
  const reach = items.length === 0 ? 'none' : `${listed.join(', ')}${rest}`
  if (projectId !== null) {
    return new RemoteError({
      code: 'project-unknown',
      message: `The key reaches no project ${projectId}. It reaches: ${reach}.`,
      fix: 'Name one of them with --project or TRUEUP_PROJECT, or use a key that reaches the other.',
    })
  }
  return new RemoteError({
    code: items.length === 0 ? 'project-unknown' : 'project-unnamed',
    message:
      items.length === 0
        ? 'The key reaches no project.'
        : `The key reaches ${items.length} projects, and none was named: ${reach}.`,
    fix: items.length === 0 ? 'Make a project first.' : 'Name one with --project or TRUEUP_PROJECT.',
  })
}
