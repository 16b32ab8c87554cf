import { plainName } from './column-traits.ts'
import type { DescribedColumn, DescribedTable } from './described-schema.ts'
import { tablePath, tableText } from './table-name.ts'

/** Rows of another table that belong to a subject, with what speaks for it. */
export interface RelatedProposal<Shape> {
  readonly shape: Shape
  readonly evidence: readonly string[]
  readonly weight: number
}

export interface EntitlementRowsShape {
  readonly table: string
  readonly subject: string
  readonly feature: string
  readonly enabled?: string
}

export interface MemberRowsShape {
  readonly table: string
  readonly organization: string
}

const entitlementTable = /entitlement|feature|permission|capabilit|addon/
const featureColumn =
  /^(feature|entitlement|permission|capability|addon)(key|name|slug|code|id)?$|^(lookup)?key$|^name$|^slug$|^code$/
const enabledColumn = /^(is)?(enabled|active|granted|allowed|on)$/
const memberTable = /member|seat|(users|people)$|^user/
const personColumn = /^(clerk|auth)?(user|member|person|profile|account)(id|uid)?$|^e?mail$/

/** Tables that have a row for each feature of a row of this one, the likeliest first. */
export function entitlementRowsOf(
  owner: DescribedTable,
  key: DescribedColumn,
  tables: readonly DescribedTable[],
): readonly RelatedProposal<EntitlementRowsShape>[] {
  return related(owner, key, tables, (table, link) => {
    const feature = table.columns.find(
      (column) =>
        column.kind === 'text' && column !== link.column && featureColumn.test(plainName(column.name)),
    )
    if (!feature || !entitlementTable.test(plainName(table.table))) return null
    const enabled = table.columns.find(
      (column) => column.kind === 'flag' && enabledColumn.test(plainName(column.name)),
    )
    return {
      shape: {
        table: tableText(table),
        subject: link.column.name,
        feature: feature.name,
        ...(enabled ? { enabled: enabled.name } : {}),
      },
      evidence: [
        link.said,
        `${feature.name} names the feature`,
        ...(enabled ? [`${enabled.name} switches it on`] : []),
      ],
      weight: link.weight + (enabled ? 5 : 0),
    }
  })
}

/** Tables that have a row for each member of a row of this one, the likeliest first. */
export function memberRowsOf(
  owner: DescribedTable,
  key: DescribedColumn,
  tables: readonly DescribedTable[],
): readonly RelatedProposal<MemberRowsShape>[] {
  return related(owner, key, tables, (table, link) => {
    const name = plainName(table.table)
    const person = table.columns.find(
      (column) => column !== link.column && personColumn.test(plainName(column.name)),
    )
    if (!person || !memberTable.test(name)) return null
    return {
      shape: { table: tableText(table), organization: link.column.name },
      evidence: [link.said, `${person.name} says who`],
      weight: link.weight + (name.includes('member') ? 20 : 0),
    }
  })
}

interface Link {
  readonly column: DescribedColumn
  readonly said: string
  readonly weight: number
}

function related<Shape>(
  owner: DescribedTable,
  key: DescribedColumn,
  tables: readonly DescribedTable[],
  offer: (table: DescribedTable, link: Link) => RelatedProposal<Shape> | null,
): readonly RelatedProposal<Shape>[] {
  return tables
    .filter((table) => table !== owner)
    .flatMap((table) => {
      const links = table.columns.flatMap((column) => linkOf(column, owner, key) ?? [])
      return links.flatMap((link) => offer(table, link) ?? [])
    })
    .toSorted((a, b) => b.weight - a.weight)
}

function linkOf(column: DescribedColumn, owner: DescribedTable, key: DescribedColumn): Link | null {
  const { references } = column
  if (references) {
    const isOwner = references.schema === owner.schema && references.table === owner.table
    if (!isOwner || references.column !== key.name) return null
    return { column, said: `${column.name} is a foreign key to ${tablePath(owner)}.${key.name}`, weight: 60 }
  }
  if (column.kind !== key.kind || !namesOwner(column.name, owner)) return null
  return {
    column,
    said: `${column.name} is named after ${tablePath(owner)}, without a foreign key`,
    weight: 30,
  }
}

/** `team_id`, `teamId` and `team` for a table `teams`; `org_id` for `organizations`. */
function namesOwner(column: string, owner: DescribedTable): boolean {
  const name = plainName(column).replace(/(id|uid|uuid)$/, '')
  const table = plainName(owner.table)
  const singular = table.replace(/ies$/, 'y').replace(/s$/, '')
  return name === singular || name === table || (name === 'org' && /^org(anizations?|s)?$/.test(table))
}
