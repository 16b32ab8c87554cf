import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { type BuiltFile, firstLoad } from './first-load.ts'

/** Compressed script that may be loaded until the overview stands. */
const mostBytes = 250_000

/**
 * Holds the first load of the overview to its limit, and writes every file in the compressed forms that it is served
 * in.
 */
export function finishBuild(): Plugin {
  let files = new Map<string, BuiltFile>()
  let folder = ''
  return {
    name: 'trueup-finish-build',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
      if (config.build.outDir.startsWith('/')) folder = config.build.outDir
    },
    writeBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      files = new Map(
        chunks.map(({ fileName, isEntry, facadeModuleId, imports }) => [
          fileName,
          { isEntry, module: facadeModuleId, imports },
        ]),
      )
    },
    closeBundle() {
      if (files.size === 0) return
      for (const name of compressible(folder)) {
        const content = readFileSync(join(folder, name))
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params }))
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }))
      }
      const loaded = firstLoad(files, ['/src/shell/shell.tsx', '/src/pages/overview/overview.tsx'])
      const bytes = loaded.reduce((sum, name) => sum + readFileSync(join(folder, `${name}.gz`)).byteLength, 0)
      if (bytes <= mostBytes) return
      throw new Error(
        `The overview loads ${bytes} bytes of compressed script; ${mostBytes} are allowed. Load what it does not show at once on demand.`,
      )
    },
  }
}

function compressible(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:html|js|css|svg)$/.test(name),
  )
}
