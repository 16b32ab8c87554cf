import { hour } from '../stripe/engine/calendar.ts'
import { freeAccess } from './app-access.ts'
import { bySubscription, longOver, monthlyLines, planLines, running } from './bought.ts'
import { freeUser, household, makeCustomerLife, subjectLives } from './household.ts'
import type { LabelSubject } from './label.ts'
import type { Told } from './life.ts'
import type { Scene } from './scene.ts'
import { drawSituation } from './situations.ts'

/** A customer and a subject between whom all is well: the app gives what the situation asks for. */
export function tellHealthy(scene: Scene, type: LabelSubject['type']): Told {
  if (scene.chance(2)) return strangerWhoLeft(scene)
  const situation = drawSituation(scene, type)
  const bought = situation.tell(scene, type)
  const has = situation.right === 'owed' || (situation.right === 'either' && scene.chance(60))
  return household(scene, type, bought, has ? bought.opens : freeAccess)
}

/** Somebody with an account and without a customer. */
export function tellFreeUser(scene: Scene): Told {
  return { customers: [], subjects: [freeUser(scene, scene.subjectId('user'), scene.daysAgo(1, 500))] }
}

/** An old customer whose account is long gone, and who pays nothing: nobody is missing anything. */
function strangerWhoLeft(scene: Scene): Told {
  const bought = bySubscription(longOver(scene, planLines(scene, 'user')), 'left, and deleted their account')
  const { name, email, first, last } = scene.person()
  const customer = makeCustomerLife(scene, bought, { name, email, metadata: {} })
  if (scene.access === 'clerk' || scene.chance(30)) return { customers: [customer], subjects: [] }
  // A row marked as deleted goes on saying what it granted; nobody can sign in to use it.
  const subjects = subjectLives(
    scene,
    { type: 'user', id: scene.subjectId('user') },
    {
      who: { name, email, first, last },
      company: null,
      gives: scene.chance(50) ? bought.opens : freeAccess,
      customerId: customer.id,
      knownSince: customer.createdAt,
      inClerk: 'missing',
      deletedAt: scene.daysAgo(1, 50),
    },
  )
  return { customers: [customer], subjects }
}

/** Something that happened in the last minutes, and that the other side may still be told of. */
export function tellSettling(scene: Scene, type: LabelSubject['type']): Told {
  const justNow = scene.now - scene.between(30, 480)
  if (scene.chance(50)) {
    const lines = monthlyLines(scene, type)
    const life = running(scene, lines, {
      startedAt: justNow,
      periodStart: justNow,
      periodEnd: justNow + 30 * 24 * hour,
    })
    const home = household(scene, type, bySubscription(life, 'bought a plan'), freeAccess)
    return {
      ...home,
      settling: [
        {
          subject: home.subject,
          customer: home.customer.id,
          kind: 'paid-without-access',
          component: 'paid',
          story: 'They bought a plan minutes ago; the webhook is still under way.',
        },
      ],
    }
  }
  const bought = bySubscription(longOver(scene, monthlyLines(scene, type)), 'left some time ago')
  const home = household(scene, type, bought, bought.opens, { updatedAt: justNow })
  return {
    ...home,
    settling: [
      {
        subject: home.subject,
        customer: home.customer.id,
        kind: 'access-without-payment',
        component: 'paid',
        story: 'The app opened the plan minutes ago; the payment for it has not reached Stripe yet.',
      },
    ],
  }
}
