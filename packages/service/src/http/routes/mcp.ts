import type { Jobs } from '../../jobs/jobs.ts'
import { answerMcp } from '../../mcp/answer-mcp.ts'
import { ApiError } from '../api-error.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import type { ProjectRoutes } from './project-routes.ts'

/** What the MCP endpoint works with. */
export interface McpRoutes extends ProjectRoutes {
  readonly jobs: Jobs
  readonly version: string
  /** Told of what went wrong in a tool, for the log. */
  readonly onError: (error: unknown) => void
}

/** The endpoint for agents: the Model Context Protocol over streamable HTTP, without sessions. */
export function mcpRoutes({ projects, jobs, version, onError }: McpRoutes): Route[] {
  const noStream = async (): Promise<never> => {
    throw new ApiError({
      code: 'method-unknown',
      message: 'There is no stream and no session here: every request is answered by itself.',
      fix: 'Send each message as a POST.',
    })
  }
  return [
    route('POST /api/mcp', {
      summary: 'Model Context Protocol: tools for agents that read and check, and never write',
      tag: 'MCP',
      rawBody: true,
      produces: 'application/json',
      handle: async ({ raw, principal }) => {
        if (principal.kind === 'nobody') throw new Error('The row of this route lets nobody in unsigned.')
        return await answerMcp(raw, { projects, jobs, asker: principal }, { version, onError })
      },
    }),
    route('GET /api/mcp', { summary: 'Refused: there is no stream to open', tag: 'MCP', handle: noStream }),
    route('DELETE /api/mcp', {
      summary: 'Refused: there is no session to end',
      tag: 'MCP',
      handle: noStream,
    }),
  ]
}
