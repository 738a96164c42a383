import type { JourneyStage, Locale, Priority } from '../../domain/agreement.ts'
import type { DeadlineKind, HandoffStatus } from '../../domain/handoff.ts'
import { formatNumber, plural } from './format.ts'

/** What is to be done, with its deadline; late is a fact that is said in words. */
interface Due {
  by(when: string): string
  late(when: string): string
}

/** The words of the card. Arguments are ready to be shown; people are mentions. */
export interface CardWords {
  title(priority: Priority, who: string): string
  employees(count: number): string
  why(reason: string): string
  email(address: string): string
  phone(number: string): string
  journey(stage: string): string
  journeyStages: Record<JourneyStage, string>
  source(source: string): string
  handedOverBy(person: string): string
  openIn(system: string): string
  openInCrm: string
  due: Record<DeadlineKind, Due>
  agreed(allowed: string): string
  offeredTo(person: string): string
  acceptedBy(person: string, took: string | null): string
  /** How late on the wall clock, and how much of that was working time where it is less. */
  late(length: string | null, ofIt: string | null): string
  outsideWorkingTime: string
  attempts(counted: number, of: number): string
  /**
   * Channels that have to wait, what is open now (a channel, or all the others), and whether there
   * are more that wait.
   */
  nextAttempt(
    waiting: readonly { channel: string; from: string }[],
    open: string | null,
    more: boolean,
  ): string
  otherChannels: string
  paused(reason: string): string
  goesOn(when: string): string
  connected: string
  /** Only for those whose words the agreement does not write. */
  returnedBy(person: string): string
  owner(person: string): string
  reason(name: string): string
  readyOn(day: string): string
  readyWhen(condition: string): string
  criterion(name: string): string
  note(note: string): string
  accept: string
  return: string
  logAttempt: string
  /** The entries of the menu beside the buttons. */
  more: Record<MenuEntry, string>
}

/** What the menu of a card may offer. */
export type MenuEntry = 'why_due' | 'pause' | 'resume' | 'correct'

