/** Why a tool gives no answer. `fix` is our own text, with nothing from outside in it. */
export class McpError extends Error {
  override readonly name = 'McpError'
  readonly code: string
  readonly fix: string

  constructor(code: string, fix: string) {
    super(code)
    this.code = code
    this.fix = fix
  }
}

/**
 * What a tool answers for an error: its code alone where its words may quote what came from outside; what is not told
 * to anybody becomes `failed`.
 */
export function toldError(error: unknown): { readonly code: string; readonly fix: string } {
  if (error instanceof McpError) return { code: error.code, fix: error.fix }
  const code = error instanceof Error && 'code' in error && 'fix' in error ? error.code : null
  if (typeof code === 'string' && /^[a-z][a-z-]{1,40}$/.test(code)) {
    return { code, fix: 'Look at it in the dashboard or with the command line, which say more.' }
  }
  return { code: 'failed', fix: 'Something went wrong here. Try again; if it stays, look into the log.' }
}
