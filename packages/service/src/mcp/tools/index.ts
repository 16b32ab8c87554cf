import type { AnyTool } from '../tool.ts'
import { explainDriftTool } from './explain-drift.ts'
import { getAccessLedgerTool } from './get-access-ledger.ts'
import { getCustomerStateTool } from './get-customer-state.ts'
import { getIncidentTool } from './get-incident.ts'
import { listIncidentsTool } from './list-incidents.ts'
import { listProjectsTool } from './list-projects.ts'
import { runCheckTool } from './run-check.ts'

/** Every tool there is. None of them approves, writes or takes back a repair, whoever asks and whatever the key. */
export const tools: readonly AnyTool[] = [
  listProjectsTool,
  listIncidentsTool,
  getIncidentTool,
  explainDriftTool,
  getCustomerStateTool,
  getAccessLedgerTool,
  runCheckTool,
]
