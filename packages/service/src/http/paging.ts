import { z } from '@hono/zod-openapi'

/** What a list takes. `after` is the `next` of the page before. */
export const pageQuery = z.object({
  after: z.string().max(500).optional().openapi({ description: 'The `next` of the page before.' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(25)
    .openapi({ description: 'At most this many, 100 at most.' }),
})

/**
 * What a list gives.
 *
 * @example
 * answer: pageOf(incidentShape)   // { items: [...], next: 'b2Zm...' | null }
 */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Give it as `after` for the next page; null: this is the last.' }),
  })
}

/** What a list takes beside its paging: its filters and its order. */
export function filtersOf({ query }: { readonly query?: z.ZodObject | undefined }): z.ZodObject {
  const { after: _, limit: __, ...filters } = query?.shape ?? {}
  return z.object(filters)
}

export const projectIdParam = z.string().min(1).max(200).openapi({ example: 'prj_k3vq2j6w5xnyt4zr7m2s5b3d' })
