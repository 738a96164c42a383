import { describe, expect, test } from 'vitest'
import { pauseReasonName } from '../../../src/content/words/notices.ts'
import {
  type Reader,
  sumWords,
  whyDueLines,
  zoneWords,
} from '../../../src/content/words/why-due.ts'
import type { Agreement, Locale } from '../../../src/domain/agreement.ts'
import { dueAt } from '../../../src/domain/business-time.ts'
import { type Calendar, calendarSchema } from '../../../src/domain/calendar.ts'
import { clockTerms } from '../../../src/domain/clocks.ts'
import { cancel, meet, pause, resume, startDeadline } from '../../../src/domain/deadlines.ts'
import { allowanceSchema } from '../../../src/domain/duration.ts'
import { type Explanation, explainDeadline } from '../../../src/domain/explain.ts'
import type { Deadline } from '../../../src/domain/handoff.ts'
import { aHandoff, anAgreement } from '../../support/builders.ts'

const office = {
  timezone: 'Europe/Rome',
  hours: { 'mon-fri': ['09:00-13:00', '14:00-18:00'] },
  holidays: ['2026-12-25', '2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31'],
}
const agreement: Agreement = anAgreement({
  calendar: office,
  pause: {
    reasons: [
      {
        id: 'waiting',
        name: { en: 'Waiting for the customer', it: 'In attesa del cliente' },
      },
    ],
    at_most: { working: '5d' },
    clocks: ['accept'],
  },
})
const reader = (locale: Locale, zone = 'Europe/Rome'): Reader => ({
  locale,
  zone,
  reasonName: (reason) => pauseReasonName(agreement, reason, locale),
})
const english = reader('en')
const italian = reader('it')

const sumOf = (
  from: string,
  within: object,
  whose: Reader = english,
  calendar: Calendar = calendarSchema.parse(office),
): string[] => {
  const allowance = allowanceSchema.parse(within)
  const { steps } = dueAt(new Date(from), allowance, calendar)
  const allowedMs = steps.reduce((sum, { workingMs }) => sum + workingMs, 0)
  return sumWords({ steps, within: allowance, calendar, allowedMs }, whose)
}

const monday = new Date('2026-11-23T15:30:42Z')
const terms = () => {
  const found = clockTerms(agreement, { leadType: 'new-equipment', priority: 'hot' }, 'accept')
  if (found === undefined) throw new Error('no clock')
  return found
}
const started = startDeadline('accept', monday, terms())

function explained(deadline: Deadline): Explanation {
  const handoff = aHandoff({ deadlines: [deadline] }, agreement)
  const explanation = explainDeadline(handoff, 'accept', agreement)
  if (explanation === undefined) throw new Error('not explained')
  return explanation
}

const why = (deadline: Deadline, whose: Reader = english, now = monday): string[] =>
  whyDueLines(explained(deadline), { ...whose, now })

