export {
  type ClaimsAuth,
  type ClaimsGateOptions,
  type ClaimsGates,
  createClaimsGates,
} from './create-claims-gates.ts'
export { createGates, type GateOptions, type Gates } from './create-gates.ts'
export {
  type Gate,
  type GateAnswer,
  type GateCode,
  type GatePass,
  type GateRefusal,
  gateCodes,
} from './gate-answer.ts'
export { refusalResponse } from './refusal-response.ts'
