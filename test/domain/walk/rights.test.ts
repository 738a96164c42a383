import { describe, expect, test } from 'vitest'
import { accept } from '../../../src/domain/decide/accept.ts'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { addNews } from '../../../src/domain/decide/add-news.ts'
import { contestReturn } from '../../../src/domain/decide/contest-return.ts'
import { correctAttempt } from '../../../src/domain/decide/correct-attempt.ts'
import type { Actor, Decided, Refusal } from '../../../src/domain/decide/decision.ts'
import { answeredByNextRound, handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../../src/domain/decide/pause.ts'
import { markReady } from '../../../src/domain/decide/ready.ts'
import { giveBack, reassign } from '../../../src/domain/decide/reassign.ts'
import { reportDeal } from '../../../src/domain/decide/report-deal.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { ruleOnReturn } from '../../../src/domain/decide/rule-on-return.ts'
import { snoozeReminder } from '../../../src/domain/decide/snooze.ts'
import { type Handoff, pressingDeadline } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandOff,
  aHandoff,
  anActor,
  ben,
  contested,
  handoffOf,
  minutesAfter,
  paused,
  returned,
  ruled,
  withAttempt,
  withDeal,
} from '../../support/builders.ts'
import { people as everyone, settings } from './settings.ts'

/**
 * Who may do what, by how a handoff stands: written by hand from what the product promises, so that
 * it can be read at a glance, and held against the rules.
 */

/** Words of the tables for refusals. */
const legend: Record<string, string> = {
  sales: 'role-required sales',
  mktg: 'role-required marketing',
  mgr: 'role-required manager',
  role: 'role-required hand-over',
  theirs: 'owned-by',
  named: 'offered-to',
  moved: 'moved-on',
  early: 'not-accepted-yet',
  open: 'already-open',
  mine: 'accepted-by-you',
  taken: 'accepted-by',
  own: 'yours-already',
  free: 'nobody-has-it',
  going: 'not-paused',
  stands: 'paused-already',
  none: 'nothing-to-pause',
  quiet: 'nothing-to-snooze',
  done: 'answered-already',
  calm: 'not-contested',
  ruled: 'ruled-already',
  party: 'party-to-it',
  ready: 'ready-already',
}

const { agreement, judges } = settings.usual

const people = {
  owner: everyone.anna,
  rep: everyone.luca,
  /** A rep too; the others would be of marketing. */
  'handed over': anActor({ id: 'per_nora', email: 'nora@acme.example', name: 'Nora' }),
  marketing: { person: ben, role: 'marketing' },
  'sales manager': everyone.sara,
  'marketing manager': everyone.mario,
  admin: everyone.ada,
  outsider: everyone.olga,
} as const satisfies Record<string, Actor>

/** Who is passed a lead on to: one more rep. */
const dora = anActor({ id: 'per_dora', email: 'dora@acme.example', name: 'Dora' })

/** For where both sides need one. */
const anotherAdmin = { person: dora.person, role: 'admin' } as const

interface Moment {
  handoff: Handoff
  /** The last handoff of the lead, where that is another one. */
  last?: Handoff
  now: Date
}

