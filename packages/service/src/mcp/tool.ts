import type { z } from 'zod'
import type { Jobs } from '../jobs/jobs.ts'
import type { ProjectService } from '../project/project-service.ts'
import type { Asker } from './reach-project.ts'

/** What every tool works with. There is nothing in it that approves or writes a repair, and no tool asks for more. */
export interface ToolContext {
  readonly projects: ProjectService
  readonly jobs: Jobs
  readonly asker: Asker
}

/** One tool as an agent sees it. */
export interface Tool<Input extends z.ZodRawShape, Output extends z.ZodRawShape> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Input
  readonly output: Output
  /** Whether it asks the vendors; the others look at what was read before. */
  readonly asksVendors: boolean
  run(context: ToolContext, input: z.output<z.ZodObject<Input>>): Promise<z.output<z.ZodObject<Output>>>
}

/** A tool of any shape, for lists of them. */
export interface AnyTool extends Omit<Tool<z.ZodRawShape, z.ZodRawShape>, 'run'> {
  run(context: ToolContext, input: unknown): Promise<Record<string, unknown>>
}

export function tool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  declared: Tool<Input, Output>,
): AnyTool {
  return { ...declared, run: declared.run as AnyTool['run'] }
}
