// Puts the pictures of each page in its six sizes (1440, 768 and 360 px wide, light and dark) on one sheet, in
// docs/pictures/sheets, and lists the sheets in docs/gallery.md. `npm run pictures` takes the pictures before.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumFlags, findChromium } from '../test/support/find-chromium.ts'

const docs = join(import.meta.dirname, '../docs')
const pictures = join(docs, 'pictures')
const sheets = join(pictures, 'sheets')

/** Rows of a sheet: how wide each picture of a row is drawn. */
const rows = [
  [
    { size: '1440-light', width: 640 },
    { size: '1440-dark', width: 640 },
  ],
  [
    { size: '768-light', width: 380 },
    { size: '768-dark', width: 380 },
    { size: '360-light', width: 246 },
    { size: '360-dark', width: 246 },
  ],
] as const

const sizes = rows.flat().map(({ size }) => size)
const fileOf = (name: string, size: string) => join(pictures, `${name}-${size}.png`)
const names = readdirSync(pictures)
  .flatMap((file) => /^(.+)-1440-light\.png$/.exec(file)?.[1] ?? [])
  .filter((name) => sizes.every((size) => existsSync(fileOf(name, size))))
  // A page of the tests, on which the parts of the dashboard stand.
  .filter((name) => name !== 'parts')
if (names.length === 0) throw new Error('No page has its six pictures. Take them with `npm run pictures`.')

const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
try {
  await rm(sheets, { recursive: true, force: true })
  await mkdir(sheets, { recursive: true })
  const page = await browser.newPage({ viewport: { width: 1290, height: 400 } })
  for (const name of names) {
    await page.setContent(sheetOf(name), { waitUntil: 'load' })
    const path = join(sheets, `${name}.jpg`)
    await page.locator('main').screenshot({ path, type: 'jpeg', quality: 62 })
  }
} finally {
  await browser.close()
}
await writeFile(join(docs, 'gallery.md'), gallery())

function sheetOf(name: string): string {
  const drawn = rows.map((row) => {
    const images = row.map(({ size, width }) => {
      const data = readFileSync(fileOf(name, size)).toString('base64')
      return `<img width="${width}" src="data:image/png;base64,${data}">`
    })
    return `<div style="display: flex; gap: 10px; align-items: start">${images.join('')}</div>`
  })
  const style = 'display: grid; gap: 10px; width: 1290px; background: #888'
  return `<body style="margin: 0"><main style="${style}">${drawn.join('')}</main></body>`
}

function gallery(): string {
  const list = names.map((name) => {
    const words = name.replaceAll('-', ' ').replace(/^api\b/, 'API')
    const title = `${words.charAt(0).toUpperCase()}${words.slice(1)}`
    return `## ${title}\n\n![${title}](pictures/sheets/${name}.jpg)\n`
  })
  return [
    '# Every page, in six sizes\n',
    'Pages of the [dashboard](dashboard.md) and of the example app, 1440, 768 and 360 px wide, light and dark. ' +
      '`npm run pictures` takes them anew and writes this page.\n',
    ...list,
  ].join('\n')
}
