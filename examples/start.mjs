// Runs the example in whose folder it is called from its sources: Vite reads TypeScript, and finds the packages of this
// repository by their sources too.
import { createServer } from 'vite'

const sources = ['@trueup/source', 'node', 'module']
const vite = await createServer({
  configFile: false,
  root: process.cwd(),
  appType: 'custom',
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true },
  ssr: {
    noExternal: [/^@trueup\//],
    resolve: { conditions: sources, externalConditions: ['node'] },
  },
})
await vite.ssrLoadModule('/src/main.ts')
