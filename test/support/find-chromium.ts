import { existsSync } from 'node:fs'

const installed = '/usr/bin/chromium'

/** How Chromium is to be started where there is no desktop: it asks no host that no page asks for. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where Chromium lies: the one that `TRUEUP_CHROMIUM` names, the one that is installed, or the one of the packages. */
export async function findChromium(): Promise<string> {
  const named = process.env.TRUEUP_CHROMIUM
  if (named) return named
  if (existsSync(installed)) return installed
  const { default: packed } = await import('@sparticuz/chromium')
  return await packed.executablePath()
}
