// What an account of a given size takes: `npm run bench:scale`. It plays a day minute by minute, with the vendors' limits
// and what the other benches measured, and says what binds first. It measures nothing itself: change the figures below
// when a bench says so.
import { recordResults } from './record-results.ts'

/** Stripe lets a live account read so many times a second; the adapter keeps to 80 % of it. */
const stripeReadsPerSecond = 100 * 0.8
const stripePage = 100
const minutesOfDay = 24 * 60

/** `## check`: user and system time of a check of 100,000 customers on PostgreSQL, by customer. */
const checkCpuMsPerCustomer = 0.26
/** Time that the database of that check takes beside it, by customer. */
const databaseCpuMsPerCustomer = 0.1
/** What the observations and findings of the last check take in the database, by customer. */
const bytesPerCustomer = 3_500
/** Requests to Stripe of a single check: its subscriptions with their invoices, purchases, disputes. */
const stripeReadsOfSingleCheck = 3
const singleCheckCpuMs = 12

/** A customer renews once a month, and each renewal is about three events; changes and failures add a few. */
const eventsPerCustomerAndDay = 0.11
/** Events of one customer come together, and are one check. */
const eventsPerCheck = 3
/** Share of customers whose period begins on the first of the month, within its first hours. */
const shareOnTheFirst = 0.25
const burstHours = 6

interface Day {
  readonly checks: number
  readonly longestWaitMinutes: number
  readonly stripeReads: number
  /** `null`: it does not end within the day. */
  readonly fullCheckHours: number | null
}

/**
 * Plays the busiest day of a month: what comes in each minute waits until the reads of Stripe suffice for it.
 *
 * @param lists whether a list of everything takes the place of single checks where it costs fewer reads than what waits
 */
function play(customers: number, lists: boolean): Day {
  // Subscriptions come with their customers; customers without one are listed beside them.
  const fullReads = Math.ceil(customers / stripePage) * 2
  const readsAMinute = stripeReadsPerSecond * 60
  const usual = (customers * eventsPerCustomerAndDay) / eventsPerCheck / minutesOfDay
  const burst = (customers * shareOnTheFirst) / (burstHours * 60)
  let listLeft = 0
  let listBegan = 0
  let nightly: number | null = null
  let waiting = 0
  /** Of those that wait, how many came before the list that is under way began: it answers for them. */
  let answered = 0
  let longestWait = 0
  let checks = 0
  let spent = 0
  for (let minute = 0; minute < minutesOfDay; minute++) {
    waiting += usual + (minute < burstHours * 60 ? burst : 0)
    let reads = readsAMinute
    const isNight = minute === 3 * 60
    if (listLeft === 0 && (isNight || (lists && waiting * stripeReadsOfSingleCheck > fullReads))) {
      listLeft = fullReads
      listBegan = minute
      answered = lists ? waiting : 0
    }
    // Single checks come first: somebody may be locked out at this moment. With a list under way for them, they share.
    const share = lists && listLeft > 0 ? reads / 2 : reads
    const done = Math.min(Math.max(0, waiting - answered), share / stripeReadsOfSingleCheck)
    waiting -= done
    checks += done
    reads -= done * stripeReadsOfSingleCheck
    const listed = Math.min(listLeft, reads)
    listLeft -= listed
    spent += done * stripeReadsOfSingleCheck + listed
    if (listed > 0 && listLeft === 0) {
      longestWait = Math.max(longestWait, answered > 0 ? minute - listBegan : 0)
      waiting -= answered
      answered = 0
      nightly ??= (minute - listBegan + 1) / 60
    }
    const perMinute = readsAMinute / stripeReadsOfSingleCheck
    if (!lists) longestWait = Math.max(longestWait, waiting / perMinute)
  }
  return { checks, longestWaitMinutes: longestWait, stripeReads: spent, fullCheckHours: nightly }
}

/** Processor time of a day: a full check, and single ones. */
function cpuHours(customers: number, checks: number): number {
  const full = customers * (checkCpuMsPerCustomer + databaseCpuMsPerCustomer)
  return (full + checks * singleCheckCpuMs) / 3_600_000
}

const sizes = [10_000, 100_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000]
const number = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1)
const hours = (value: number | null) => (value === null ? 'not that day' : value.toFixed(1))
const rows = sizes.flatMap((customers) =>
  [false, true].map((lists) => {
    const day = play(customers, lists)
    return [
      number(customers),
      lists ? 'lists where they cost less' : 'single checks',
      number(day.checks),
      number(day.longestWaitMinutes),
      number(day.stripeReads),
      hours(day.fullCheckHours),
      number(cpuHours(customers, day.checks)),
      `${number((customers * bytesPerCustomer) / 1e9)} GB`,
    ].join(' | ')
  }),
)
const text = `The busiest day of a month of one account, played minute by minute; the figures stand in \`bench/scale.ts\`.

| customers | what events lead to | single checks | longest wait, minutes | Stripe reads | full check, hours | processor hours | database |
|---:|---|---:|---:|---:|---:|---:|---:|
${rows.map((row) => `| ${row} |`).join('\n')}
`
await recordResults('scale', 'npm run bench:scale', text)
process.stdout.write(text)
