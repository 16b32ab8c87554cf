import { Outlet } from '@tanstack/react-router'
import { Mark } from '../../shell/rail.tsx'

/** What stands around the pages for those who are not signed in. */
export function Frame() {
  return (
    <main className="flex min-h-dvh flex-col items-center bg-page px-4 py-10 sm:justify-center">
      <div className="mb-6 flex items-center gap-2 font-semibold text-lg">
        <Mark />
        Trueup
      </div>
      <div className="w-full max-w-sm rounded-xl border border-line bg-surface p-6 shadow-card">
        <Outlet />
      </div>
      <p className="mt-6 text-center text-muted text-sm">
        Keeps what people can use equal to what they paid for.
      </p>
    </main>
  )
}
