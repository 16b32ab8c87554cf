import { PrismaPg } from '@prisma/adapter-pg'
import { type GetPrismaClientConfig, getPrismaClient } from '@prisma/client/runtime/client'
import type { PrismaDatabase, PrismaTransaction } from '../store/prisma/index.ts'

/** What the tests ask of Prisma's client, as a generated one is typed. */
export interface OpenPrisma extends PrismaDatabase<PrismaTransaction> {
  $executeRawUnsafe(query: string): Promise<number>
  $disconnect(): Promise<void>
}

const compiler = '@prisma/client/runtime/query_compiler_fast_bg.postgresql'

/** What `prisma generate` writes for a schema of PostgreSQL without models, so that no generator has to run. */
const config: GetPrismaClientConfig = {
  previewFeatures: [],
  clientVersion: '7.10.0',
  engineVersion: 'none',
  activeProvider: 'postgresql',
  inlineSchema: 'datasource db {\n  provider = "postgresql"\n}\n',
  runtimeDataModel: { models: {}, enums: {}, types: {} },
  parameterizationSchema: { strings: [], graph: 'AAAA' },
  compilerWasm: {
    getRuntime: () => import(`${compiler}.mjs`),
    getQueryCompilerWasmModule: async () => {
      const { wasm } = await import(`${compiler}.wasm-base64.mjs`)
      const { Module } = Reflect.get(globalThis, 'WebAssembly')
      return new Module(Buffer.from(wasm, 'base64'))
    },
    importName: './query_compiler_fast_bg.js',
  },
}

/** The official client of Prisma over PostgreSQL. Its runtime is typed as loosely as generated code needs it. */
export function openPrisma(connectionString: string): OpenPrisma {
  const Client = getPrismaClient(config) as unknown as new (options: object) => OpenPrisma
  return new Client({ adapter: new PrismaPg({ connectionString, max: 8 }) })
}