describe('a deadline explained', () => {
  test('names each step, and its clause', () => {
    expect(why(started)).toEqual([
      'Mon 23 Nov, 16:30: handed over',
      '16:30–18:00 counts 1 h 30 min',
      'night, until Tue 24 Nov, 09:00',
      '09:00–11:30 counts 2 h 30 min',
      'due Tue 24 Nov, 11:30 (clause clocks.accept.within: 4 h of working time)',
    ])
    expect(why(started, italian)).toEqual([
      'lun 23 nov, 16:30: passato alle vendite',
      '16:30–18:00: contano 1 h 30 min',
      'notte, fino a mar 24 nov, 09:00',
      '09:00–11:30: contano 2 h 30 min',
      'scadenza mar 24 nov, 11:30 (clausola clocks.accept.within: 4 h di tempo lavorativo)',
    ])
  })

  test('is told on the clock of the reader, who learns whose working hours these are', () => {
    const kolkata = reader('en', 'Asia/Kolkata')
    expect(why(started, kolkata)).toEqual([
      'Mon 23 Nov, 21:00: handed over',
      '21:00–22:30 counts 1 h 30 min',
      'night, until Tue 24 Nov, 13:30',
      '13:30–16:00 counts 2 h 30 min',
      'due Tue 24 Nov, 16:00 (clause clocks.accept.within: 4 h of working time)',
    ])
    expect(zoneWords(explained(started), kolkata)).toEqual([
      'Times of Asia/Kolkata; the working hours are those of Europe/Rome.',
    ])
    expect(zoneWords(explained(started), reader('it', 'Europe/Berlin'))).toEqual([])
  })

  const until = new Date('2026-11-30T15:45:00Z')
  const paused = pause(started, new Date('2026-11-23T15:45:00Z'), until, 'waiting')

  test('names the pauses and their reasons', () => {
    const resumed = resume(paused, new Date('2026-11-24T09:00:00Z'), terms())
    expect(why(resumed)).toEqual([
      'Mon 23 Nov, 16:30: handed over',
      '16:30–16:45 counts 15 min',
      'paused until Tue 24 Nov, 10:00: Waiting for the customer',
      '10:00–13:00 counts 3 h',
      'break, until 14:00',
      '14:00–14:45 counts 45 min',
      'due Tue 24 Nov, 14:45 (clause clocks.accept.within: 4 h of working time)',
    ])
    expect(why(resumed, italian)[2]).toBe(
      'in pausa fino a mar 24 nov, 10:00: In attesa del cliente',
    )
  })

  test('tells no line of a moment that is shorter than a minute', () => {
    const briefly = pause(started, new Date(+monday + 500), until, 'waiting')
    const resumed = resume(briefly, new Date(+monday + 900), terms())
    expect(why(resumed).slice(0, 3)).toEqual([
      'Mon 23 Nov, 16:30: handed over',
      'paused until 16:30: Waiting for the customer',
      '16:30–18:00 counts 1 h 30 min',
    ])
  })

  test('that stands still says when it goes on at the latest', () => {
    const lines = why(paused)
    expect(lines).toContain(
      'paused until Mon 30 Nov, 16:45 at the latest: Waiting for the customer',
    )
    expect(lines.at(-1)).toBe(
      'due Tue 1 Dec, 11:30 at the latest (clause clocks.accept.within: 4 h of working time)',
    )
    expect(why(paused, italian).at(-1)).toMatch(/^scadenza al più tardi mar 1 dic, 11:30/)
  })

  test('says how it ended: in time, late, or called off', () => {
    const at = (instant: string): Date => new Date(instant)
    const last = (deadline: Deadline, now?: string, whose = english) =>
      why(deadline, whose, now === undefined ? monday : at(now)).at(-1)
    expect(last(meet(started, at('2026-11-24T08:00:00Z')))).toBe('Done Tue 24 Nov, 09:00, in time')
    const late = meet(started, at('2026-11-24T13:40:42Z'))
    expect(last(late)).toBe('Done Tue 24 Nov, 14:40, 3 h 10 min late (2 h 10 min of working time)')
    expect(last(late, undefined, italian)).toBe(
      'Fatto mar 24 nov, 14:40, con 3 h 10 min di ritardo (2 h 10 min di tempo lavorativo)',
    )
    const missed: Deadline = { ...started, state: 'missed', breachedAt: started.dueAt }
    expect(last(missed, '2026-11-24T11:30:42Z')).toBe('Late by 1 h so far')
    expect(last(cancel(missed, at('2026-11-24T11:30:42Z')))).toBe(
      'Called off Tue 24 Nov, 12:30, 1 h late',
    )
    expect(last(cancel(started, monday))).toBe('Called off Mon 23 Nov, 16:30')
    expect(last(meet(paused, at('2026-11-25T11:00:00Z')))).toBe(
      'Done Wed 25 Nov, 12:00, while it was paused',
    )
  })
})

