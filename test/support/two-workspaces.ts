import type { RunningTestService } from './running-service.ts'
import { anAddress } from './running-service.ts'
import { ApiClient } from './service.ts'

export const password = 'correct horse battery staple'

/** Two workspaces with people of every role and keys of every kind, made through the API. */
export interface TwoWorkspaces {
  readonly workspaceId: string
  readonly projectId: string
  /** The other project of the same workspace. */
  readonly siblingId: string
  readonly foreignWorkspaceId: string
  readonly foreignProjectId: string
  readonly owner: ApiClient
  /** A new session of a person, who is known by the part of the address before the @. */
  signIn(name: string): Promise<ApiClient>
  /** As {@link signIn}, but too long ago to do what needs a fresh confirmation. */
  signInLongAgo(name: string): Promise<ApiClient>
  readonly keys: {
    readonly read: ApiClient
    readonly repair: ApiClient
    readonly ofProject: ApiClient
    readonly foreign: ApiClient
  }
}

/** `ada` owns the first workspace, with `viewer`, `member`, `admin` and `other-admin` in it; `eve` owns the second. */
export async function twoWorkspaces(service: RunningTestService): Promise<TwoWorkspaces> {
  const owner = service.person()
  await owner.do('POST /api/v1/sign-up', {
    email: 'ada@example.com',
    name: 'Ada',
    password,
    workspaceName: 'Engines',
  })
  const workspaceId: string = (await owner.do('GET /api/v1/workspaces')).items[0].workspaceId
  const projectIn = async (client: ApiClient, workspace: string, name: string): Promise<string> =>
    (await client.do(`POST /api/v1/workspaces/${workspace}/projects`, { name })).id
  const join = async (workspace: string, name: string, role: string) => {
    const body = { email: `${name}@example.com`, role }
    const { link } = await owner.do(`POST /api/v1/workspaces/${workspace}/invites`, body)
    const person = service.person()
    await person.do('POST /api/v1/invites/accept', { token: new URL(link).hash.slice(1), name, password })
    return person
  }
  const keyOf = async (client: ApiClient, workspace: string, body: object) =>
    client.withKey((await client.do(`POST /api/v1/workspaces/${workspace}/api-keys`, body)).key)

  for (const role of ['viewer', 'member', 'admin']) await join(workspaceId, role, role)
  await join(workspaceId, 'other-admin', 'admin')
  const foreignWorkspaceId: string = (await owner.do('POST /api/v1/workspaces', { name: 'Others' }))
    .workspaceId
  const eve = await join(foreignWorkspaceId, 'eve', 'admin')
  const { personId } = await eve.do('GET /api/v1/me')
  await owner.do(`POST /api/v1/workspaces/${foreignWorkspaceId}/hand-over`, { personId })
  await owner.do(`POST /api/v1/workspaces/${foreignWorkspaceId}/leave`)

  const projectId = await projectIn(owner, workspaceId, 'App')
  const signIn = async (name: string) => {
    const person = service.person()
    await person.do('POST /api/v1/session', { email: `${name}@example.com`, password })
    return person
  }
  return {
    workspaceId,
    projectId,
    siblingId: await projectIn(owner, workspaceId, 'Second app'),
    foreignWorkspaceId,
    foreignProjectId: await projectIn(eve, foreignWorkspaceId, 'Their app'),
    owner,
    signIn,
    async signInLongAgo(name) {
      const person = await signIn(name)
      const { items } = await person.do('GET /api/v1/me/sessions')
      const { sessionId } = items.find(({ isThisOne }: { isThisOne: boolean }) => isThisOne)
      await service.database.query(
        `update trueup.person_session set created_at = created_at - interval '20 minutes' where id = $1`,
        [sessionId],
      )
      return person
    },
    keys: {
      read: await keyOf(owner, workspaceId, { name: 'read', scope: 'read' }),
      repair: await keyOf(owner, workspaceId, { name: 'repair', scope: 'read+repair' }),
      ofProject: await keyOf(owner, workspaceId, { name: 'one', scope: 'read+repair', projectId }),
      foreign: await keyOf(eve, foreignWorkspaceId, { name: 'theirs', scope: 'read+repair' }),
    },
  }
}

/** Somebody with neither a session nor a key. */
export function stranger({ url }: RunningTestService): ApiClient {
  return new ApiClient(url, { 'x-forwarded-for': anAddress() })
}
