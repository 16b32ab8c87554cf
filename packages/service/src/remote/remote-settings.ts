import { Secret } from '../secret.ts'
import { isWellFormedKey } from '../team/keys/key-format.ts'
import { UsageError } from '../usage-error.ts'
import { RemoteError } from './remote-error.ts'

/** The server that a command works on, and as whom. */
export interface RemoteSettings {
  /** Its origin, such as `https://trueup.example.com`. */
  readonly url: string
  readonly key: Secret
  /** The project by its id; `null`: the only one that the key reaches. */
  readonly projectId: string | null
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Reads which server commands work on; `null`: they work on this folder's project.
 *
 * - `TRUEUP_URL`: the address of the service, with `https` unless it is this machine
 * - `TRUEUP_API_KEY`: a key of its workspace, or of one project
 * - `TRUEUP_PROJECT`: the id of the project, where the key reaches several
 *
 * @param named the project that the command line names, which comes first
 * @throws UsageError `environment-missing` or `option-invalid`; RemoteError `server-insecure`, `only-remote`. No error holds the key.
 * @example
 * readRemoteSettings({ TRUEUP_URL: 'https://trueup.example.com', TRUEUP_API_KEY: 'tu_…' }, null)
 */
export function readRemoteSettings(variables: Variables, named: string | null): RemoteSettings | null {
  const text = (name: string) => variables[name]?.trim() || null
  const address = text('TRUEUP_URL')
  const key = text('TRUEUP_API_KEY')
  if (address === null) {
    if (named !== null) throw needsServer('--project')
    return null
  }
  const url = readUrl(address)
  if (key === null) {
    throw new UsageError({
      code: 'environment-missing',
      message: 'TRUEUP_URL is set, and TRUEUP_API_KEY is not.',
      fix: 'Set TRUEUP_API_KEY to a key of that service, or unset TRUEUP_URL to work on the project of this folder.',
    })
  }
  if (!isWellFormedKey(key)) {
    throw new UsageError({
      code: 'option-invalid',
      message: 'TRUEUP_API_KEY does not hold an API key of Trueup: the form or the checksum is wrong.',
      fix: 'Copy the whole key: it begins with tu_ and has 52 characters.',
    })
  }
  return { url, key: new Secret(key), projectId: named ?? text('TRUEUP_PROJECT') }
}

/** What is asked for has no meaning without a server. */
export function needsServer(what: string): RemoteError {
  return new RemoteError({
    code: 'only-remote',
    message: `${what} is for a project at a server, and TRUEUP_URL is not set.`,
    fix: 'Set TRUEUP_URL and TRUEUP_API_KEY, or leave it out.',
  })
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isOrigin =
    url !== null && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  if (!isOrigin || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new UsageError({
      code: 'option-invalid',
      message: 'TRUEUP_URL is not the address of a service, with nothing after its host and port.',
      fix: 'Write it like https://trueup.example.com.',
    })
  }
  if (url.protocol === 'http:' && !isThisMachine(url.hostname)) {
    throw new RemoteError({
      code: 'server-insecure',
      message: `TRUEUP_URL begins with http://, and ${url.hostname} is another machine: the key would cross the network for all to read. Nothing was sent.`,
      fix: `Write https://${url.hostname}; where the service speaks no TLS, put a proxy before it, or forward a port to this machine: ssh -L 7310:localhost:7310 ${url.hostname}.`,
    })
  }
  return url.origin
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
