import { type Route, route } from '../request/call.ts'

export const accountRoutes: readonly Route[] = [
  route('GET /v1/account', 'account', (call) => call.state.account, { permission: null }),
]
