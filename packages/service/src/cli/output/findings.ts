import type { ConnectionFinding } from '@trueup/core'
import type { Terminal } from '../terminal.ts'
import { blockWidth, printable, wrap } from './lay-out.ts'

/** One thing that a check needs, and what was found when it was tried. */
export interface Section {
  readonly name: string
  readonly findings: readonly ConnectionFinding[]
}

/** What Trueup reads with each permission. */
const purposes: Readonly<Record<string, string>> = {
  rak_customer_read: 'who pays',
  rak_subscription_read: 'what each of them subscribes to',
  rak_invoice_read: 'what was paid, and since when a payment is late',
  rak_plan_read: 'what a subscription buys and is worth',
  rak_product_read: 'which product a price sells',
  rak_coupon_read: 'what discounts take off',
  rak_charge_read: 'what was refunded',
  rak_dispute_read: 'what was disputed',
  rak_checkout_session_read: 'what was bought once and for good',
  rak_entitlement_read: 'features that Stripe itself grants',
  rak_event_read: 'what changed between two checks',
}

/** Whether a check can run: a warning does not keep it from that. */
export function isSound(sections: readonly Section[]): boolean {
  return sections.every(({ findings }) => findings.every(isFine))
}

/** How the findings are summed up, where all is well and where it is not. */
export interface VerdictWords {
  readonly sound: string
  readonly mend: string
}

const wordsOfCheck: VerdictWords = { sound: 'A check can run', mend: 'to mend before a check can run' }

/** The findings for people, each with how to mend it. */
export function renderFindings(
  sections: readonly Section[],
  { color, columns }: Pick<Terminal, 'color' | 'columns'>,
  words = wordsOfCheck,
): string {
  const width = blockWidth(columns)
  const marks = {
    ok: color.green('✓'),
    warning: color.yellow('!'),
    missing: color.red('✗'),
    failed: color.red('✗'),
  }
  const lines = ({ name, state, found, fix }: ConnectionFinding, indent: string) => {
    const purpose = purposes[name] ? `: ${purposes[name]}` : ''
    const told = found
      .split('\n')
      .flatMap((line) => wrap(printable(`${line}${state === 'ok' ? purpose : ''}`), width - indent.length))
    const mend = fix === null ? [] : wrap(printable(fix), width - indent.length - 2)
    return [
      ...told.map((line, index) =>
        index === 0 ? `  ${marks[state]} ${name.padEnd(indent.length - 4)}${line}` : `${indent}${line}`,
      ),
      ...mend.map((line, index) => color.dim(`${indent}${index === 0 ? '→ ' : '  '}${line}`)),
    ]
  }
  const blocks = sections.map(({ name, findings }) => {
    const indent = ' '.repeat(Math.max(...findings.map((finding) => finding.name.length)) + 6)
    return [color.bold(name), ...findings.flatMap((finding) => lines(finding, indent))].join('\n')
  })
  return `${[...blocks, verdict(sections, color, words)].join('\n\n')}\n`
}

function verdict(sections: readonly Section[], color: Terminal['color'], words: VerdictWords): string {
  const all = sections.flatMap(({ findings }) => findings)
  const wrong = all.filter((finding) => !isFine(finding)).length
  const warnings = all.filter(({ state }) => state === 'warning').length
  if (wrong > 0) return color.bold(color.red(`${wrong} ${words.mend}.`))
  const beside = warnings > 0 ? `, with ${warnings === 1 ? 'one warning' : `${warnings} warnings`}` : ''
  return color.bold(color.green(`${words.sound}${beside}.`))
}

function isFine({ state }: ConnectionFinding): boolean {
  return state === 'ok' || state === 'warning'
}
