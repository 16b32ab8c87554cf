import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  platform: 'neutral',
  fixedExtension: true,
  dts: true,
  unbundle: true,
  inputOptions: { checks: { pluginTimings: false } },
})
