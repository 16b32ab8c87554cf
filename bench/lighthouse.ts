import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * The last version that runs on Node 20. It is fetched for the bench alone: with its 180 MB it is as large as half of
 * what everybody else who installs this repository needs.
 */
const lighthouse = 'lighthouse@12.8.2'

/** How Lighthouse measures a page. */
export const profiles = {
  /** A phone of the middle class: 412 px wide, 150 ms and 1.6 Mbit/s to the service, a processor a quarter as fast. */
  mobile: ['--form-factor=mobile', '--throttling-method=simulate'],
  /** This machine as it is, 1350 px wide. */
  desktop: ['--preset=desktop', '--throttling-method=provided'],
} as const
export type Profile = keyof typeof profiles

/** What Lighthouse says of one page. Times in milliseconds, scores of 100. */
export interface LighthouseFigures {
  readonly performance: number
  readonly accessibility: number
  readonly bestPractices: number
  readonly firstPaint: number
  readonly largestPaint: number
  readonly blocked: number
  readonly shift: number
  readonly speedIndex: number
  readonly scriptBytes: number
  readonly unusedBytes: number
  readonly requests: number
  readonly hosts: readonly string[]
  /** What it would have otherwise, by its own names. */
  readonly failed: readonly string[]
}

interface Report {
  readonly categories: Readonly<
    Record<string, { readonly score: number | null; readonly auditRefs: readonly { readonly id: string }[] }>
  >
  readonly audits: Readonly<Record<string, Audit>>
  readonly runtimeError?: { readonly message: string }
}

interface Audit {
  readonly score: number | null
  readonly numericValue?: number
  readonly details?: {
    readonly items?: readonly {
      readonly url?: string
      readonly resourceType?: string
      readonly transferSize?: number
    }[]
    readonly overallSavingsBytes?: number
  }
}

/** Measures a page in a browser that takes orders at a port, with the cookies that this browser has. */
export async function measureWithLighthouse(
  url: string,
  browserPort: number,
  profile: Profile,
): Promise<LighthouseFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'trueup-lighthouse-'))
  const file = join(folder, 'report.json')
  try {
    await promisify(execFile)('npx', [
      '--yes',
      lighthouse,
      url,
      `--port=${browserPort}`,
      '--quiet',
      '--no-enable-error-reporting',
      '--only-categories=performance,accessibility,best-practices',
      '--output=json',
      `--output-path=${file}`,
      ...profiles[profile],
    ])
    return figuresOf(JSON.parse(await readFile(file, 'utf8')))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function figuresOf({ categories, audits, runtimeError }: Report): LighthouseFigures {
  if (runtimeError) throw new Error(runtimeError.message)
  const score = (category: string) => Math.round((categories[category]?.score ?? 0) * 100)
  const value = (audit: string) => audits[audit]?.numericValue ?? Number.NaN
  const requests = (audits['network-requests']?.details?.items ?? []).filter(
    ({ url = '' }) => !/^(?:data|blob):/.test(url),
  )
  const scripts = requests.filter(({ resourceType }) => resourceType === 'Script')
  const judged = ['accessibility', 'best-practices'].flatMap((name) => categories[name]?.auditRefs ?? [])
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    bestPractices: score('best-practices'),
    firstPaint: value('first-contentful-paint'),
    largestPaint: value('largest-contentful-paint'),
    blocked: value('total-blocking-time'),
    shift: value('cumulative-layout-shift'),
    speedIndex: value('speed-index'),
    scriptBytes: scripts.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0),
    unusedBytes: audits['unused-javascript']?.details?.overallSavingsBytes ?? 0,
    requests: requests.length,
    hosts: [...new Set(requests.map(({ url = '' }) => new URL(url).host))],
    failed: judged.map(({ id }) => id).filter((id) => isFailed(audits[id])),
  }
}

function isFailed(audit: Audit | undefined): boolean {
  return audit !== undefined && audit.score !== null && audit.score < 1
}
