import type { Agreement, Locale } from '../../domain/agreement.ts'
import type { DeadlineKind } from '../../domain/handoff.ts'
import { formatNumber, formatPercent } from './format.ts'

/** What a deadline is called where it is named alone. */
export const deadlineNames: Record<Locale, Record<DeadlineKind, string>> = {
  en: {
    accept: 'acceptance',
    'accept-hard': 'acceptance, hard limit',
    'first-attempt': 'first attempt',
    attempts: 'sequence of attempts',
    'return-answer': 'answer to the return',
    idle: 'next counted attempt',
  },
  it: {
    accept: 'accettazione',
    'accept-hard': 'accettazione, limite massimo',
    'first-attempt': 'primo tentativo',
    attempts: 'sequenza di tentativi',
    'return-answer': 'risposta alla restituzione',
    idle: 'prossimo tentativo conteggiato',
  },
}

/** The words of the lines that are told once. Sentences begin in lower case: see `addressed`. */
export interface NoticeWords {
  reminder(kind: DeadlineKind, fraction: number, when: string): string
  missed(kind: DeadlineKind, when: string): string
  openCard: string
  remindLater: string
  /** `status` is the agreement's own word for it. */
  returned(status: string, by: string | null): string
  counted(number: number, of: number, made: string): string
  connected(number: number, of: number, made: string): string
  notCounted(made: string, why: string): string
  made(channel: string, outcome: string, by: string | null): string
  finished(of: number): string
  /** `reason` is the agreement's own word for it. */
  paused(by: string | null, reason: string, until: string): string
  resumed: string
  acknowledge: string
  /** Said to whoever returned the lead. */
  acknowledged(by: string | null): string
  /** Said to the new owner; `from` had it until now, null where nobody did. */
  reassigned(kind: DeadlineKind, when: string, from: string | null): string
}

const timeTo: Record<Locale, Record<DeadlineKind, string>> = {
  en: {
    accept: 'time to accept',
    'accept-hard': 'time to accept',
    'first-attempt': 'time for the first attempt',
    attempts: 'time for the attempts',
    'return-answer': 'time to answer the return',
    idle: 'time for the next counted attempt',
  },
  it: {
    accept: 'tempo per accettare',
    'accept-hard': 'tempo per accettare',
    'first-attempt': 'tempo per il primo tentativo',
    attempts: 'tempo per i tentativi',
    'return-answer': 'tempo per rispondere alla restituzione',
    idle: 'tempo per il prossimo tentativo conteggiato',
  },
}

const missed: Record<Locale, Record<DeadlineKind, string>> = {
  en: {
    accept: 'not accepted in time: it was due',
    'accept-hard': 'not accepted in time: it was due',
    'first-attempt': 'no first attempt in time: it was due',
    attempts: 'attempts not finished in time: they were due',
    'return-answer': 'return not answered in time: it was due',
    idle: 'accepted, but no counted attempt in time: it was due',
  },
  it: {
    accept: 'non accettato in tempo, scadenza:',
    'accept-hard': 'non accettato in tempo, scadenza:',
    'first-attempt': 'nessun primo tentativo in tempo, scadenza:',
    attempts: 'tentativi non completati in tempo, scadenza:',
    'return-answer': 'restituzione senza risposta in tempo, scadenza:',
    idle: 'accettato, ma nessun tentativo conteggiato in tempo, scadenza:',
  },
}

export const noticeWords: Record<Locale, NoticeWords> = {
  en: {
    reminder: (kind, fraction, when) =>
      `${fraction === 0.5 ? 'half' : formatPercent(fraction, 'en')} of the ${timeTo.en[kind]} is gone: due ${when}.`,
    missed: (kind, when) => `${missed.en[kind]} ${when}.`,
    openCard: 'Open the card',
    remindLater: 'Remind me later',
    returned: (status, by) => (by === null ? `*${status}*` : `*${status}*, by ${by}`),
    counted: (number, of, made) =>
      `attempt ${formatNumber(number, 'en')} of ${formatNumber(of, 'en')}, counted: ${made}.`,
    connected: (number, of, made) =>
      `connected with attempt ${formatNumber(number, 'en')} of ${formatNumber(of, 'en')}: ${made}.`,
    notCounted: (made, why) => `${made}. ${why}`,
    made: (channel, outcome, by) =>
      by === null ? `${channel}, ${outcome}` : `${channel}, ${outcome}, by ${by}`,
    finished: (of) =>
      `All ${formatNumber(of, 'en')} attempts are made and nobody was reached: return the lead.`,
    paused: (by, reason, until) =>
      `paused${by === null ? '' : ` by ${by}`}: ${reason}. The clocks go on by themselves: ${until}.`,
    acknowledge: 'Acknowledge',
    acknowledged: (by) =>
      `${by ?? 'marketing'} has read the return and takes the lead back into nurturing.`,
    resumed: 'the agreed time for a pause is over: the clocks go on.',
    reassigned: (kind, when, from) =>
      `${missed.en[kind]} ${when}. ${from === null ? 'The lead is now yours' : `The lead passes from ${from} to you`}.`,
  },
  it: {
    reminder: (kind, fraction, when) =>
      fraction === 0.5
        ? `metà del ${timeTo.it[kind]} è trascorsa, scadenza: ${when}.`
        : `${timeTo.it[kind]}: ${formatPercent(fraction, 'it')} trascorso, scadenza: ${when}.`,
    missed: (kind, when) => `${missed.it[kind]} ${when}.`,
    openCard: 'Apri la scheda',
    remindLater: 'Ricordamelo più tardi',
    returned: (status, by) => (by === null ? `*${status}*` : `*${status}*, da ${by}`),
    counted: (number, of, made) =>
      `tentativo ${formatNumber(number, 'it')} di ${formatNumber(of, 'it')}, conteggiato: ${made}.`,
    connected: (number, of, made) =>
      `contatto riuscito al tentativo ${formatNumber(number, 'it')} di ${formatNumber(of, 'it')}: ${made}.`,
    notCounted: (made, why) => `${made}. ${why}`,
    made: (channel, outcome, by) =>
      by === null ? `${channel}, ${outcome}` : `${channel}, ${outcome}, da ${by}`,
    finished: (of) =>
      `Tutti i ${formatNumber(of, 'it')} tentativi sono fatti e nessuno è stato raggiunto: restituisci il lead.`,
    paused: (by, reason, until) =>
      `${by === null ? 'in pausa' : `messo in pausa da ${by}`}: ${reason}. I tempi ripartono da soli: ${until}.`,
    acknowledge: 'Presa visione',
    acknowledged: (by) =>
      `${by ?? 'il marketing'} ha letto la restituzione e riprende il lead nel nurturing.`,
    resumed: 'il tempo concordato per una pausa è finito: i tempi ripartono.',
    reassigned: (kind, when, from) =>
      `${missed.it[kind]} ${when}. ${from === null ? 'Il lead ora è tuo' : `Il lead passa da ${from} a te`}.`,
  },
}

/** Why a clock stands still, as the agreement calls it; what it does not know goes by its id. */
export const pauseReasonName = (
  { pause }: Pick<Agreement, 'pause'>,
  reason: string,
  locale: Locale,
): string => pause?.reasons.find(({ id }) => id === reason)?.name[locale] ?? reason

/** A sentence to some people, or to nobody, with its capital where it belongs. */
export const addressed = (mentions: readonly string[], sentence: string): string =>
  mentions.length > 0
    ? `${mentions.join(', ')}, ${sentence}`
    : sentence.charAt(0).toUpperCase() + sentence.slice(1)
