import { findChromium } from './find-chromium.ts'

/** Has Chromium lie ready before the first test file: files side by side would unpack it over each other. */
export default async function setUp(): Promise<void> {
  await findChromium()
}
