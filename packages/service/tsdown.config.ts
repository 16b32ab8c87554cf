import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/bin.ts', 'src/store/embedded/pglite-worker.mjs'],
  platform: 'node',
  dts: { entry: ['src/index.ts'] },
  unbundle: true,
  inputOptions: { checks: { pluginTimings: false } },
})