describe('a sum in words', () => {
  test('names weekends and the dates of holidays', () => {
    expect(sumOf('2026-12-24T16:00:00Z', { working: '90m' })).toEqual([
      'Thu 24 Dec, 17:00: start',
      '17:00–18:00 counts 1 h',
      'Fri 25 Dec: holiday, until Sat 26 Dec, 00:00',
      'weekend, until Mon 28 Dec, 00:00',
      'Mon 28 Dec – Thu 31 Dec: holidays, until Fri 1 Jan 2027, 09:00',
      '09:00–09:30 counts 30 min',
      'due Fri 1 Jan, 09:30 (1 h 30 min of working time)',
    ])
    expect(sumOf('2026-12-24T16:00:00Z', { working: '90m' }, italian).slice(2, 5)).toEqual([
      'ven 25 dic: festività, fino a sab 26 dic, 00:00',
      'fine settimana, fino a lun 28 dic, 00:00',
      'lun 28 dic – gio 31 dic: festività, fino a ven 1 gen 2027, 09:00',
    ])
  })

  test('folds whole days, and in a very long one the days off', () => {
    expect(sumOf('2026-11-26T16:00:00Z', { working: '25h' })).toMatchInlineSnapshot(`
      [
        "Thu 26 Nov, 17:00: start",
        "17:00–18:00 counts 1 h",
        "night, until Fri 27 Nov, 09:00",
        "09:00–18:00: 1 whole day counts 8 h",
        "weekend, until Mon 30 Nov, 09:00",
        "09:00–18:00: 1 whole day counts 8 h",
        "night, until Tue 1 Dec, 09:00",
        "09:00–13:00 counts 4 h",
        "break, until 14:00",
        "14:00–18:00 counts 4 h",
        "due Tue 1 Dec, 18:00 (25 h of working time)",
      ]
    `)
    expect(sumOf('2026-11-26T16:00:00Z', { working: '800h' })).toMatchInlineSnapshot(`
      [
        "Thu 26 Nov, 17:00: start",
        "17:00–18:00 counts 1 h",
        "night, until Fri 27 Nov, 09:00",
        "09:00 – Wed 21 Apr 2027, 18:00: 99 whole days count 792 h, not counting 21 weekends and 5 holidays",
        "night, until Thu 22 Apr, 09:00",
        "09:00–13:00 counts 4 h",
        "break, until 14:00",
        "14:00–17:00 counts 3 h",
        "due Thu 22 Apr, 17:00 (800 h of working time)",
      ]
    `)
    expect(sumOf('2026-11-26T16:00:00Z', { working: '800h' }, italian)).toMatchInlineSnapshot(`
      [
        "gio 26 nov, 17:00: inizio",
        "17:00–18:00: contano 1 h",
        "notte, fino a ven 27 nov, 09:00",
        "09:00 – mer 21 apr 2027, 18:00: 99 giornate intere, contano 792 h, senza contare 21 fine settimana e 5 festività",
        "notte, fino a gio 22 apr, 09:00",
        "09:00–13:00: contano 4 h",
        "pausa dell’orario, fino a 14:00",
        "14:00–17:00: contano 3 h",
        "scadenza gio 22 apr, 17:00 (800 h di tempo lavorativo)",
      ]
    `)
  })

  test('counts working days as the agreement does', () => {
    expect(sumOf('2026-11-26T16:00:00Z', { working: '10d' })).toMatchInlineSnapshot(`
      [
        "Thu 26 Nov, 17:00: start",
        "Fri 27 Nov, 17:00: 1 of 10 working days",
        "weekend, until Mon 30 Nov, 09:00",
        "Fri 4 Dec, 17:00: 6 of 10 working days",
        "weekend, until Mon 7 Dec, 09:00",
        "Thu 10 Dec, 17:00: 10 of 10 working days",
        "due Thu 10 Dec, 17:00 (10 working days)",
      ]
    `)
    expect(sumOf('2026-11-26T16:00:00Z', { working: '200d' }, italian)).toMatchInlineSnapshot(`
      [
        "gio 26 nov, 17:00: inizio",
        "gio 9 set 2027, 17:00: 200 di 200 giorni lavorativi, senza contare 41 fine settimana e 5 festività",
        "scadenza gio 9 set, 17:00 (200 giorni lavorativi)",
      ]
    `)
  })

  test('of the wall clock is one line', () => {
    expect(sumOf('2026-11-26T16:00:00Z', { wall: '24h' })).toMatchInlineSnapshot(`
      [
        "Thu 26 Nov, 17:00: start",
        "until Fri 27 Nov, 17:00: 24 h by the clock",
        "due Fri 27 Nov, 17:00 (24 h)",
      ]
    `)
  })

  test('of seconds is told to the second', () => {
    const always = calendarSchema.parse({ timezone: 'Europe/Rome', hours: 'always' })
    expect(
      sumOf('2026-11-26T16:00:50Z', { working: '20s' }, english, always),
    ).toMatchInlineSnapshot(`
      [
        "Thu 26 Nov, 17:00:50: start",
        "until 17:01:10: 20 s by the clock",
        "due Thu 26 Nov, 17:01:10 (20 s)",
      ]
    `)
    expect(sumOf('2026-11-26T16:59:50Z', { working: '20s' })).toMatchInlineSnapshot(`
      [
        "Thu 26 Nov, 17:59:50: start",
        "17:59:50–18:00:00 counts 10 s",
        "night, until Fri 27 Nov, 09:00:00",
        "09:00:00–09:00:10 counts 10 s",
        "due Fri 27 Nov, 09:00:10 (20 s of working time)",
      ]
    `)
  })
})
