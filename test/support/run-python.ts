import { spawnSync } from 'node:child_process'

/** Why Python cannot be run here; `null`: it can. */
export const pythonMissing: string | null =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0
    ? null
    : 'python3 (3.8 or newer) is not installed'

/** Runs a Python program to its end and reads the lines of JSON that it printed. */
export function runPython<Line>(
  args: readonly string[],
  input = '',
): { readonly status: number | null; readonly lines: readonly Line[] } {
  const { status, stdout, stderr } = spawnSync('python3', args, {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  if (stderr !== '' && lines.length === 0) throw new Error(stderr)
  return { status, lines: lines.map((line) => JSON.parse(line) as Line) }
}
