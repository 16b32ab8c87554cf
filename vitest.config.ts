import { defineConfig } from 'vitest/config'

// Vitest hands these to Node as well, for `require` too: with `import` among them CommonJS packages would load ES modules.
const conditions = ['@trueup/source', 'node']
const resolve = { conditions }
const ssr = { resolve: { conditions } }
/** What is waited for comes when a busy machine gets to it; a second, as usual, is not always enough. */
const poll = { timeout: 20_000 }

// `fast` holds what needs neither a server nor a database, and runs in seconds; `real` holds the rest:
// adapters against the sandbox over HTTP, stores against real databases, the loop end to end. `soak` holds long runs,
// which are commands of their own. `browser` looks at the dashboard in a real browser, with a real service behind it.
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'fast',
          include: ['packages/*/{src,build}/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/*.real.test.ts', '**/*.browser.test.ts', '**/*.soak.test.ts', '**/node_modules/**'],
          // Importing a module of ours does nothing, so files may share what they have loaded.
          pool: 'threads',
          isolate: false,
          // They take far less; a machine that is busy with something else is no failure.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'real',
          globalSetup: ['test/support/database-setup.ts', 'test/support/browser-setup.ts'],
          include: ['packages/*/src/**/*.real.test.ts', 'test/**/*.real.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll },
          // Loading the service anew for each file would take longer than most files do.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'browser',
          globalSetup: [
            'test/support/database-setup.ts',
            'test/support/browser-setup.ts',
            'test/support/dashboard-setup.ts',
          ],
          include: ['test/browser/**/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll },
          isolate: false,
          // Whoever looks at a page waits for it more than half of the time.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'soak',
          globalSetup: ['test/support/database-setup.ts'],
          include: ['test/soak/**/*.soak.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
