import { findChromium } from './find-chromium.ts'

/** Has Chromium lie ready before the first test file: a program cannot be started while another process writes it. */
export default async function setUp(): Promise<void> {
  await findChromium()
}
