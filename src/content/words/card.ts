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
  lateBy(length: string | null): string
  attempts(counted: number, of: number): string
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
}

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
    },
    agreed: (allowed) => `(agreed: ${allowed})`,
    offeredTo: (person) => `Offered to ${person}.`,
    acceptedBy: (person, took) =>
      took === null ? `Accepted by ${person}` : `Accepted by ${person} in ${took}`,
    lateBy: (length) => (length === null ? 'late' : `late by ${length}`),
    attempts: (counted, of) =>
      `Attempts: ${formatNumber(counted, 'en')} of ${formatNumber(of, 'en')}.`,
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
    },
    agreed: (allowed) => `(da accordo: ${allowed})`,
    offeredTo: (person) => `Proposto a ${person}.`,
    acceptedBy: (person, took) =>
      took === null ? `Accettato da ${person}` : `Accettato da ${person} in ${took}`,
    lateBy: (length) => (length === null ? 'in ritardo' : `in ritardo di ${length}`),
    attempts: (counted, of) =>
      `Tentativi: ${formatNumber(counted, 'it')} di ${formatNumber(of, 'it')}.`,
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
  },
}

/** Statuses in which nothing is to be done from the card any more. */
export const isSettled = (status: HandoffStatus): boolean =>
  status === 'returned' || status === 'unresponsive' || status === 'closed'
