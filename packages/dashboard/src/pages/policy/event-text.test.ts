import { describe, expect, it } from 'vitest'
import { eventsIn } from './event-text.ts'

describe('events of a text stream', () => {
  it('are read whole, and the rest waits for what comes', () => {
    expect(eventsIn('event: progress\ndata: {"pairs":1}\n\nevent: ans')).toEqual({
      events: [{ name: 'progress', data: '{"pairs":1}' }],
      rest: 'event: ans',
    })
  })

  it('have no part in comments that keep the connection open', () => {
    expect(eventsIn(': still here\n\ndata: one\ndata: two\n\n')).toEqual({
      events: [{ name: 'message', data: 'one\ntwo' }],
      rest: '',
    })
  })
})
