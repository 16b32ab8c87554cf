import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const core = join(root, 'packages/core/src')

/** The stages of the loop in their order: each may import what stands before it, never what comes after. */
const stages = [
  'access',
  'price',
  'subject',
  'promise',
  'grant',
  'match',
  'check',
  'incident',
  'cause',
  'money',
  'repair',
  'ledger',
] as const
/** What stands below all stages and knows none of them. */
const foundations = ['json', 'refusal.ts', 'source-error.ts', 'ledger/draft.ts']

interface Import {
  readonly from: string
  readonly to: string
}

describe('core', () => {
  test('imports run one way, in the order of the loop', () => {
    expect(wrongArrows(importsWithin(core))).toEqual([])
  })

  test('an arrow that is turned round is noticed', () => {
    const turned: Import[] = [
      { from: 'promise/promise-of.ts', to: 'check/check.ts' },
      { from: 'grant/granted.ts', to: 'incident/incident.ts' },
      { from: 'access/access.ts', to: 'store.ts' },
      { from: 'check/check.ts', to: 'loop.ts' },
    ]
    expect(wrongArrows(turned)).toHaveLength(turned.length)
    const rightWay = turned.slice(0, 2).map(({ from, to }) => ({ from: to, to: from }))
    expect(wrongArrows(rightWay)).toEqual([])
  })

  test('has no dependency and imports nothing from Node or from any package', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('peerDependencies')
    expect(foreignImports(core)).toEqual([])
  })

  test('knows no clock, no chance, no network and no environment', () => {
    expect(ambientUses(core)).toEqual([])
  })
})

describe('packages', () => {
  test('the sandbox stands alone', () => {
    const ours = foreignImports(join(root, 'packages/sandbox/src')).filter(({ to }) =>
      /^(@trueup\/|trueup$)/.test(to),
    )
    expect(ours).toEqual([])
  })

  test('the service takes time, chance and environment through its ports alone', () => {
    // `system.ts` stands for the ports, the command line's edge is where a process begins.
    const edges = [
      'adapters/system.ts',
      'bin.ts',
      'cli/run-cli.ts',
      'cli/terminal.ts',
      'cli/doctor-command.ts',
    ]
    const service = join(root, 'packages/service/src')
    expect(ambientUses(service).filter(({ from }) => !edges.includes(from))).toEqual([])
  })
})

describe('the SDK', () => {
  const sdk = join(root, 'packages/sdk')
  const isOfTests = ({ from }: { readonly from: string }) => from.startsWith('testbed/')

  test('depends on core alone, and on official clients and libraries that the app hands in', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({ dependencies: { '@trueup/core': expect.any(String) } })
    expect(Object.keys(Object(Reflect.get(Object(manifest), 'dependencies')))).toEqual(['@trueup/core'])
  })

  test('imports nothing from Node', () => {
    const nodes = foreignImports(join(sdk, 'src')).filter(
      (each) => !isOfTests(each) && /^(node:|fs$|crypto$|http$|path$)/.test(each.to),
    )
    expect(nodes).toEqual([])
  })

  test('takes time and chance through its ports alone', () => {
    const uses = ambientUses(join(sdk, 'src')).filter(
      (each) => !isOfTests(each) && each.from !== 'system.ts' && !/^(react|next)\//.test(each.from),
    )
    expect(uses).toEqual([])
  })
})

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|mjs)$/.test(file) && !/\.test\.ts$|(^|\/)(recorded[^/]*\.ts$|contract\/)/.test(file),
  )
}

function importedPaths(file: string): string[] {
  return ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map(({ fileName }) => fileName)
}

function importsWithin(folder: string): Import[] {
  return sourceFiles(folder).flatMap((from) =>
    importedPaths(join(folder, from))
      .filter((path) => path.startsWith('.'))
      .map((path) => ({ from, to: relative(folder, resolve(folder, dirname(from), path)) })),
  )
}

function foreignImports(folder: string): Import[] {
  return sourceFiles(folder).flatMap((from) =>
    importedPaths(join(folder, from))
      .filter((path) => !path.startsWith('.'))
      .map((to) => ({ from, to })),
  )
}

/** Imports that lead from a stage to a later one, or from a stage to what is put together from stages. */
function wrongArrows(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const at = stageOf(from)
    if (at === null) return []
    const target = stageOf(to)
    const isFoundation = foundations.some((name) => to === name || to.startsWith(`${name}/`))
    const isWrong = !isFoundation && (target === null || target > at)
    return isWrong ? [`${from} -> ${to}`] : []
  })
}

function stageOf(file: string): number | null {
  const place = stages.findIndex((stage) => file.startsWith(`${stage}/`))
  return place < 0 ? null : place
}

const ambient =
  /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|(?<![.\w])fetch\(|\bprocess\.env\b|\brandomUUID\(|\bperformance\.now\(/

function ambientUses(folder: string): { readonly from: string; readonly found: string }[] {
  return sourceFiles(folder).flatMap((from) =>
    readFileSync(join(folder, from), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && ambient.test(line))
      .map((line) => ({ from, found: line.trim() })),
  )
}
