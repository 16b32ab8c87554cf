import pc from 'picocolors'
import { expect, it } from 'vitest'
import { guideOf } from './tour-guide.ts'

const first = { title: 'Check', why: 'Reads both sides.', commands: ['trueup check'] }
const second = { title: 'Look', why: 'One incident.', commands: [] }

function guided(pause: ((told: () => string) => Promise<void>) | null) {
  let told = ''
  const out = (text: string) => {
    told += text
  }
  const terminal = { out, color: pc.createColors(false), columns: 60 }
  const guide = guideOf(terminal, { steps: 2, pause: pause && (() => pause(() => told)) })
  return { guide, told: () => told }
}

it('says of each step which of how many it is, why it is done and what one would type', async () => {
  const { guide, told } = guided(null)
  await guide.step(first)
  guide.show(['300 customers', '', 'done'])
  await guide.step(second)
  expect(told()).toBe(
    '\n1/2 Check\n    Reads both sides.\n    $ trueup check\n\n    300 customers\n\n    done\n\n2/2 Look\n    One incident.\n\n',
  )
})

it('waits between two steps where somebody reads along, and not before the first', async () => {
  const seen: string[] = []
  const { guide } = guided(async (told) => void seen.push(told()))
  await guide.step(first)
  expect(seen).toEqual([])
  await guide.step(second)
  expect(seen).toHaveLength(1)
  expect(seen[0]).not.toContain('Look')
})
