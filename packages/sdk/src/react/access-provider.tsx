'use client'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { readShownAccess, type ShownAccess } from './shown-access.ts'

/** What {@link useAccess} gives. */
export interface AccessInPage {
  /** `null`: not known yet, or it could not be read. */
  readonly access: ShownAccess | null
  readonly state: 'loading' | 'ready' | 'failed'
  /** Whether a feature is open. False while access is not known. For looks only. */
  hasFeature(feature: string): boolean
  /** Whether the plan is one of these or above the lowest of them. False while access is not known. For looks only. */
  hasPlan(plan: string | readonly string[]): boolean
  /** Asks `load` again. */
  refresh(): Promise<void>
}

export interface AccessProviderProps {
  /** What the server put into the page, or what Clerk's hook gives: the page is right from its first paint. */
  readonly access?: unknown
  /**
   * Asks the app's own endpoint, which answers with `billing.access(subject)`. Called where the page came without
   * `access`, by `refresh`, and when the page is looked at again after it was hidden. Default: never asked.
   */
  readonly load?: () => Promise<unknown>
  /** Ids of plans, lowest first, so that a higher plan opens what a lower one does. Default: each plan stands for itself. */
  readonly plans?: readonly string[]
  readonly children?: ReactNode
}

const AccessContext = createContext<AccessInPage | null>(null)

/**
 * Holds what the subject may use, for the parts below it.
 *
 * @example
 * <AccessProvider access={accessFromServer} load={() => fetch('/api/access').then((answer) => answer.json())}>
 *   <App />
 * </AccessProvider>
 */
export function AccessProvider({ access: given, load, plans, children }: AccessProviderProps) {
  const first = useMemo(() => readShownAccess(given), [given])
  const [read, setRead] = useState<{ readonly access: ShownAccess | null; readonly failed: boolean } | null>(
    null,
  )
  // What was asked for before is older than what is given now.
  useEffect(() => setRead((before) => (before === null || given === undefined ? before : null)), [given])

  const refresh = useCallback(async () => {
    if (load === undefined) return
    try {
      const access = readShownAccess(await load())
      setRead({ access, failed: access === null })
    } catch {
      // Not knowing is a state of the page; what was known before is no longer sure, and nothing is opened by it.
      setRead({ access: null, failed: true })
    }
  }, [load])

  const isMissing = first === null && load !== undefined
  useEffect(() => {
    if (isMissing) void refresh()
  }, [isMissing, refresh])
  useEffect(() => {
    const seen = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [refresh])

  const value = useMemo<AccessInPage>(() => {
    const access = read === null ? first : read.access
    return {
      access,
      state: access ? 'ready' : read?.failed || load === undefined ? 'failed' : 'loading',
      hasFeature: (feature) =>
        access !== null && (access.entitlements === 'every' || access.entitlements.includes(feature)),
      hasPlan: (plan) => access !== null && isPlan(access.plan, plan, plans ?? []),
      refresh,
    }
  }, [first, read, load, plans, refresh])
  return <AccessContext.Provider value={value}>{children}</AccessContext.Provider>
}

/**
 * What the subject may use, for looks: to show, hide or explain. What is worth paying for is guarded on the server, by
 * `billing.access` or a gate, since whoever uses the browser can change what stands in it.
 *
 * @throws Error outside of an `AccessProvider`
 *
 * @example
 * const { access, hasFeature } = useAccess()
 */
export function useAccess(): AccessInPage {
  const value = useContext(AccessContext)
  if (value) return value
  throw new Error('useAccess stands outside of an AccessProvider. Put one around the app.')
}

/** The same where the part works without one as well. */
export function useAccessIfKnown(): ShownAccess | null {
  return useContext(AccessContext)?.access ?? null
}

/** One of these plans, or one above the lowest of them: what the server's gates say. */
function isPlan(own: string, asked: string | readonly string[], plans: readonly string[]): boolean {
  const named = typeof asked === 'string' ? [asked] : asked
  const lowest = Math.min(...named.map((plan) => plans.indexOf(plan)).filter((rank) => rank >= 0))
  return named.includes(own) || plans.indexOf(own) > lowest
}
