import { Gate, UpgradePrompt } from '@trueup/sdk/react'
import { useEffect, useState } from 'react'
import type { PageData } from './page-data.ts'
import { send } from './send.ts'

/** What is paid for. The gate here is for looks; what it shows comes from a route that has a gate of its own. */
export function Reports({ data }: { readonly data: PageData }) {
  return (
    <>
      <h1>Reports</h1>
      <Gate
        feature="reports"
        fallback={
          <UpgradePrompt what="Reports" plan="Pro" href="/billing">
            <p>See how much your team wrote, week by week.</p>
          </UpgradePrompt>
        }
      >
        <Weeks clerkUrl={data.clerkUrl} />
      </Gate>
    </>
  )
}

function Weeks({ clerkUrl }: { readonly clerkUrl: string }) {
  const [answer, setAnswer] = useState<{ readonly said: string } | null>(null)
  useEffect(() => {
    send(clerkUrl, '/api/reports').then(
      (report) => setAnswer({ said: `Notes written: ${Object(report).notes}` }),
      (error: unknown) => setAnswer({ said: error instanceof Error ? error.message : String(error) }),
    )
  }, [clerkUrl])
  return <p role="status">{answer?.said ?? 'Counting'}</p>
}
