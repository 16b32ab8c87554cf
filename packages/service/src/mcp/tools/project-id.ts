import { z } from 'zod'

export const projectId = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('Id of the project, as list_projects gives it. Not needed where there is only one.')
