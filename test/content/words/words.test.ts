import { describe, expect, test } from 'vitest'
import {
  attemptChannelName,
  attemptOutcomeName,
  attemptWhy,
} from '../../../src/content/words/attempts.ts'
import { verbNames } from '../../../src/content/words/command.ts'
import {
  countryName,
  formatAllowance,
  formatDay,
  formatDuration,
  formatInstant,
  formatNumber,
  formatWorkingTime,
  plural,
  sayInstant,
  slackDate,
} from '../../../src/content/words/format.ts'
import {
  addressed,
  deadlineNames,
  dealStageName,
  lostReasonName,
  pauseReasonName,
} from '../../../src/content/words/notices.ts'
import { refusalHints, refusalWithHint, refusalWords } from '../../../src/content/words/refusals.ts'
import { locales, sides } from '../../../src/domain/agreement.ts'
import type { Refusal } from '../../../src/domain/decide/decision.ts'
import { type AttemptVerdict, deadlineKinds } from '../../../src/domain/handoff.ts'
import { subCommands } from '../../../src/domain/help.ts'
import { anAgreement, aPause, aPerson, fixedNow, minutesAfter } from '../../support/builders.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describe('a length of time', () => {
  test.each([
    [0, '0 s'],
    [-5, '0 s'],
    [40 * second, '40 s'],
    [75 * second, '1 min 15 s'],
    [12 * minute + 40 * second, '12 min'],
    [hour, '1 h'],
    [3 * hour + 20 * minute, '3 h 20 min'],
    [24 * hour, '24 h'],
    [2 * day, '2 d'],
    [2 * day + 3 * hour + 5 * minute, '2 d 3 h'],
  ])('of %i ms is %s', (ms, words) => {
    expect(formatDuration(ms, 'en')).toBe(words)
  })

  test('of work is told in hours, since a working day has no fixed length', () => {
    expect(formatWorkingTime(50 * hour, 'en')).toBe('50 h of working time')
    expect(formatWorkingTime(50 * hour, 'it')).toBe('50 h di tempo lavorativo')
    expect(formatDuration(2 * day, 'it')).toBe('2 gg')
  })

  test('that is agreed names its clock', () => {
    const fourHours = { unit: 'exact', ms: 4 * hour } as const
    const tenDays = { unit: 'days', days: 10 } as const
    expect(formatAllowance({ clock: 'working', duration: fourHours }, 'en')).toBe(
      '4 h of working time',
    )
    expect(formatAllowance({ clock: 'wall', duration: fourHours }, 'en')).toBe('4 h')
    expect(formatAllowance({ clock: 'working', duration: fourHours }, 'en', { always: true })).toBe(
      '4 h',
    )
    expect(formatAllowance({ clock: 'working', duration: tenDays }, 'it')).toBe(
      '10 giorni lavorativi',
    )
    expect(formatAllowance({ clock: 'wall', duration: { unit: 'days', days: 1 } }, 'en')).toBe(
      '1 day',
    )
  })
})

describe('a moment', () => {
  test('is told with its day, unless it is the day the reader has in mind', () => {
    expect(formatInstant(fixedNow, 'en', 'Europe/Rome')).toBe('Mon 23 Nov, 10:00')
    expect(formatInstant(fixedNow, 'it', 'Europe/Rome')).toBe('lun 23 nov, 10:00')
    expect(formatInstant(minutesAfter(60), 'en', 'Europe/Rome', fixedNow)).toBe('11:00')
    expect(formatInstant(minutesAfter(24 * 60), 'en', 'Asia/Kolkata', fixedNow)).toBe(
      'Tue 24 Nov, 14:30',
    )
    expect(formatInstant(new Date('2027-01-04T08:00:00Z'), 'en', 'UTC', fixedNow)).toBe(
      'Mon 4 Jan 2027, 08:00',
    )
  })

  test('is a date of Slack with a fallback, or plain text where Slack draws none', () => {
    expect(slackDate(fixedNow, 'it', 'Europe/Rome')).toBe(
      '<!date^1795424400^{date_short_pretty}, {time}|lun 23 nov, 10:00>',
    )
    const style = { locale: 'en', zone: 'Europe/Rome', near: fixedNow } as const
    expect(sayInstant(fixedNow, { ...style, dates: 'plain' })).toBe('10:00')
    expect(sayInstant(fixedNow, { ...style, dates: 'slack' })).toContain('<!date^')
  })

  test('of a calendar is told as a day', () => {
    expect(formatDay('2027-01-15', 'en')).toBe('15 January 2027')
    expect(formatDay('2027-01-15', 'it')).toBe('15 gennaio 2027')
    expect(formatDay('soon', 'en')).toBe('soon')
  })
})

test('numbers, plurals and countries are those of the language', () => {
  expect(formatNumber(12_345, 'it')).toBe('12.345')
  expect(plural(1, 'en', { one: 'employee', other: 'employees' })).toBe('1 employee')
  expect(plural(1_200, 'en', { one: 'employee', other: 'employees' })).toBe('1,200 employees')
  expect(countryName('de', 'it')).toBe('Germania')
  expect(countryName('Italy', 'en')).toBe('Italy')
  expect(countryName('<!', 'en')).toBe('<!')
})

