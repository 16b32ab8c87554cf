import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import type { RunningTestService } from './running-service.ts'
import { startTestService } from './running-service.ts'
import type { ApiClient } from './service.ts'

const password = 'correct horse battery staple'

/** A project on a sandbox, in a service of this process, with its first full check done. */
export interface CheckedProject {
  readonly sandbox: Sandbox
  readonly service: RunningTestService
  readonly workspace: string
  readonly project: string
  readonly owner: ApiClient
  /** The document of its configuration. */
  readonly document: Sandbox['config']
  /** `GET /incidents` as the whole route. */
  at(path: string): string
  /** Somebody new in the workspace. */
  invited(name: string, role: 'viewer' | 'member' | 'admin'): Promise<ApiClient>
  /** Runs a full check to its end, and gives its id. */
  check(): Promise<string>
  close(): Promise<void>
}

/** Opens one; `world` is what the sandbox is started with. */
export async function openCheckedProject(world: Parameters<typeof startSandbox>[0]): Promise<CheckedProject> {
  const sandbox = await startSandbox(world)
  const service = await startTestService({
    STRIPE_API_BASE: sandbox.stripe.url,
    CLERK_API_URL: sandbox.clerk.url,
    TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
  })
  const owner = service.person()
  await owner.do('POST /api/v1/sign-up', {
    email: 'ada@example.com',
    name: 'Ada',
    password,
    workspaceName: 'Engines',
  })
  const workspace = (await owner.do('GET /api/v1/workspaces')).items[0].workspaceId
  const project = (await owner.do(`POST /api/v1/workspaces/${workspace}/projects`, { name: 'App' })).id
  const at = (path: string) => path.replace(' ', ` /api/v1/projects/${project}`)
  await owner.do(at('POST /sources'), { kind: 'stripe', key: sandbox.stripe.restrictedKey })
  await owner.do(at('POST /sources'), { kind: 'clerk', key: sandbox.clerk.secretKey })
  const document = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
  await owner.do(at('PUT /config'), { document, expectedVersion: 0 })
  const opened: CheckedProject = {
    sandbox,
    service,
    workspace,
    project,
    owner,
    document,
    at,
    async invited(name, role) {
      const email = `${name}@example.com`
      const invite = await owner.do(`POST /api/v1/workspaces/${workspace}/invites`, { email, role })
      const person = service.person()
      const token = new URL(invite.link ?? '').hash.slice(1)
      await person.do('POST /api/v1/invites/accept', { token, name, password })
      return person
    },
    async check() {
      const { check } = await owner.do(at('POST /checks'), { kind: 'full' })
      await owner.do(at(`GET /checks/${check.id}/progress`))
      return check.id
    },
    async close() {
      await service.stop()
      await sandbox.close()
    },
  }
  await opened.check()
  return opened
}