/** Each command with all that it needs: only who asks, and when, can speak against it. */
const commands = {
  'hand over': ({ handoff, last = handoff, now }, actor) =>
    handOff(aHandOff({ whatChanged: 'The budget is approved', before: last }), actor, {
      agreement,
      now,
    }),
  tell: ({ handoff, last = handoff, now }, by) =>
    addNews(last, { lead: last.lead, reason: 'Called', priority: 'hot', score: null }, by, { now }),
  accept: ({ handoff, now }, by) => by && accept(handoff, by, { agreement, now }),
  return: ({ handoff, now }, by) =>
    by &&
    returnLead(
      handoff,
      {
        reason: 'not-ready',
        readyWhen: 'the budget is approved',
        criterion: undefined,
        readyOn: undefined,
        field: undefined,
        duplicateOf: undefined,
        note: undefined,
        marketingLead: null,
      },
      by,
      { agreement, now },
    ),
  attempt: ({ handoff, now }, by) =>
    logAttempt(
      handoff,
      { id: 'att_9', channel: 'email', outcome: 'sent', at: now, note: undefined },
      by,
      { agreement, now },
    ),
  correct: ({ handoff, now }, by) =>
    by &&
    correctAttempt(
      handoff,
      {
        number: 1,
        note: 'On the mobile',
        channel: undefined,
        outcome: undefined,
        at: undefined,
        void: undefined,
      },
      by,
      { agreement, now },
    ),
  pause: ({ handoff, now }, by) =>
    by && pauseHandoff(handoff, { reason: 'on-hold' }, by, { agreement, now }),
  resume: ({ handoff, now }, by) => by && resumeHandoff(handoff, by, { agreement, now }),
  /** The clock that presses, where one does. */
  snooze: ({ handoff, now }, by) =>
    by &&
    snoozeReminder(handoff, { kind: pressingDeadline(handoff)?.kind ?? 'attempts' }, by, {
      agreement,
      now,
    }),
  acknowledge: ({ handoff, now }, by) => by && acknowledgeReturn(handoff, by, { agreement, now }),
  contest: ({ handoff, now }, by) =>
    by &&
    contestReturn(handoff, { why: 'The budget is there', judges: judges }, by, {
      agreement,
      now,
    }),
  rule: ({ handoff, now }, by) =>
    by && ruleOnReturn(handoff, { ruling: 'uphold', words: 'It was not' }, by, { agreement, now }),
  ready: ({ handoff, now }, by) => by && markReady(handoff, by, { agreement, now }),
  deal: ({ handoff, now }, by) =>
    reportDeal(
      handoff,
      { stage: 'quote', lostReason: undefined, note: undefined, fromProgram: false },
      by,
      { agreement, now },
    ),
  'pass on': ({ handoff, now }, by) =>
    by && reassign(handoff, { ...dora, duty: { free: true } }, by, { agreement, now }),
  'take over': ({ handoff, now }, by) =>
    by && reassign(handoff, { ...by, duty: { free: true } }, by, { agreement, now }),
  'give back': ({ handoff, now }, by) => by && giveBack(handoff, by, { agreement, now }),
} as const satisfies Record<string, (moment: Moment, by: Actor | null) => Decided | null>

const offered = { ...aHandoff({}, agreement), handedOffBy: people['handed over'].person }
const inWork = withAttempt(accepted(offered, { agreement }), {}, agreement)
const connected = withAttempt(inWork, { channel: 'email', outcome: 'connected' }, agreement)
const back = returned(inWork, {}, { agreement })
const disputed = contested(back, { agreement })
const soon = minutesAfter(100)
const nextRound = (before: Handoff): Handoff =>
  handoffOf(
    handOff(
      aHandOff({ id: 'hof_2', whatChanged: 'The budget is approved', before }),
      people.marketing,
      { agreement, now: soon },
    ),
  )
const again = nextRound(back)

