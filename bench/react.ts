import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'vite'
import { recordResults } from './record-results.ts'

// What a browser loads for the React parts, without React itself, each part alone and all together.

process.env.NODE_ENV = 'production'
const react = resolve(import.meta.dirname, '../packages/sdk/src/react')
const parts = [
  ['all of it', '*'],
  ['AccessProvider, useAccess, Gate', '{ AccessProvider, useAccess, Gate }'],
  ['PricingTable', '{ PricingTable }'],
  ['PaymentFailedBanner', '{ PaymentFailedBanner }'],
  ['BillingButton', '{ BillingButton }'],
  ['UpgradePrompt', '{ UpgradePrompt }'],
] as const

const rows: string[] = []
for (const [name, exported] of parts) {
  rows.push(row(name, await bundled(exported)))
}
rows.push(row('theme.css', await readFile(join(react, 'theme.css'))))
const text = [
  'What a browser loads, minified, without React, which the app has; each line alone.',
  '',
  '| part | bytes | gzip | brotli |',
  '|---|---:|---:|---:|',
  ...rows,
].join('\n')
console.log(text)
await recordResults('React parts: size', 'npm run bench:react', text)

async function bundled(exported: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'trueup-react-'))
  const entry = 'virtual:entry'
  try {
    await build({
      configFile: false,
      root: react,
      logLevel: 'error',
      mode: 'production',
      resolve: { conditions: ['@trueup/source', 'module', 'browser', 'production'] },
      oxc: { jsx: { runtime: 'automatic', development: false } },
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === entry ? id : null),
          load: (id) =>
            id === entry ? `export ${exported} from ${JSON.stringify(join(react, 'index.ts'))}` : null,
        },
      ],
      build: {
        outDir: folder,
        emptyOutDir: true,
        rollupOptions: {
          input: entry,
          preserveEntrySignatures: 'strict',
          external: /^react(-dom)?(\/|$)/,
          output: { entryFileNames: 'react.js' },
          checks: { pluginTimings: false },
        },
      },
    })
    return await readFile(join(folder, 'react.js'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function row(name: string, bytes: Buffer): string {
  return `| ${name} | ${bytes.length} | ${gzipSync(bytes).length} | ${brotliCompressSync(bytes).length} |`
}
