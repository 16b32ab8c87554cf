import type { Component } from '../access/access.ts'
import { components } from '../access/access.ts'
import type { SubjectType } from './subject.ts'

/**
 * Which components of access one source can say anything of, by type of subject; a type that it does not hold is
 * left out. What a source does not map is not compared for it, even where another source maps it.
 */
export interface SourceComponents {
  readonly source: string
  readonly components: Readonly<Partial<Record<SubjectType, readonly Component[]>>>
}

/**
 * The components that this source maps for this type of subject.
 *
 * @throws Error for a source that the project does not have: a reading of it could not be judged by any mapping.
 */
export function componentsIn(
  mapped: readonly SourceComponents[],
  source: string,
  type: SubjectType,
): readonly Component[] {
  const found = mapped.find((candidate) => candidate.source === source)
  if (!found)
    throw new Error(`There is a reading of the source ${source}, and the project has no such source.`)
  return found.components[type] ?? []
}

/** The sources that hold subjects of this type, in the order of the project. */
export function sourcesOf(mapped: readonly SourceComponents[], type: SubjectType): readonly string[] {
  return mapped.flatMap(({ source, components: of }) => (of[type] ? [source] : []))
}

/**
 * The different lists of components under which subjects of this type are compared: one where all sources map the
 * same, none where no source holds the type.
 */
export function viewsOf(
  mapped: readonly SourceComponents[],
  type: SubjectType,
): readonly (readonly Component[])[] {
  const views = new Map<string, readonly Component[]>()
  for (const { components: of } of mapped) {
    const own = of[type]
    if (own) views.set(viewName(own), inOrder(own))
  }
  return [...views.values()]
}

/** Equal for lists that hold the same components. */
export function viewName(mapped: readonly Component[]): string {
  return inOrder(mapped).join('+')
}

function inOrder(mapped: readonly Component[]): readonly Component[] {
  return components.filter((component) => mapped.includes(component))
}
