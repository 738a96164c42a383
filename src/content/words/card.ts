import type { JourneyStage, Locale, Priority, Side } from '../../domain/agreement.ts'
import type { DeadlineKind, LeadField } from '../../domain/handoff.ts'
import { formatList, formatNumber, plural } from './format.ts'

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
  news(reason: string): string
  email(address: string): string
  phone(number: string): string
  /** `step` is what was agreed on for it, in short. */
  journey(stage: string, step: string | null): string
  journeyStages: Record<JourneyStage, string>
  source(source: string): string
  handedOverBy(person: string): string
  openIn(system: string): string
  openInCrm: string
  due: Record<DeadlineKind, Due>
  agreed(allowed: string): string
  offeredTo(person: string): string
  accepted(by: string, took: string | null): string
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
  /** The first handoff of a lead is 1; said from the second one on. */
  round(number: number): string
  /** `said` is the reason with what the return said to it, in short. */
  returnedOn(day: string, said: string): string
  /** A round that sales did not give back; `status` is how it ended. */
  endedAs(status: string): string
  whatChanged(text: string): string
  /** What a return said, in a few words each. */
  inShort: {
    readyOn(day: string): string
    criterion(name: string): string
    duplicateOf(email: string): string
  }
  /** After a status that says that it was returned. */
  by(person: string): string
  returnedBy(person: string): string
  owner(person: string): string
  /** Who has the lead has left Slack. */
  ownerLeft(person: string): string
  reason(name: string): string
  readyOn(day: string): string
  readyWhen(condition: string): string
  /** `agreed` are the words that both sides agreed on, where there are any. */
  criterion(name: string, agreed: string | null): string
  field(name: string): string
  duplicateOf(email: string): string
  note(note: string): string
  acknowledged: string
  readySince(when: string): string
  handedOverAgain: string
  contestedBy(person: string): string
  contestedWhy(text: string): string
  /** How one side rules. */
  vote(side: Side, ruling: string, by: string): string
  voteWords(side: Side, text: string): string
  disagreed: string
  /** Nobody has ruled, where the agreement names no time for it. */
  rulingAwaited: string
  rulingAwaitedOf: Record<Side, string>
  ruledBy(people: readonly string[]): string
  deal(stage: string): string
  accept: string
  return: string
  logAttempt: string
  outcome: string
  handOverAgain: string
  /** What can be done, for those who hear the card rather than see it. */
  buttons(labels: readonly string[]): string
  /** The entries of the menu beside the buttons. */
  more: Record<MenuEntry, string>
}

/** What the menu of a card may offer. */
export type MenuEntry =
  | 'why_due'
  | 'pause'
  | 'resume'
  | 'correct'
  | 'owner'
  | 'ready'
  | 'contest'
  | 'history'

/** The fields of a lead that a return can name as wrong, where they are named alone. */
export const leadFieldNames: Record<Locale, Record<LeadField, string>> = {
  en: {
    email: 'e-mail address',
    phone: 'phone number',
    name: 'name',
    title: 'job title',
    company: 'company',
    industry: 'industry',
    country: 'country',
    employees: 'number of employees',
    other: 'something else',
  },
  it: {
    email: 'indirizzo e-mail',
    phone: 'numero di telefono',
    name: 'nome',
    title: 'ruolo',
    company: 'azienda',
    industry: 'settore',
    country: 'paese',
    employees: 'numero di dipendenti',
    other: 'altro',
  },
}

const ordinals = {
  en: ['Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth', 'Ninth', 'Tenth'],
  it: ['Secondo', 'Terzo', 'Quarto', 'Quinto', 'Sesto', 'Settimo', 'Ottavo', 'Nono', 'Decimo'],
} as const

/** A day in Italian with what goes before it: "il 3 marzo", but "l’8 marzo" and "l’11 marzo". */
const withDay = (day: string, [before, elided]: readonly [string, string]): string =>
  /^(8|11) /.test(day) ? `${elided}’${day}` : `${before} ${day}`