const owner = aPerson({ name: 'Anna Rossi' })

/** Every refusal, in each of its forms; a new one does not compile without. */
const refusals: { [Code in Refusal['code']]: Extract<Refusal, { code: Code }>[] } = {
  'role-required': (['sales', 'marketing', 'hand-over', 'manager', 'admin'] as const).map(
    (needed) => ({ code: 'role-required', needed }),
  ),
  'offered-to': [{ code: 'offered-to', owner }],
  'accepted-by-you': [{ code: 'accepted-by-you' }],
  'accepted-by': [{ code: 'accepted-by', owner, at: fixedNow }],
  'owned-by': [{ code: 'owned-by', owner }],
  'not-accepted-yet': [{ code: 'not-accepted-yet' }],
  'moved-on': [{ code: 'moved-on', status: 'returned', leadStatus: 'Returned – not ready' }],
  'unknown-lead-type': [
    { code: 'unknown-lead-type', leadType: 'boats', known: ['new-equipment', 'service'] },
  ],
  'unknown-reason': [
    { code: 'unknown-reason', reason: 'bored', known: ['not-ready', 'not-a-fit', 'duplicate'] },
  ],
  needed: (
    [
      'ready_on',
      'criterion',
      'field',
      'duplicate_of',
      'note',
      'what_changed',
      'why',
      'words',
      'lost_reason',
    ] as const
  ).map((field) => ({ code: 'needed', field })),
  'unknown-criterion': [
    { code: 'unknown-criterion', criterion: 'mood', known: ['size'] },
    { code: 'unknown-criterion', criterion: 'mood', known: [] },
  ],
  'date-in-past': [{ code: 'date-in-past', field: 'ready_on' }],
  'attempt-in-future': [{ code: 'attempt-in-future' }],
  'unknown-attempt': [{ code: 'unknown-attempt', number: 7 }],
  'nothing-to-correct': [{ code: 'nothing-to-correct' }],
  'no-pause-agreed': [{ code: 'no-pause-agreed' }],
  'paused-already': [{ code: 'paused-already' }],
  'paused-too-often': [1, 2].map((times) => ({ code: 'paused-too-often', times })),
  'nothing-to-pause': [{ code: 'nothing-to-pause' }],
  'not-paused': [{ code: 'not-paused' }],
  'nothing-to-snooze': [{ code: 'nothing-to-snooze' }],
  'answered-already': [{ code: 'answered-already' }],
  'unknown-lead': [{ code: 'unknown-lead', email: 'nobody@acme.example' }],
  'same-lead': [{ code: 'same-lead' }],
  'attempts-first': [{ code: 'attempts-first', counted: 2, of: 6 }],
  'stage-not-allowed': [{ code: 'stage-not-allowed', from: 'customer', to: 'sql' }],
  'contest-too-late': [{ code: 'contest-too-late', dueAt: fixedNow }],
  'nobody-to-rule': sides.map((side) => ({ code: 'nobody-to-rule', side })),
  'not-contested': [{ code: 'not-contested' }],
  'ruled-already': [{ code: 'ruled-already' }],
  'ruled-so-already': [{ code: 'ruled-so-already' }],
  'party-to-it': [{ code: 'party-to-it' }],
  'ready-already': [{ code: 'ready-already' }],
  'unknown-deal-stage': [
    { code: 'unknown-deal-stage', stage: 'dinner', known: ['quote', 'closed-won'] },
  ],
  'unknown-lost-reason': [
    { code: 'unknown-lost-reason', reason: 'mood', known: ['price'] },
    { code: 'unknown-lost-reason', reason: 'mood', known: [] },
  ],
  'deal-stage-already': [{ code: 'deal-stage-already', stage: 'quote' }],
  'nobody-has-it': [{ code: 'nobody-has-it' }],
  'yours-already': [{ code: 'yours-already' }],
  'theirs-already': [{ code: 'theirs-already', person: owner }],
  'cannot-sell': [{ code: 'cannot-sell', person: owner }],
  'off-duty': [{ code: 'off-duty', person: owner, until: '2026-12-24' }],
  full: [{ code: 'full', person: owner, cap: 20 }],
  'named-in-agreement': [{ code: 'named-in-agreement', person: owner, role: 'rep' }],
  'already-open': [{ code: 'already-open', handoffId: 'hof_1', status: 'offered' }],
  erased: [{ code: 'erased', at: fixedNow }],
}