export const cardWords: Record<Locale, CardWords> = {
  en: {
    title: (priority, who) => `${priority === 'hot' ? 'Hot SQL' : 'SQL'}: ${who}`,
    employees: (count) => plural(count, 'en', { one: 'employee', other: 'employees' }),
    why: (reason) => `Why: “${reason}”`,
    email: (address) => `E-mail: ${address}`,
    phone: (number) => `Phone: ${number}`,
    journey: (stage) => `Journey: ${stage}`,
    journeyStages: {
      awareness: 'awareness',
      consideration: 'consideration',
      decision: 'decision',
    },
    source: (source) => `Source: ${source}`,
    handedOverBy: (person) => `Handed over by ${person}`,
    openIn: (system) => `Open in ${system}`,
    openInCrm: 'Open in the CRM',
    due: {
      accept: {
        by: (when) => `Accept by ${when}`,
        late: (when) => `Not accepted: late since ${when}`,
      },
      'accept-hard': {
        by: (when) => `Accept by ${when}`,
        late: (when) => `Not accepted: late since ${when}`,
      },
      'first-attempt': {
        by: (when) => `First attempt by ${when}`,
        late: (when) => `First attempt late since ${when}`,
      },
      attempts: {
        by: (when) => `All attempts by ${when}`,
        late: (when) => `Attempts late since ${when}`,
      },
      'return-answer': {
        by: (when) => `Answer the return by ${when}`,
        late: (when) => `Answer to the return late since ${when}`,
      },
      idle: {
        by: (when) => `Next counted attempt by ${when}`,
        late: (when) => `No counted attempt: late since ${when}`,
      },
    },
    agreed: (allowed) => `(agreed: ${allowed})`,
    offeredTo: (person) => `Offered to ${person}.`,
    acceptedBy: (person, took) =>
      took === null ? `Accepted by ${person}` : `Accepted by ${person} in ${took}`,
    late: (length, ofIt) =>
      length === null ? 'late' : `${length} late${ofIt === null ? '' : ` (${ofIt})`}`,
    outsideWorkingTime: 'outside working time',
    attempts: (counted, of) =>
      `Attempts: ${formatNumber(counted, 'en')} of ${formatNumber(of, 'en')}.`,
    nextAttempt: (waiting, open, more) =>
      `Next attempt counts: ${[
        ...waiting.map(({ channel, from }) => `${channel} from ${from}`),
        ...(open === null ? [] : [`${open} now`]),
        ...(more ? ['the rest later'] : []),
      ].join(', ')}.`,
    otherChannels: 'any other channel',
    paused: (reason) => `Paused: ${reason}`,
    goesOn: (when) => `The clocks go on by themselves: ${when}.`,
    connected: 'Connected.',
    returnedBy: (person) => `by ${person}`,
    owner: (person) => `Owner: ${person}.`,
    reason: (name) => `Reason: ${name}`,
    readyOn: (day) => `Ready on: ${day}`,
    readyWhen: (condition) => `Ready when: ${condition}`,
    criterion: (name) => `Criterion not met: ${name}`,
    note: (note) => `Note: ${note}`,
    accept: 'Accept',
    return: 'Return',
    logAttempt: 'Log attempt',
    more: {
      why_due: 'Why due then?',
      pause: 'Pause',
      resume: 'Resume',
      correct: 'Correct an attempt',
    },
  },
  it: {
    title: (priority, who) => `${priority === 'hot' ? 'SQL caldo' : 'SQL'}: ${who}`,
    employees: (count) => plural(count, 'it', { one: 'dipendente', other: 'dipendenti' }),
    why: (reason) => `Perché: «${reason}»`,
    email: (address) => `E-mail: ${address}`,
    phone: (number) => `Telefono: ${number}`,
    journey: (stage) => `Percorso: ${stage}`,
    journeyStages: {
      awareness: 'consapevolezza',
      consideration: 'considerazione',
      decision: 'decisione',
    },
    source: (source) => `Fonte: ${source}`,
    handedOverBy: (person) => `Passato da ${person}`,
    openIn: (system) => `Apri in ${system}`,
    openInCrm: 'Apri nel CRM',
    due: {
      accept: {
        by: (when) => `Da accettare entro: ${when}`,
        late: (when) => `Non accettato, in ritardo da: ${when}`,
      },
      'accept-hard': {
        by: (when) => `Da accettare entro: ${when}`,
        late: (when) => `Non accettato, in ritardo da: ${when}`,
      },
      'first-attempt': {
        by: (when) => `Primo tentativo entro: ${when}`,
        late: (when) => `Primo tentativo in ritardo da: ${when}`,
      },
      attempts: {
        by: (when) => `Tutti i tentativi entro: ${when}`,
        late: (when) => `Tentativi in ritardo da: ${when}`,
      },
      'return-answer': {
        by: (when) => `Risposta alla restituzione entro: ${when}`,
        late: (when) => `Risposta alla restituzione in ritardo da: ${when}`,
      },
      idle: {
        by: (when) => `Prossimo tentativo conteggiato entro: ${when}`,
        late: (when) => `Nessun tentativo conteggiato, in ritardo da: ${when}`,
      },
    },
    agreed: (allowed) => `(da accordo: ${allowed})`,
    offeredTo: (person) => `Proposto a ${person}.`,
    acceptedBy: (person, took) =>
      took === null ? `Accettato da ${person}` : `Accettato da ${person} in ${took}`,
    late: (length, ofIt) =>
      length === null
        ? 'in ritardo'
        : `in ritardo di ${length}${ofIt === null ? '' : ` (${ofIt})`}`,
    outsideWorkingTime: 'fuori dall’orario di lavoro',
    attempts: (counted, of) =>
      `Tentativi: ${formatNumber(counted, 'it')} di ${formatNumber(of, 'it')}.`,
    nextAttempt: (waiting, open, more) =>
      `Il prossimo tentativo conta da: ${[
        ...waiting.map(({ channel, from }) => `${from} (${channel})`),
        ...(open === null ? [] : [`subito (${open})`]),
        ...(more ? ['più tardi gli altri'] : []),
      ].join(', ')}.`,
    otherChannels: 'ogni altro canale',
    paused: (reason) => `In pausa: ${reason}`,
    goesOn: (when) => `I tempi ripartono da soli: ${when}.`,
    connected: 'Contatto riuscito.',
    returnedBy: (person) => `da ${person}`,
    owner: (person) => `Responsabile: ${person}.`,
    reason: (name) => `Motivo: ${name}`,
    readyOn: (day) => `Pronto il: ${day}`,
    readyWhen: (condition) => `Pronto quando: ${condition}`,
    criterion: (name) => `Criterio non soddisfatto: ${name}`,
    note: (note) => `Nota: ${note}`,
    accept: 'Accetta',
    return: 'Restituisci',
    logAttempt: 'Registra tentativo',
    more: {
      why_due: 'Perché questa scadenza?',
      pause: 'Metti in pausa',
      resume: 'Riprendi',
      correct: 'Correggi un tentativo',
    },
  },
}

/** Statuses in which nothing is to be done from the card any more. */
export const isSettled = (status: HandoffStatus): boolean =>
  status === 'returned' || status === 'unresponsive' || status === 'closed'
