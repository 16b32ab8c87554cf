/** A file of the build, as the bundler tells of it. */
export interface BuiltFile {
  readonly isEntry: boolean
  /** The module that it was made for, where it is loaded on demand. */
  readonly module: string | null
  /** The files that are loaded before it runs. */
  readonly imports: readonly string[]
}

/**
 * The scripts that are loaded until a page stands: the entry, the shell, the page, and what they import.
 *
 * @throws Error where a module has no file of its own
 * @example
 * firstLoad(files, ['/src/shell/shell.tsx', '/src/pages/overview/overview.tsx'])   // ['assets/index-1.js', …]
 */
export function firstLoad(
  files: ReadonlyMap<string, BuiltFile>,
  modules: readonly string[],
): readonly string[] {
  const all = [...files]
  const begun = all.filter(([, { isEntry }]) => isEntry).map(([name]) => name)
  for (const module of modules) {
    const found = all.find(([, file]) => file.module?.endsWith(module))
    if (!found)
      throw new Error(`${module} has no file of its own: it is no longer loaded on demand, or was renamed.`)
    begun.push(found[0])
  }
  const reached = new Set<string>()
  for (let name = begun.pop(); name !== undefined; name = begun.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    begun.push(...(files.get(name)?.imports ?? []))
  }
  return [...reached].toSorted()
}
