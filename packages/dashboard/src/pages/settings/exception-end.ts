/** What is read anew after an exception was changed. */
export const refreshedByException = [
  'GET /api/v1/projects/{projectId}/exceptions',
  'GET /api/v1/projects/{projectId}/repairs',
]

/** The end of a day that was chosen, as the API takes it. */
export function endOf(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString()
}