export const sidesAtStart: Record<Locale, Record<Side, string>> = {
  en: { sales: 'Sales', marketing: 'Marketing' },
  it: { sales: 'Vendite', marketing: 'Marketing' },
}

export const cardWords: Record<Locale, CardWords> = {
  en: {
    title: (priority, who) => `${priority === 'hot' ? 'Hot SQL' : 'SQL'}: ${who}`,
    employees: (count) => plural(count, 'en', { one: 'employee', other: 'employees' }),
    why: (reason) => `Why: “${reason}”`,
    news: (reason) => `News: “${reason}”`,
    email: (address) => `E-mail: ${address}`,
    phone: (number) => `Phone: ${number}`,
    journey: (stage, step) => `Journey: ${stage}${step === null ? '' : ` (${step})`}`,
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
      ruling: {
        by: (when) => `Both managers rule by ${when}`,
        late: (when) => `Ruling late since ${when}`,
      },
      ready: {
        by: (when) => `Ready again: ${when}`,
        late: (when) => `Ready since ${when}`,
      },
    },
    agreed: (allowed) => `(agreed: ${allowed})`,
    offeredTo: (person) => `Offered to ${person}.`,
    accepted: (by, took) => (took === null ? `Accepted by ${by}` : `Accepted by ${by} in ${took}`),
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
    round: (number) => {
      const ordinal = ordinals.en[number - 2]
      return ordinal === undefined
        ? `Handoff ${formatNumber(number, 'en')}.`
        : `${ordinal} handoff.`
    },
    returnedOn: (day, said) => `Returned on ${day} (${said}).`,
    endedAs: (status) => `The one before: ${status}.`,
    whatChanged: (text) => `What changed: “${text}”`,
    inShort: {
      readyOn: (day) => `from ${day}`,
      criterion: (name) => `criterion “${name}”`,
      duplicateOf: (email) => `the same lead as ${email}`,
    },
    by: (person) => `by ${person}`,
    returnedBy: (person) => `Returned by ${person}.`,
    owner: (person) => `Owner: ${person}.`,
    ownerLeft: (person) => `${person} has left Slack: give the lead to somebody else.`,
    reason: (name) => `Reason: ${name}`,
    readyOn: (day) => `Ready on: ${day}`,
    readyWhen: (condition) => `Ready when: ${condition}`,
    criterion: (name, agreed) =>
      `Criterion not met: ${name}${agreed === null ? '' : `. As agreed: “${agreed}”`}`,
    field: (name) => `Wrong: ${name}`,
    duplicateOf: (email) => `The same lead as: ${email}`,
    note: (note) => `Note: ${note}`,
    acknowledged: 'Marketing takes the lead back into nurturing.',
    readySince: (when) => `Ready again since ${when}`,
    handedOverAgain: 'Handed over again.',
    contestedBy: (person) => `Contested by ${person}.`,
    contestedWhy: (text) => `Why it is contested: “${text}”`,
    vote: (side, ruling, by) => `${sidesAtStart.en[side]} (${by}): ${ruling}.`,
    voteWords: (side, text) => `${sidesAtStart.en[side]}: “${text}”`,
    disagreed: 'The managers do not agree.',
    rulingAwaited: 'Both managers are to rule.',
    rulingAwaitedOf: {
      sales: 'The ruling of sales is awaited.',
      marketing: 'The ruling of marketing is awaited.',
    },
    ruledBy: (people) => `ruled by ${formatList(people, 'en')}`,
    deal: (stage) => `Deal: ${stage}.`,
    accept: 'Accept',
    return: 'Return',
    logAttempt: 'Log attempt',
    outcome: 'Outcome',
    handOverAgain: 'Hand over again',
    buttons: (labels) => `Buttons: ${labels.join(', ')}.`,
    more: {
      why_due: 'Why due then?',
      pause: 'Pause',
      resume: 'Resume',
      correct: 'Correct an attempt',
      owner: 'Change owner',
      ready: 'Mark as ready',
      contest: 'Contest the return',
      history: 'Details and history',
    },
  },
  it: {
    title: (priority, who) => `${priority === 'hot' ? 'SQL caldo' : 'SQL'}: ${who}`,
    employees: (count) => plural(count, 'it', { one: 'dipendente', other: 'dipendenti' }),
    why: (reason) => `Perché: «${reason}»`,
    news: (reason) => `Novità: «${reason}»`,
    email: (address) => `E-mail: ${address}`,
    phone: (number) => `Telefono: ${number}`,
    journey: (stage, step) => `Percorso: ${stage}${step === null ? '' : ` (${step})`}`,
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
      ruling: {
        by: (when) => `Decisione dei due responsabili entro: ${when}`,
        late: (when) => `Decisione in ritardo da: ${when}`,
      },
      ready: {
        by: (when) => `Di nuovo pronto: ${when}`,
        late: (when) => `Pronto da: ${when}`,
      },
    },
    agreed: (allowed) => `(da accordo: ${allowed})`,
    offeredTo: (person) => `Proposto a ${person}.`,
    accepted: (by, took) =>
      took === null ? `Accettato da ${by}` : `Accettato da ${by} in ${took}`,
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
    round: (number) => {
      const ordinal = ordinals.it[number - 2]
      return ordinal === undefined
        ? `Passaggio ${formatNumber(number, 'it')}.`
        : `${ordinal} passaggio.`
    },
    returnedOn: (day, said) => `Restituito ${withDay(day, ['il', 'l'])} (${said}).`,
    endedAs: (status) => `Il precedente: ${status}.`,
    whatChanged: (text) => `Che cosa è cambiato: «${text}»`,
    inShort: {
      readyOn: (day) => withDay(day, ['dal', 'dall']),
      criterion: (name) => `criterio «${name}»`,
      duplicateOf: (email) => `stesso lead di ${email}`,
    },
    by: (person) => `da ${person}`,
    returnedBy: (person) => `Restituito da ${person}.`,
    owner: (person) => `Responsabile: ${person}.`,
    ownerLeft: (person) => `${person} non è più in Slack: affida il lead a qualcun altro.`,
    reason: (name) => `Motivo: ${name}`,
    readyOn: (day) => `Pronto il: ${day}`,
    readyWhen: (condition) => `Pronto quando: ${condition}`,
    criterion: (name, agreed) =>
      `Criterio non soddisfatto: ${name}${agreed === null ? '' : `. Da accordo: «${agreed}»`}`,
    field: (name) => `Dato errato: ${name}`,
    duplicateOf: (email) => `Stesso lead di: ${email}`,
    note: (note) => `Nota: ${note}`,
    acknowledged: 'Il marketing riprende il lead nel nurturing.',
    readySince: (when) => `Di nuovo pronto da: ${when}`,
    handedOverAgain: 'Passato di nuovo alle vendite.',
    contestedBy: (person) => `Restituzione contestata da ${person}.`,
    contestedWhy: (text) => `Perché è contestata: «${text}»`,
    vote: (side, ruling, by) => `${sidesAtStart.it[side]} (${by}): ${ruling}.`,
    voteWords: (side, text) => `${sidesAtStart.it[side]}: «${text}»`,
    disagreed: 'I responsabili non sono d’accordo.',
    rulingAwaited: 'Devono decidere i due responsabili.',
    rulingAwaitedOf: {
      sales: 'Si attende la decisione delle vendite.',
      marketing: 'Si attende la decisione del marketing.',
    },
    ruledBy: (people) => `decisione di ${formatList(people, 'it')}`,
    deal: (stage) => `Trattativa: ${stage}.`,
    accept: 'Accetta',
    return: 'Restituisci',
    logAttempt: 'Registra tentativo',
    outcome: 'Esito',
    handOverAgain: 'Passa di nuovo',
    buttons: (labels) => `Pulsanti: ${labels.join(', ')}.`,
    more: {
      why_due: 'Perché questa scadenza?',
      pause: 'Metti in pausa',
      resume: 'Riprendi',
      correct: 'Correggi un tentativo',
      owner: 'Cambia responsabile',
      ready: 'Segna come pronto',
      contest: 'Contesta la restituzione',
      history: 'Dettagli e cronologia',
    },
  },
}
