import './theme.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { setCallbacks } from './api/call.ts'
import { createQueryClient } from './api/query.ts'
import { createDashboardRouter } from './router.tsx'
import { askToConfirm } from './session/confirm-dialog.tsx'
import { applyTheme } from './session/theme.ts'

applyTheme()
const client = createQueryClient()
const router = createDashboardRouter(client)

setCallbacks({
  confirm: askToConfirm,
  onSignedOut() {
    const { pathname, href } = router.state.location
    if (['/sign-in', '/sign-up', '/invite', '/reset-password'].includes(pathname)) return
    client.clear()
    void router.navigate({ to: '/sign-in', search: { to: href } })
  },
})

const place = document.getElementById('root')
if (!place) throw new Error('The page has no place for the dashboard.')
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
