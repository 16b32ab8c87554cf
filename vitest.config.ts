import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['@trueup/source', 'node', 'import', 'module', 'default'] }
const ssr = { resolve: { conditions: ['@trueup/source', 'node', 'import', 'module', 'default'] } }

// `fast` holds what needs neither a server nor a database, and runs in seconds; `real` holds the rest:
// adapters against the sandbox over HTTP, stores against real databases, the loop end to end.
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'fast',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/*.real.test.ts', '**/node_modules/**'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'real',
          include: ['packages/*/src/**/*.real.test.ts', 'test/**/*.real.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
