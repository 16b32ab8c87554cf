import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/store/{postgres,kysely,drizzle,prisma}/index.ts'],
  platform: 'neutral',
  fixedExtension: true,
  dts: true,
  unbundle: true,
  inputOptions: { checks: { pluginTimings: false } },
})
