import type { Page } from 'playwright-core'

/**
 * How long the slowest of some acts kept whoever did it waiting: from the key or click until what it changed stood on
 * the screen, as browsers count it (Event Timing, whose sum over a visit is INP), in milliseconds; 16 where none took
 * longer than that, which is the least that browsers tell.
 *
 * @param slowdown how many times slower the processor is made
 */
export async function measureActs(
  page: Page,
  slowdown: number,
  act: (page: Page) => Promise<void>,
): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await page.evaluate(`
    window.slowest = 16
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries())
        if (interactionId > 0) window.slowest = Math.max(window.slowest, duration)
    }).observe({ type: 'event', durationThreshold: 16 })`)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  try {
    await act(page)
    // An entry is told after the frame that it is about.
    await page.evaluate('new Promise((told) => requestAnimationFrame(() => setTimeout(told, 100)))')
    return await page.evaluate<number>('window.slowest')
  } finally {
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await session.detach()
  }
}
