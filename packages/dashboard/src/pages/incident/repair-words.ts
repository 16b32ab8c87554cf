import type { Shape } from '../../api/operation.ts'
import type { Tone } from '../../ui/badge.tsx'

export type Repair = Shape<'Repair'>
export type RepairState = Repair['state']

/** What a repair's state is called, and what it means for whoever looks at it. */
export const repairStateWords: Readonly<
  Record<RepairState, { readonly name: string; readonly tone: Tone; readonly meaning: string }>
> = {
  proposed: {
    name: 'Proposed',
    tone: 'info',
    meaning: 'Nothing is written before a person has approved exactly this change.',
  },
  approved: { name: 'Approved', tone: 'accent', meaning: 'It can be applied. The word holds for 24 hours.' },
  executing: {
    name: 'Being written',
    tone: 'warning',
    meaning: 'It was sent; what became of it is not known yet. Going on finds out, and writes nothing twice.',
  },
  applied: {
    name: 'Applied',
    tone: 'warning',
    meaning: 'It is written, and not read a second time yet. Going on reads both sides again.',
  },
  verified: {
    name: 'Verified',
    tone: 'success',
    meaning: 'It is written, and the second reading found both sides in agreement.',
  },
  differs: {
    name: 'Not verified',
    tone: 'danger',
    meaning: 'It is written, and the second reading was not what it should have been.',
  },
  conflict: {
    name: 'Conflict',
    tone: 'warning',
    meaning: 'A value was not what it had been, so nothing was written. Check again for a new proposal.',
  },
  superseded: {
    name: 'Superseded',
    tone: 'neutral',
    meaning: 'Read again before writing, the drift was gone or another one. Nothing was written.',
  },
  expired: { name: 'Expired', tone: 'neutral', meaning: 'The approval ran out before it was applied.' },
  rejected: {
    name: 'Rejected',
    tone: 'neutral',
    meaning: 'A person said no. The same values are not proposed again.',
  },
  denied: {
    name: 'Denied',
    tone: 'danger',
    meaning: 'The target’s own rule or limit said no. Nothing was written.',
  },
  abandoned: {
    name: 'Abandoned',
    tone: 'neutral',
    meaning: 'Given up for good: the target can no longer write it, however late.',
  },
  untold: {
    name: 'Cannot be told',
    tone: 'danger',
    meaning: 'The target keeps no journal, so what became of it cannot be told. Look at the record yourself.',
  },
}

/** What has to happen for a repair to be written. */
export const twoPersonWords: Readonly<Record<Repair['twoPersonReasons'][number], string>> = {
  'many-rows': 'Many are repaired together, so two persons have to approve.',
  'takes-from-payer': 'It takes access from somebody who pays, so two persons have to approve.',
}

export const howWords: Readonly<Record<Repair['how'], string>> = {
  function: 'By the repair function in the app’s database, within its own limits',
  'plain-role': 'By a role that may update the mapped columns',
  'merge-patch': 'By a merge patch in Clerk, of the named keys only',
  callback: 'By the app itself, asked by a signed message',
}
