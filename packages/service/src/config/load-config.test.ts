import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from './config-error.ts'
import type { TrueupConfig } from './define-config.ts'
import { exampleConfig, leastConfig } from './example-config.ts'
import { loadConfig } from './load-config.ts'
import { parseConfig } from './parse-config.ts'
import { renderConfig } from './render-config.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trueup-config-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text)
}

async function errorOf(path?: string): Promise<ConfigError> {
  const failure = await loadConfig(path, folder).then(
    () => null,
    (error: unknown) => error,
  )
  if (failure instanceof ConfigError) return failure
  throw new Error(`A ConfigError was expected, not ${String(failure)}.`)
}

const least = JSON.stringify(leastConfig)

describe('a configuration file', () => {
  it.each([
    [
      'trueup.config.ts',
      `import { defineConfig, type TrueupConfig } from 'trueup'\nconst config: TrueupConfig = ${least}\nexport default defineConfig(config)`,
    ],
    ['trueup.config.ts', `const config = Promise.resolve(${least})\nexport default await config`],
    ['trueup.config.mts', `import { defineConfig } from 'trueup'\nexport default defineConfig(${least})`],
    ['trueup.config.js', `export default ${least}`],
    ['trueup.config.mjs', `import { defineConfig } from 'trueup'\nexport default defineConfig(${least})`],
    ['trueup.config.json', least],
  ])('%s is loaded from a folder where nothing is installed', async (name, text) => {
    await write(name, text)
    expect(await loadConfig(undefined, folder)).toEqual({
      file: join(folder, name),
      config: parseConfig(leastConfig),
      document: leastConfig,
    })
  })

  it('may be named, and may import its neighbours', async () => {
    await write('plans.ts', "export const paid: readonly string[] = ['price_1']")
    await write(
      'shop.ts',
      `import { paid } from './plans.ts'\nexport default { ...${least}, catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: paid }] } }`,
    )
    expect((await loadConfig('shop.ts', folder)).config).toEqual(parseConfig(leastConfig))
  })

  it('is read anew each time', async () => {
    await write('trueup.config.ts', `export default ${least}`)
    const before = await loadConfig(undefined, folder)
    await write('trueup.config.ts', `export default { ...${least}, match: ['customer.email'] }`)
    const after = await loadConfig(undefined, folder)
    expect(after.config.fingerprint).not.toBe(before.config.fingerprint)
  })

  it('that is not there says how to write one', async () => {
    const error = await errorOf()
    expect(error).toMatchObject({ code: 'config-missing', file: null })
    expect(error.message).toContain(folder)
    expect(error.fix).toContain('trueup init')
    expect(await errorOf('other.ts')).toMatchObject({
      code: 'config-missing',
      file: join(folder, 'other.ts'),
    })
  })

  it.each([
    [
      'a mistake of grammar',
      'trueup.config.ts',
      "import { defineConfig } from 'trueup'\n\nexport default {,}\n",
      3,
    ],
    ['a mistake of grammar', 'trueup.config.mjs', 'export default {\n  a: 1,,\n}\n', 2],
    ['an error when it runs', 'trueup.config.ts', "const a: number = 1\n\n\nthrow new Error('boom')\n", 4],
    ['an import that is not there', 'trueup.config.ts', "import x from './x.ts'\nexport default x\n", 1],
    ['no default export', 'trueup.config.ts', 'export const config = {}\n', null],
    ['a stray comma in JSON', 'trueup.config.json', '{\n  "billing": {},\n  ,\n}\n', 3],
    ['JSON that ends too early', 'trueup.config.json', '{\n  "billing": {\n', 2],
    ['an empty file', 'trueup.config.json', '', 1],
  ])('with %s in %s is broken, with its line', async (_rule, name, text, line) => {
    await write(name, text)
    const error = await errorOf()
    expect(error).toMatchObject({ code: 'config-broken', file: name, line })
    expect(error.message).toContain(line === null ? name : `${name}:${line} could not be loaded`)
  })

  it('that is wrong says so with its name', async () => {
    await write('trueup.config.ts', 'export default { billing: { stripe: {} } }')
    const error = await errorOf()
    expect(error).toMatchObject({ code: 'config-invalid', file: 'trueup.config.ts' })
    expect(error.problems.map(({ path }) => path)).toEqual(['access', 'catalogue'])
  })
})

describe('a configuration that is written', () => {
  it.each<readonly [string, TrueupConfig]>([
    ['least', leastConfig],
    ['most', exampleConfig],
    [
      'odd texts',
      {
        ...leastConfig,
        exceptions: [
          {
            subject: 'user_1',
            allowed: { paid: true },
            reason: 'it\'s "quoted" \\ with\nlines, $dollars, `ticks` and \u2028',
          },
        ],
      },
    ],
  ])('with %s means the same when it is loaded', async (_rule, config) => {
    await write('trueup.config.ts', renderConfig(config))
    expect((await loadConfig(undefined, folder)).config).toEqual(parseConfig(config))
  })

  it('is made to be read', () => {
    expect(renderConfig(leastConfig)).toBe(`import { defineConfig } from 'trueup'

// Keys come from the environment: STRIPE_API_KEY, CLERK_SECRET_KEY, and ACCESS_DATABASE_URL for a database.
export default defineConfig({
  // Where payments promise access.
  billing: { stripe: {} },

  // Where your app keeps the access that it grants.
  access: [
    {
      clerk: {
        users: { customerId: 'private_metadata.customer', premium: 'public_metadata.paid' },
      },
    },
  ],

  // What you sell, lowest plan first; the first plan is what everybody has for free.
  // \`prices\` are Stripe price ids or lookup keys (lookup:pro_yearly); \`values\` are what your app writes.
  catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: ['price_1'] }] },
})
`)
  })

  it('has no line wider than a screen, but for long texts', () => {
    const lines = renderConfig(exampleConfig).split('\n')
    expect(lines.filter((line) => line.length > 110)).toEqual([])
  })
})
