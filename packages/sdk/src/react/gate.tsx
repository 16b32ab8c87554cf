'use client'
import type { ReactNode } from 'react'
import { useAccess } from './access-provider.tsx'

export interface GateProps {
  /** A plan or several: one of these or, where the provider knows the order of plans, one above the lowest of them. */
  readonly plan?: string | readonly string[]
  readonly feature?: string
  /** What is shown to those for whom it is closed, such as an `UpgradePrompt`. Default: nothing. */
  readonly fallback?: ReactNode
  /** What is shown while access is not known yet. Default: nothing. */
  readonly loading?: ReactNode
  readonly children?: ReactNode
}

/**
 * Shows its children to those who may use them. For looks only: its children are in the page's script, and whoever uses
 * the browser can open it. The server must guard what they show, by a gate of its own. What could not be read is closed.
 *
 * @example
 * <Gate feature="reports" fallback={<UpgradePrompt plan="Pro" act="/billing" />}>
 *   <Reports />
 * </Gate>
 */
export function Gate({ plan, feature, fallback = null, loading = null, children }: GateProps) {
  const { state, hasPlan, hasFeature } = useAccess()
  if (state === 'loading') return loading
  const isAsked = plan !== undefined || feature !== undefined
  const isOpen =
    isAsked && (plan === undefined || hasPlan(plan)) && (feature === undefined || hasFeature(feature))
  return isOpen ? children : fallback
}