/** Every way in which a handoff can stand, and the table for it. */
const tables: Record<string, { moment: Moment; table: string }> = {
  'offered to everyone': {
    moment: { handoff: offered, now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  mgr     free      free
  rep               | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  mgr     free      free
  handed over       | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  mgr     free      free
  marketing         | open      yes   sales  sales  early   early   | sales  sales  sales  | moved       moved   calm  moved | early  sales   sales     sales
  sales manager     | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  yes     free      free
  marketing manager | open      yes   sales  sales  early   early   | sales  sales  sales  | moved       moved   calm  moved | early  sales   sales     sales
  admin             | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  yes     free      free
  outsider          | role      role  sales  sales  early   early   | sales  sales  sales  | moved       moved   calm  moved | early  sales   sales     sales
  API               | open      yes   -      -      early   -       | -      -      -      | -           -       -     -     | early  -       -         -`,
  },
  'offered to its owner': {
    moment: { handoff: { ...offered, owner: people.owner.person }, now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  yes     own       yes
  rep               | open      yes   named  theirs early   early   | theirs theirs theirs | moved       moved   calm  moved | early  theirs  theirs    theirs
  handed over       | open      yes   named  theirs early   early   | theirs theirs theirs | moved       moved   calm  moved | early  theirs  theirs    theirs
  marketing         | open      yes   sales  sales  early   early   | sales  sales  sales  | moved       moved   calm  moved | early  sales   sales     sales
  sales manager     | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  yes     yes       yes
  marketing manager | open      yes   sales  sales  early   early   | sales  sales  sales  | moved       moved   calm  moved | early  sales   sales     sales
  admin             | open      yes   yes    yes    early   early   | none   going  yes    | moved       moved   calm  moved | early  yes     yes       yes
  outsider          | role      role  sales  sales  early   early   | sales  sales  sales  | moved       moved   calm  moved | early  sales   sales     sales
  API               | open      yes   -      -      early   -       | -      -      -      | -           -       -     -     | early  -       -         -`,
  },
  accepted: {
    moment: { handoff: inWork, now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | open      yes   mine   yes    yes     yes     | yes    going  yes    | moved       moved   calm  moved | yes    yes     own       yes
  rep               | open      yes   taken  theirs theirs  theirs  | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  handed over       | open      yes   taken  theirs theirs  theirs  | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  marketing         | open      yes   taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  sales manager     | open      yes   taken  yes    yes     yes     | yes    going  yes    | moved       moved   calm  moved | yes    yes     yes       yes
  marketing manager | open      yes   taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  admin             | open      yes   taken  yes    yes     yes     | yes    going  yes    | moved       moved   calm  moved | yes    yes     yes       yes
  outsider          | role      role  taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  API               | open      yes   -      -      yes     -       | -      -      -      | -           -       -     -     | yes    -       -         -`,
  },
  'accepted, and overdue: a rep takes it over': {
    moment: { handoff: accepted(offered, { agreement }), now: minutesAfter(60) },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  rep               | open      yes   taken  theirs theirs  theirs  | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  yes       theirs
  marketing         | open      yes   taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  outsider          | role      role  taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales`,
  },
  'accepted, and paused': {
    moment: { handoff: paused(inWork, { agreement }), now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | open      yes   mine   yes    yes     yes     | stands yes    quiet  | moved       moved   calm  moved | yes    yes     own       yes
  rep               | open      yes   taken  theirs theirs  theirs  | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  handed over       | open      yes   taken  theirs theirs  theirs  | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  marketing         | open      yes   taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  sales manager     | open      yes   taken  yes    yes     yes     | stands yes    quiet  | moved       moved   calm  moved | yes    yes     yes       yes
  marketing manager | open      yes   taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  admin             | open      yes   taken  yes    yes     yes     | stands yes    quiet  | moved       moved   calm  moved | yes    yes     yes       yes
  outsider          | role      role  taken  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  API               | open      yes   -      -      yes     -       | -      -      -      | -           -       -     -     | yes    -       -         -`,
  },
  connected: {
    moment: { handoff: connected, now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | open      yes   moved  yes    yes     yes     | none   going  quiet  | moved       moved   calm  moved | yes    yes     own       yes
  rep               | open      yes   moved  theirs theirs  theirs  | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  handed over       | open      yes   moved  theirs theirs  theirs  | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  marketing         | open      yes   moved  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  sales manager     | open      yes   moved  yes    yes     yes     | none   going  quiet  | moved       moved   calm  moved | yes    yes     yes       yes
  marketing manager | open      yes   moved  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  admin             | open      yes   moved  yes    yes     yes     | none   going  quiet  | moved       moved   calm  moved | yes    yes     yes       yes
  outsider          | role      role  moved  sales  sales   sales   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  API               | open      yes   -      -      yes     -       | -      -      -      | -           -       -     -     | yes    -       -         -`,
  },
  qualified: {
    moment: { handoff: withDeal('exploration', connected, { agreement, at: soon }), now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | open      yes   moved  moved  moved   moved   | none   going  quiet  | moved       moved   calm  moved | yes    yes     own       moved
  rep               | open      yes   moved  moved  moved   moved   | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  handed over       | open      yes   moved  moved  moved   moved   | theirs theirs theirs | moved       moved   calm  moved | theirs theirs  theirs    theirs
  marketing         | open      yes   moved  moved  moved   moved   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  sales manager     | open      yes   moved  moved  moved   moved   | none   going  quiet  | moved       moved   calm  moved | yes    yes     yes       moved
  marketing manager | open      yes   moved  moved  moved   moved   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  admin             | open      yes   moved  moved  moved   moved   | none   going  quiet  | moved       moved   calm  moved | yes    yes     yes       moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  sales  | moved       moved   calm  moved | sales  sales   sales     sales
  API               | open      yes   -      -      moved   -       | -      -      -      | -           -       -     -     | yes    -       -         -`,
  },
  closed: {
    moment: { handoff: withDeal('closed-won', connected, { agreement, at: soon }), now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | yes       moved moved  moved  moved   moved   | none   going  quiet  | moved       moved   calm  moved | yes    moved   moved     moved
  rep               | yes       moved moved  moved  moved   moved   | theirs theirs theirs | moved       moved   calm  moved | theirs moved   moved     moved
  handed over       | yes       moved moved  moved  moved   moved   | theirs theirs theirs | moved       moved   calm  moved | theirs moved   moved     moved
  marketing         | yes       moved moved  moved  moved   moved   | sales  sales  sales  | moved       moved   calm  moved | sales  moved   moved     moved
  sales manager     | yes       moved moved  moved  moved   moved   | none   going  quiet  | moved       moved   calm  moved | yes    moved   moved     moved
  marketing manager | yes       moved moved  moved  moved   moved   | sales  sales  sales  | moved       moved   calm  moved | sales  moved   moved     moved
  admin             | yes       moved moved  moved  moved   moved   | none   going  quiet  | moved       moved   calm  moved | yes    moved   moved     moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  sales  | moved       moved   calm  moved | sales  moved   moved     moved
  API               | yes       moved -      -      moved   -       | -      -      -      | -           -       -     -     | yes    -       -         -`,
  },
  'returned by its owner': {
    moment: { handoff: back, now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | yes       moved moved  moved  moved   moved   | none   going  mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  rep               | yes       moved moved  moved  moved   moved   | theirs theirs mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  handed over       | yes       moved moved  moved  moved   moved   | theirs theirs yes    | yes         yes     calm  yes   | moved  moved   moved     moved
  marketing         | yes       moved moved  moved  moved   moved   | sales  sales  yes    | yes         yes     calm  yes   | moved  moved   moved     moved
  sales manager     | yes       moved moved  moved  moved   moved   | none   going  mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  marketing manager | yes       moved moved  moved  moved   moved   | sales  sales  yes    | yes         yes     calm  yes   | moved  moved   moved     moved
  admin             | yes       moved moved  moved  moved   moved   | none   going  yes    | yes         yes     calm  yes   | moved  moved   moved     moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  API               | yes       moved -      -      moved   -       | -      -      -      | -           -       -     -     | moved  -       -         -`,
  },
  'returned, and acknowledged': {
    moment: {
      handoff: handoffOf(acknowledgeReturn(back, people.marketing, { agreement, now: soon })),
      now: soon,
    },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | yes       moved moved  moved  moved   moved   | none   going  quiet  | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  rep               | yes       moved moved  moved  moved   moved   | theirs theirs theirs | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  handed over       | yes       moved moved  moved  moved   moved   | theirs theirs theirs | done        done    calm  yes   | moved  moved   moved     moved
  marketing         | yes       moved moved  moved  moved   moved   | sales  sales  sales  | done        done    calm  yes   | moved  moved   moved     moved
  sales manager     | yes       moved moved  moved  moved   moved   | none   going  quiet  | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  marketing manager | yes       moved moved  moved  moved   moved   | sales  sales  sales  | done        done    calm  yes   | moved  moved   moved     moved
  admin             | yes       moved moved  moved  moved   moved   | none   going  quiet  | done        done    calm  yes   | moved  moved   moved     moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  sales  | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  API               | yes       moved -      -      moved   -       | -      -      -      | -           -       -     -     | moved  -       -         -`,
  },
  'returned, and contested': {
    moment: { handoff: disputed, now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | yes       moved moved  moved  moved   moved   | none   going  mgr    | mktg        mktg    mgr   mktg  | moved  moved   moved     moved
  rep               | yes       moved moved  moved  moved   moved   | theirs theirs mgr    | mktg        mktg    mgr   mktg  | moved  moved   moved     moved
  handed over       | yes       moved moved  moved  moved   moved   | theirs theirs mgr    | done        done    mgr   yes   | moved  moved   moved     moved
  marketing         | yes       moved moved  moved  moved   moved   | sales  sales  mgr    | done        done    mgr   yes   | moved  moved   moved     moved
  sales manager     | yes       moved moved  moved  moved   moved   | none   going  yes    | mktg        mktg    yes   mktg  | moved  moved   moved     moved
  marketing manager | yes       moved moved  moved  moved   moved   | sales  sales  yes    | done        done    yes   yes   | moved  moved   moved     moved
  admin             | yes       moved moved  moved  moved   moved   | none   going  yes    | done        done    yes   yes   | moved  moved   moved     moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  mgr    | mktg        mktg    mgr   mktg  | moved  moved   moved     moved
  API               | yes       moved -      -      moved   -       | -      -      -      | -           -       -     -     | moved  -       -         -`,
  },
  'returned by the sales manager, and contested by that of marketing: neither rules': {
    moment: {
      handoff: handoffOf(
        contestReturn(
          { ...back, returned: back.returned && { ...back.returned, by: everyone.sara.person } },
          { why: 'The budget is there', judges: [...judges, anotherAdmin] },
          everyone.mario,
          { agreement, now: soon },
        ),
      ),
      now: soon,
    },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  sales manager     | yes       moved moved  moved  moved   moved   | none   going  yes    | mktg        mktg    party mktg  | moved  moved   moved     moved
  marketing manager | yes       moved moved  moved  moved   moved   | sales  sales  yes    | done        done    party yes   | moved  moved   moved     moved
  admin             | yes       moved moved  moved  moved   moved   | none   going  yes    | done        done    yes   yes   | moved  moved   moved     moved`,
  },
  'returned, and ruled on': {
    moment: { handoff: ruled('uphold', disputed, { agreement }), now: soon },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | yes       moved moved  moved  moved   moved   | none   going  quiet  | mktg        mktg    ruled mktg  | moved  moved   moved     moved
  rep               | yes       moved moved  moved  moved   moved   | theirs theirs theirs | mktg        mktg    ruled mktg  | moved  moved   moved     moved
  handed over       | yes       moved moved  moved  moved   moved   | theirs theirs theirs | done        done    ruled yes   | moved  moved   moved     moved
  marketing         | yes       moved moved  moved  moved   moved   | sales  sales  sales  | done        done    ruled yes   | moved  moved   moved     moved
  sales manager     | yes       moved moved  moved  moved   moved   | none   going  quiet  | mktg        mktg    ruled mktg  | moved  moved   moved     moved
  marketing manager | yes       moved moved  moved  moved   moved   | sales  sales  sales  | done        done    ruled yes   | moved  moved   moved     moved
  admin             | yes       moved moved  moved  moved   moved   | none   going  quiet  | done        done    ruled yes   | moved  moved   moved     moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  sales  | mktg        mktg    ruled mktg  | moved  moved   moved     moved
  API               | yes       moved -      -      moved   -       | -      -      -      | -           -       -     -     | moved  -       -         -`,
  },
  'returned, and ready again': {
    moment: {
      handoff: handoffOf(markReady(back, people.marketing, { agreement, now: soon })),
      now: soon,
    },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | yes       moved moved  moved  moved   moved   | none   going  mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  rep               | yes       moved moved  moved  moved   moved   | theirs theirs mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  handed over       | yes       moved moved  moved  moved   moved   | theirs theirs yes    | yes         yes     calm  ready | moved  moved   moved     moved
  marketing         | yes       moved moved  moved  moved   moved   | sales  sales  yes    | yes         yes     calm  ready | moved  moved   moved     moved
  sales manager     | yes       moved moved  moved  moved   moved   | none   going  mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  marketing manager | yes       moved moved  moved  moved   moved   | sales  sales  yes    | yes         yes     calm  ready | moved  moved   moved     moved
  admin             | yes       moved moved  moved  moved   moved   | none   going  yes    | yes         yes     calm  ready | moved  moved   moved     moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  mktg   | mktg        mktg    calm  mktg  | moved  moved   moved     moved
  API               | yes       moved -      -      moved   -       | -      -      -      | -           -       -     -     | moved  -       -         -`,
  },
  'contested, and handed over again all the same': {
    moment: {
      handoff: answeredByNextRound(disputed, again, people.marketing, soon)?.handoff ?? disputed,
      last: again,
      now: soon,
    },
    table: `
                    | hand over tell  accept return attempt correct | pause  resume snooze | acknowledge contest rule  ready | deal   pass-on take-over give-back
  owner             | open      yes   moved  moved  moved   moved   | none   going  quiet  | mktg        mktg    calm  moved | moved  moved   moved     moved
  rep               | open      yes   moved  moved  moved   moved   | theirs theirs theirs | mktg        mktg    calm  moved | moved  moved   moved     moved
  handed over       | open      yes   moved  moved  moved   moved   | theirs theirs theirs | done        done    calm  moved | moved  moved   moved     moved
  marketing         | open      yes   moved  moved  moved   moved   | sales  sales  sales  | done        done    calm  moved | moved  moved   moved     moved
  sales manager     | open      yes   moved  moved  moved   moved   | none   going  quiet  | mktg        mktg    calm  moved | moved  moved   moved     moved
  marketing manager | open      yes   moved  moved  moved   moved   | sales  sales  sales  | done        done    calm  moved | moved  moved   moved     moved
  admin             | open      yes   moved  moved  moved   moved   | none   going  quiet  | done        done    calm  moved | moved  moved   moved     moved
  outsider          | role      role  moved  moved  moved   moved   | sales  sales  sales  | mktg        mktg    calm  moved | moved  moved   moved     moved
  API               | open      yes   -      -      moved   -       | -      -      -      | -           -       -     -     | moved  -       -         -`,
  },
}

/** A table as rows of words, by who asks. */
function rowsOf(table: string): Map<string, string[]> {
  const lines = table.split('\n').filter((line) => line.trim() !== '')
  return new Map(
    lines.slice(1).map((line) => {
      const [who = '', ...groups] = line.split('|').map((part) => part.trim())
      return [who, groups.flatMap((group) => group.split(/\s+/))]
    }),
  )
}

/** What the rules say, in the words of the tables. */
function said(decided: Decided | null): string {
  if (decided === null) return '-'
  return decided.ok ? 'yes' : wordFor(decided.refusal)
}

function wordFor(refusal: Refusal): string {
  const { code } = refusal
  const full = code === 'role-required' ? `${code} ${refusal.needed}` : code
  return Object.entries(legend).find(([, meaning]) => meaning === full)?.[0] ?? full
}

const actorOf = (who: string): Actor | null =>
  Object.entries(people).find(([name]) => name === who)?.[1] ?? null

const columns = Object.entries(commands)
const inColumns = (words: readonly string[]): string =>
  words.map((word, at) => `${columns[at]?.[0]}: ${word}`).join('\n')

describe('who may do what to a handoff that is', () => {
  describe.each(Object.entries(tables))('%s', (_, { moment, table }) => {
    test.each([...rowsOf(table)])('%s', (who, expected) => {
      const actual = columns.map(([, command]) => said(command(moment, actorOf(who))))
      expect(inColumns(actual)).toBe(inColumns(expected))
    })
  })
})

describe('whoever has no role here', () => {
  const { person } = everyone.olga

  test.each(Object.entries(tables))('may do nothing to one that is %s', (_, { moment }) => {
    const { handoff } = moment
    // Not even as the one who handed it over, has it, or contests it: the role may have been lost.
    const theirs: Handoff = {
      ...handoff,
      handedOffBy: person,
      owner: handoff.owner === null ? null : person,
      returned: handoff.returned && { ...handoff.returned, by: person },
    }
    for (const [name, command] of columns) {
      for (const one of [handoff, theirs]) {
        expect(command({ ...moment, handoff: one }, everyone.olga)?.ok, name).toBe(false)
      }
    }
  })

  test('is passed no lead on', () => {
    const to = { ...everyone.olga, duty: { free: true } } as const
    const decided = reassign(inWork, to, people.owner, { agreement, now: soon })
    expect(decided).toMatchObject({ refusal: { code: 'cannot-sell' } })
  })
})
