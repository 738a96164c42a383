import type { Locale } from '../../domain/agreement.ts'
import { formatDay, formatNumber, plural } from './format.ts'

interface Words {
  /** Slack cuts titles and the buttons of a form at 24 characters. */
  title: string
  submit: string
  label: string
  /** Said under the field where nobody is chosen. */
  nobodyChosen: string
  me: string
  everyone: string
  /** Under a list that has room for so many of all. */
  first(shown: number, of: number): string
  /** Under a field that may stay empty. */
  emptyForEveryone: string
  /** `until` is the last of the days off, YYYY-MM-DD. */
  off(name: string, until: string): string
  /** Did not respond, and gets no more leads until they say that they are back. */
  away(name: string): string
  full(name: string, cap: number): string
  /** There is nobody to pass the lead on to. */
  nobodyElse: string
}

/** What is said where a lead gets another owner. */
export const ownerWords: Record<Locale, Words> = {
  en: {
    title: 'Change the owner',
    submit: 'Change',
    label: 'Who gets this lead?',
    nobodyChosen: 'Choose who gets this lead.',
    me: 'Me',
    everyone: 'Offer it to everyone again',
    first: (shown, of) =>
      `The list has room for the first ${formatNumber(shown, 'en')} of ${plural(of, 'en', { one: 'person', other: 'people' })}, by name.`,
    emptyForEveryone: 'Left empty, the lead is offered to everyone again.',
    off: (name, until) => `${name}, off until ${formatDay(until, 'en')}`,
    away: (name) => `${name}, off duty`,
    full: (name, cap) =>
      `${name}, has ${plural(cap, 'en', { one: 'open lead', other: 'open leads' })}`,
    nobodyElse:
      'The agreement names nobody else of sales who could get this lead: ask a manager to name somebody.',
  },
  it: {
    title: 'Cambia responsabile',
    submit: 'Cambia',
    label: 'A chi va questo lead?',
    nobodyChosen: 'Scegli a chi va questo lead.',
    me: 'A me',
    everyone: 'Proponilo di nuovo a tutti',
    first: (shown, of) =>
      `L’elenco ha posto per le prime ${formatNumber(shown, 'it')} di ${plural(of, 'it', { one: 'persona', other: 'persone' })}, in ordine di nome.`,
    emptyForEveryone: 'Se resta vuoto, il lead viene proposto di nuovo a tutti.',
    off: (name, until) => `${name}, assenza fino al ${formatDay(until, 'it')}`,
    away: (name) => `${name}, fuori turno`,
    full: (name, cap) =>
      `${name}, ha ${plural(cap, 'it', { one: 'lead aperto', other: 'lead aperti' })}`,
    nobodyElse:
      'L’accordo non indica nessun altro delle vendite a cui dare questo lead: chiedi a un responsabile di inserire qualcuno.',
  },
}
