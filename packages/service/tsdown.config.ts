import { defineConfig } from 'tsdown'
import { writeBeginnings } from './build/write-beginnings.ts'

export default defineConfig({
  entry: ['src/index.ts', 'src/bin.ts', 'src/store/embedded/pglite-worker.mjs'],
  platform: 'node',
  dts: { entry: ['src/index.ts'] },
  unbundle: true,
  hooks: {
    'build:done': async ({ options: { outDir } }) => await writeBeginnings(outDir),
  },
  inputOptions: { checks: { pluginTimings: false } },
})
