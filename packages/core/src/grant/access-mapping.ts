import type { Component } from '../access/access.ts'
import { components } from '../access/access.ts'
import type { SourceComponents } from '../subject/source-components.ts'
import type { SubjectType } from '../subject/subject.ts'
import { mappedComponents } from './clerk/parse-mapping.ts'
import type { ClerkMapping } from './clerk-mapping.ts'
import type { PostgresMapping } from './postgres-mapping.ts'

/** Which components an app pushes or imports for one type of subject; it names no places, since none are read. */
export interface PushedMapping {
  readonly components: readonly Component[]
}

interface MappingByKind {
  readonly clerk: ClerkMapping
  readonly postgres: PostgresMapping
  readonly pushed: PushedMapping
}

/** What kind of store keeps what is granted. Closed list. */
export type AccessKind = keyof MappingByKind

/**
 * Where one access source keeps what is granted, for each type of subject that it holds. A project has any number of
 * them; `name` tells them apart and stands in readings, evidence and repairs.
 */
export type AccessMapping = {
  readonly [Kind in AccessKind]: {
    readonly kind: Kind
    readonly name: string
    readonly mappings: Readonly<Partial<Record<SubjectType, MappingByKind[Kind]>>>
  }
}[AccessKind]

/**
 * The components that a source lets a check compare. What it does not map is not compared for it, even where another
 * source maps it.
 *
 * @example
 * componentsOf(clerk) // { source: 'clerk', components: { user: ['paid', 'plan'] } }
 */
export function componentsOf(access: AccessMapping): SourceComponents {
  return { source: access.name, components: byType(access) }
}

function byType(access: AccessMapping): SourceComponents['components'] {
  switch (access.kind) {
    case 'clerk':
      return ofEach(access.mappings, mappedComponents)
    case 'postgres':
      return ofEach(access.mappings, ofColumns)
    case 'pushed':
      return ofEach(access.mappings, (mapping) => mapping.components)
  }
}

function ofEach<Mapping>(
  mappings: Readonly<Partial<Record<SubjectType, Mapping>>>,
  of: (mapping: Mapping) => readonly Component[],
): SourceComponents['components'] {
  return {
    ...(mappings.user ? { user: of(mappings.user) } : {}),
    ...(mappings.organization ? { organization: of(mappings.organization) } : {}),
  }
}

/** Members alone are seats too: they are counted against the seats that are allowed. */
function ofColumns(mapping: PostgresMapping): readonly Component[] {
  const places: Readonly<Record<Component, unknown>> = {
    paid: mapping.premium,
    plan: mapping.plan,
    trialEndsAt: mapping.trialEndsAt,
    entitlements: mapping.entitlements,
    seats: mapping.seats ?? mapping.members,
  }
  return components.filter((component) => places[component])
}
