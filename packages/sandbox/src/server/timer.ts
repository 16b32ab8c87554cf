import { setTimeout as sleep } from 'node:timers/promises'

/** Waiting. Rejects when the signal is aborted. */
export interface Timer {
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Waits in the machine's own time, without keeping the process alive for it. */
export const systemTimer: Timer = {
  async sleep(ms, signal) {
    await sleep(ms, undefined, signal === undefined ? { ref: false } : { ref: false, signal })
  },
}
