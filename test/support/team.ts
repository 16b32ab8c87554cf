import { systemRandomBytes } from '../../packages/service/src/adapters/system.ts'
import { Secret } from '../../packages/service/src/secret.ts'
import type { Database } from '../../packages/service/src/store/database.ts'
import type { Mail } from '../../packages/service/src/team/mail/send-mail.ts'
import { openTeam } from '../../packages/service/src/team/open-team.ts'
import type { Caller } from '../../packages/service/src/team/sign-in/caller.ts'
import type { Team } from '../../packages/service/src/team/team.ts'
import type { TeamSettings } from '../../packages/service/src/team/team-settings.ts'

/** A team for tests: mail is kept, time can be moved on. */
export interface TestTeam extends Team {
  /** The letters that were sent, where a mail server is set. */
  readonly letters: Mail[]
  /** Waits for the letters that nobody waits for. */
  settled(): Promise<void>
  /** Moves time on. The sign-in library keeps its own. */
  pass(ms: number): void
}

export const testSettings: TeamSettings = {
  publicUrl: 'https://trueup.example.com',
  otherOrigins: [],
  signUp: 'invite',
  mail: null,
  oidc: null,
}

export const testSecret = new Secret('a secret of tests, forty characters long.')

export async function openTestTeam(
  database: Database,
  settings: Partial<TeamSettings> & { readonly hasMail?: boolean } = {},
): Promise<TestTeam> {
  let aheadMs = 0
  const letters: Mail[] = []
  const underWay: Promise<void>[] = []
  const { hasMail = false, ...changed } = settings
  const team = await openTeam({
    database,
    settings: { ...testSettings, ...changed },
    secrets: [testSecret],
    clock: { now: () => new Date(Date.now() + aheadMs) },
    randomBytes: systemRandomBytes,
    background: (work) => void underWay.push(work),
  })
  return {
    ...team,
    sendMail: hasMail ? async (mail) => void letters.push(mail) : null,
    letters,
    settled: async () => void (await Promise.all(underWay)),
    pass: (ms) => {
      aheadMs += ms
    },
  }
}

let callers = 0

/** A browser of its own address in the network, without cookies. */
export function browser(): Caller {
  callers += 1
  return { cookie: null, userAgent: 'a browser', address: `10.0.${callers >> 8}.${callers & 255}` }
}

/** The browser with the cookies that an answer set, and without those that it took back. */
export function withCookies(caller: Caller, cookies: readonly string[]): Caller {
  const jar = new Map(
    (caller.cookie ?? '')
      .split('; ')
      .filter((pair) => pair !== '')
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair]),
  )
  for (const line of cookies) {
    const [pair = '', ...attributes] = line.split('; ')
    const name = pair.slice(0, pair.indexOf('='))
    if (attributes.includes('Max-Age=0')) jar.delete(name)
    else jar.set(name, pair)
  }
  return { ...caller, cookie: jar.size > 0 ? [...jar.values()].join('; ') : null }
}

/** The token behind `#` in a link, or in a letter that holds one. */
export function tokenIn(text: string): string {
  const token = /#([\w-]{43})/.exec(text)?.[1]
  if (!token) throw new Error(`There is no link in ${JSON.stringify(text)}.`)
  return token
}
