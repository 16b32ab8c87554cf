import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/{gate,next,hono,express,fastify,convex,react}/index.ts',
    'src/store/{postgres,kysely,drizzle,prisma}/index.ts',
  ],
  copy: [{ from: 'src/react/theme.css', to: 'dist/react' }],
  platform: 'neutral',
  fixedExtension: true,
  dts: true,
  unbundle: true,
  inputOptions: { checks: { pluginTimings: false } },
})
