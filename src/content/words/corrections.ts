import type { Locale } from '../../domain/agreement.ts'
import { formatNumber } from './format.ts'

/** The fields of the form, by block. */
export type CorrectionField = 'attempt' | 'channel' | 'outcome' | 'happened'

interface Words {
  form: {
    /** Slack cuts titles and the buttons of a form at 24 characters. */
    title: string
    submit: string
    labels: Record<CorrectionField, string>
    /** Said under a field that does not hold what is expected. */
    faults: Record<CorrectionField, string>
    happened: Record<'yes' | 'no', string>
    /** One of the attempts to choose from. */
    choice(number: number, made: string, when: string): string
  }
  /** The beginning of the line in the thread; sentences begin in lower case: see `addressed`. */
  corrected(number: number, by: string | null): string
  instead(now: string, before: string): string
  madeAt(now: string, before: string): string
  happenedAfterAll: string
  newNote: string
  counted(counted: number, of: number): string
  connected: string
  /** How many count, after an attempt that does not. */
  standing(counted: number, of: number): string
  other(number: number, counted: boolean): string
}

/** What is said where a logged attempt is put right. */
export const correctionWords: Record<Locale, Words> = {
  en: {
    form: {
      title: 'Correct an attempt',
      submit: 'Correct',
      labels: {
        attempt: 'Attempt',
        channel: 'Channel',
        outcome: 'Outcome',
        happened: 'Did it happen?',
      },
      faults: {
        attempt: 'Choose one of the attempts.',
        channel: 'Choose a channel.',
        outcome: 'Choose an outcome.',
        happened: 'Choose yes or no.',
      },
      happened: { yes: 'Yes', no: 'No, it was logged by mistake' },
      choice: (number, made, when) => `${number}: ${made}, ${when}`,
    },
    corrected: (number, by) =>
      by === null ? `attempt ${number} corrected` : `attempt ${number} corrected by ${by}`,
    instead: (now, before) => `${now} instead of ${before}`,
    madeAt: (now, before) => `made ${now} instead of ${before}`,
    happenedAfterAll: 'it did happen',
    newNote: 'a new note',
    counted: (counted, of) =>
      `now counted ${formatNumber(counted, 'en')} of ${formatNumber(of, 'en')}`,
    connected: 'The lead is connected.',
    standing: (counted, of) =>
      `Counted so far: ${formatNumber(counted, 'en')} of ${formatNumber(of, 'en')}.`,
    other: (number, counted) =>
      counted ? `Attempt ${number} counts now.` : `Attempt ${number} does not count any more.`,
  },
  it: {
    form: {
      title: 'Correggi un tentativo',
      submit: 'Correggi',
      labels: {
        attempt: 'Tentativo',
        channel: 'Canale',
        outcome: 'Esito',
        happened: 'È avvenuto?',
      },
      faults: {
        attempt: 'Scegli uno dei tentativi.',
        channel: 'Scegli un canale.',
        outcome: 'Scegli un esito.',
        happened: 'Scegli sì o no.',
      },
      happened: { yes: 'Sì', no: 'No, è stato registrato per errore' },
      choice: (number, made, when) => `${number}: ${made}, ${when}`,
    },
    corrected: (number, by) =>
      by === null ? `tentativo ${number} corretto` : `tentativo ${number} corretto da ${by}`,
    instead: (now, before) => `${now} invece di ${before}`,
    madeAt: (now, before) => `fatto ${now} invece di ${before}`,
    happenedAfterAll: 'è avvenuto',
    newNote: 'una nuova nota',
    counted: (counted, of) =>
      `ora conteggiato, ${formatNumber(counted, 'it')} di ${formatNumber(of, 'it')}`,
    connected: 'Il contatto con il lead è riuscito.',
    standing: (counted, of) =>
      `Conteggiati finora: ${formatNumber(counted, 'it')} di ${formatNumber(of, 'it')}.`,
    other: (number, counted) =>
      counted ? `Il tentativo ${number} ora vale.` : `Il tentativo ${number} non vale più.`,
  },
}
