import { visible } from '../../ui/untrusted.tsx'

/** What stands in a record before and after a change, a field under the other. */
export function Diff({
  changes,
}: {
  readonly changes: readonly {
    readonly field: string
    readonly before?: unknown
    readonly after?: unknown
  }[]
}) {
  return (
    <table className="w-full table-fixed overflow-hidden rounded-md border border-line font-mono text-xs">
      <caption className="sr-only">Before and after</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field} className="grid border-line border-t first:border-t-0">
            <th scope="row" className="break-words bg-sunken px-3 py-1.5 text-left font-medium">
              <bdi>{visible(field)}</bdi>
            </th>
            <td className="break-words bg-danger-soft px-3 py-1.5 text-danger">
              <span aria-hidden>− </span>
              <bdi>{written(before)}</bdi>
            </td>
            <td className="break-words bg-success-soft px-3 py-1.5 text-success">
              <span aria-hidden>+ </span>
              <bdi>{written(after)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function written(value: unknown): string {
  if (value === undefined) return '(absent)'
  return visible(JSON.stringify(value)).slice(0, 2_000)
}
