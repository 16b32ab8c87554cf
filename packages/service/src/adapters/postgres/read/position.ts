/** Where a reading stands: the last key that was read, and the shape that the tables had. */
export interface Position {
  readonly after: string | null
  readonly shape: string
}

/** A position as a cursor keeps it. */
export function writePosition({ after, shape }: Position): string {
  return JSON.stringify({ after, shape })
}

/** @throws Error for what {@link writePosition} did not write: the reading must then begin again. */
export function parsePosition(text: string): Position {
  const position: unknown = JSON.parse(text)
  if (typeof position === 'object' && position !== null && 'after' in position && 'shape' in position) {
    const { after, shape } = position
    if ((after === null || typeof after === 'string') && typeof shape === 'string') return { after, shape }
  }
  throw new Error('The stored position of a reading cannot be read.')
}