/** Why a refusal tells of no more help. */
const withoutHint: Partial<Record<Refusal['code'], string>> = {
  'offered-to': 'names whom to ask',
  'accepted-by': 'nothing is left to do',
  'accepted-by-you': 'names the next step, a button of the card',
  'owned-by': 'names whom to ask',
  'not-accepted-yet': 'names the next step, a button of the card',
  'moved-on': 'the card shows what is possible',
  'unknown-lead-type': 'lists what is known',
  'unknown-reason': 'lists what is known',
  needed: 'says what is missing, in the form that asks for it',
  'unknown-criterion': 'lists what is known',
  'date-in-past': 'says which days do',
  'attempt-in-future': 'says when it can be logged',
  'unknown-attempt': 'the form lists those that are logged',
  'nothing-to-correct': 'says what to change, in the form',
  'paused-already': 'names the next step, a button of the card',
  'paused-too-often': 'names what is left to do',
  'nothing-to-pause': 'nothing is left to do',
  'not-paused': 'nothing is left to do',
  'nothing-to-snooze': 'nothing is left to do',
  'answered-already': 'nothing is left to do',
  'same-lead': 'says which address is asked for',
  'attempts-first': 'says how many are missing',
  'contest-too-late': 'names what is left to do',
  'not-contested': 'nothing is left to do',
  'ruled-already': 'the card shows how',
  'ruled-so-already': 'says who is waited for',
  'ready-already': 'names the next step, a button of the card',
  'unknown-deal-stage': 'lists what is known',
  'unknown-lost-reason': 'lists what is known',
  'deal-stage-already': 'says what to choose, in the form',
  'nobody-has-it': 'names the next step, a button of the card',
  'yours-already': 'nothing is left to do',
  'theirs-already': 'says what to choose, in the form',
  'off-duty': 'names the command itself',
  full: 'says what to choose, in the form',
  erased: 'nothing is left to do',
}

const verdicts: AttemptVerdict[] = [
  { clause: 'counted' },
  { clause: 'channel', channel: 'linkedin' },
  { clause: 'outcome', outcome: 'bounced' },
  { clause: 'gap', sinceMs: 20 * minute, gap: '4h' },
  { clause: 'gap', sinceMs: 3 * hour, gap: '2d' },
  { clause: 'gap', sinceMs: 3 * hour, gap: 'a while' },
  { clause: 'window' },
  { clause: 'before-acceptance' },
]

describe.each(locales)('in %s', (locale) => {
  test('a refusal says what is wrong and what to do', () => {
    const all = Object.values<Refusal[]>(refusals).flat()
    expect(all.map((refusal) => refusalWords(refusal, locale))).toMatchSnapshot()
  })

  test('a refusal says where more help is, or there is a reason why not', () => {
    for (const refusal of Object.values<Refusal[]>(refusals).flat()) {
      const { code } = refusal
      const hint = refusalHints[locale][code]
      expect([code, hint === undefined]).toEqual([code, withoutHint[code] !== undefined])
      const told = refusalWords(refusal, locale)
      expect(refusalWithHint(refusal, locale)).toBe(hint === undefined ? told : `${told} ${hint}`)
    }
  })

  test('a hint names a command that there is', () => {
    for (const hint of Object.values(refusalHints[locale])) {
      const [, command, word] = /(\/\w+) (\w+)$/.exec(hint) ?? []
      const words: readonly string[] =
        command === '/handoff' ? Object.values(verbNames[locale]) : subCommands['/sla']
      expect(words).toContain(word)
    }
  })

  test('a verdict says whether an attempt counted, and why not', () => {
    expect(verdicts.map((verdict) => attemptWhy(verdict, locale))).toMatchSnapshot()
  })

  test('every deadline has a name', () => {
    expect(deadlineKinds.map((kind) => deadlineNames[locale][kind])).toMatchSnapshot()
  })
})

test('a word that is not in a list goes by its id', () => {
  expect(attemptChannelName('call', 'it')).toBe('telefonata')
  expect(attemptChannelName('pigeon', 'it')).toBe('pigeon')
  expect(attemptOutcomeName('toString', 'en')).toBe('toString')
})

test('a pause goes by the reason that the agreement names, else by its id', () => {
  const agreement = anAgreement({ pause: aPause() })
  expect(pauseReasonName(agreement, 'on-hold', 'it')).toBe('In sospeso')
  expect(pauseReasonName(agreement, 'bored', 'en')).toBe('bored')
})

test('a pause for a deal on hold goes by its stage where the agreement has no such reason', () => {
  expect(pauseReasonName(anAgreement(), 'on-hold', 'it')).toBe('In attesa')
  expect(pauseReasonName(anAgreement(), 'bored', 'it')).toBe('bored')
})

test('deals go by the words of the agreement, else by their id', () => {
  const agreement = anAgreement()
  expect(dealStageName(agreement, 'closed-lost', 'it')).toBe('Chiusa – persa')
  expect(dealStageName(agreement, 'dinner', 'en')).toBe('dinner')
  expect(lostReasonName(agreement, 'price', 'it')).toBe('Prezzo')
  expect(lostReasonName(agreement, 'mood', 'it')).toBe('mood')
})

test('a sentence begins with those it is for, or with its capital', () => {
  expect(addressed(['<@U1>', 'Anna'], 'it is due.')).toBe('<@U1>, Anna, it is due.')
  expect(addressed(['<@U1>'], 'Ben rules.', ': ')).toBe('<@U1>: Ben rules.')
  expect(addressed([], 'it is due.')).toBe('It is due.')
})
