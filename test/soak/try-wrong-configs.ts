// Tries some of the wrong configurations, and prints what came of each on a line of its own. A process of its own, so that
// several run side by side: `try-wrong-configs.ts <configurations> <customers> <first> <step> <kind>`.
import { tryWrongConfig, wrongConfigs } from '../support/wrong-configs.ts'

const [count = 0, customers = 0, first = 0, step = 1] = process.argv.slice(2, 6).map(Number)
const [kind = ''] = process.argv.slice(6)
const wanted = wrongConfigs(count, 1).filter(({ name }) => name.startsWith(kind))
for (const [place, wrong] of wanted.entries()) {
  if (place % step !== first) continue
  process.stdout.write(`${JSON.stringify(await tryWrongConfig(wrong, customers))}\n`)
}
