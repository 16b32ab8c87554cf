import type { FaultInput, Sandbox } from '@trueup/sandbox'

/** Ways in which both vendors misbehave for a whole check, each with whether a check can still be complete. */
export const faultProfiles: readonly {
  readonly name: string
  readonly faults: readonly FaultInput[]
  readonly survivable: boolean
}[] = [
  {
    name: 'one answer in ten is 429',
    faults: [{ kind: 'rate-limited', rate: 0.1, retryAfterSeconds: 1 }],
    survivable: true,
  },
  {
    name: 'one answer in ten is 500 or 503',
    faults: [
      { kind: 'server-error', rate: 0.05 },
      { kind: 'server-error', status: 503, rate: 0.05 },
    ],
    survivable: true,
  },
  { name: 'one connection in ten is reset', faults: [{ kind: 'reset', rate: 0.1 }], survivable: true },
  { name: 'one body in ten is cut off', faults: [{ kind: 'cut-body', rate: 0.1 }], survivable: true },
  { name: 'the key is revoked half-way', faults: [{ kind: 'key-revoked', from: 8 }], survivable: false },
  { name: 'an outage begins half-way', faults: [{ kind: 'outage', from: 8 }], survivable: false },
]

/** Sets faults on one side or both. */
export async function setFaults(
  sandbox: Sandbox,
  sides: readonly ('stripe' | 'clerk')[],
  faults: readonly FaultInput[],
): Promise<void> {
  for (const side of sides) {
    const answer = await fetch(`${sandbox[side].url}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    })
    if (answer.status !== 201) throw new Error(`The faults were not taken: ${await answer.text()}`)
  }
}
