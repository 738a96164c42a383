import type {
  DealMeaning,
  EscalationStep,
  LifecycleStage,
  Locale,
  Priority,
  returnNeeds,
  Side,
} from '../../domain/agreement.ts'
import { stageName } from './lifecycle.ts'

interface ReasonWords {
  name: string
  status: string
  stage: LifecycleStage
  needs: string | null
}

interface Words {
  /** `since` is a date in words; null for the agreement that was there from the start. */
  version: (version: number, since: string | null) => string
  headings: {
    goals: string
    clocks: string
    ownClocks: (leadType: string) => string
    calendar: string
    ownCalendar: (leadType: string) => string
    leadTypes: string
    returns: string
    deals: string
    protocols: string
    marketing: string
    sales: string
    promises: Record<Side, string>
    proposed: string
    history: string
  }
  accept: (within: string, hard: string | null) => string
  firstAttempt: (within: Record<Priority, string>) => string
  attempts: (terms: { count: string; channels: string; within: string; gap: string }) => string
  counted: (channels: string) => string
  returnAnswer: (within: string) => string
  ruling: (within: string) => string
  idle: (within: string) => string
  ownGap: (channel: string, gap: string) => string
  pause: (terms: { times: string; atMost: string; reasons: string }) => string
  reminders: (fractions: string) => string
  escalation: (fraction: string, to: EscalationStep['to']) => string
  always: string
  /** "Monday to Friday: 09:00–13:00 and 14:00–18:00" */
  hours: (days: string, spans: string) => string
  dayRange: (from: string, to: string) => string
  zone: (zone: string) => string
  holidays: (dates: string) => string
  /** `channel` is a name with its mark, or a link to it. */
  leadType: (name: string, channel: string) => string
  /** The language of its channel, where that is not the agreement's. */
  language: Record<Locale, string>
  owners: { open: string; fixed: (owner: string) => string; rotate: (owners: string) => string }
  /** `needs` is what it must bring along; null for nothing. */
  returnReason: (reason: ReasonWords) => string
  needs: Record<(typeof returnNeeds)[number], string>
  attempt: { one: string; other: string }
  channel: { one: string; other: string }
  times: { one: string; other: string }
  /** `stage` is the lifecycle stage that it moves a lead to; null for none. */
  dealStage: (stage: { name: string; means: DealMeaning; stage: LifecycleStage | null }) => string
  lostReasons: (reasons: string) => string
  reassigned: Record<'keep' | 'restart', string>
  takenOver: Record<'never' | 'overdue' | 'always', string>
  digest: (at: string) => string
  /** To those who may change it, where no change is proposed now. */
  nothingProposed: string
  weekly: (day: string, at: string) => string
}

/** Texts out of the agreement come escaped; what is here is mrkdwn. */
export const slaWords: Record<Locale, Words> = {
  en: {
    version: (version, since) =>
      since === null
        ? `Version ${version}, in force`
        : `Version ${version}, in force since ${since}`,
    headings: {
      goals: 'Goals',
      clocks: 'Times',
      ownClocks: (leadType) => `Times for ${leadType}`,
      calendar: 'Working time',
      ownCalendar: (leadType) => `Working time for ${leadType}`,
      leadTypes: 'Lead types',
      returns: 'Reasons for a return',
      deals: 'What becomes of a lead',
      protocols: 'How it goes',
      marketing: 'What sales expects of marketing',
      sales: 'What marketing expects of sales',
      promises: { marketing: 'What marketing promises', sales: 'What sales promises' },
      proposed: 'Proposed now',
      history: 'How it came about',
    },
    accept: (within, hard) =>
      hard === null
        ? `Sales accepts or returns a lead within ${within}.`
        : `Sales accepts or returns a lead within ${within}, and never later than ${hard} by the clock.`,
    firstAttempt: ({ hot, standard }) =>
      `The first connect attempt follows within ${hot} for a hot lead, within ${standard} otherwise.`,
    attempts: ({ count, channels, within, gap }) =>
      `Sales makes ${count} over at least ${channels} within ${within}, at least ${gap} apart on the same channel.`,
    counted: (channels) => `What counts as an attempt: ${channels}.`,
    returnAnswer: (within) => `Marketing answers a return within ${within}.`,
    ruling: (within) => `Both managers rule on a contested return within ${within}.`,
    idle: (within) => `An accepted lead is idle after ${within} without a counted attempt.`,
    ownGap: (channel, gap) => `By ${channel} the attempts are at least ${gap} apart.`,
    pause: ({ times, atMost, reasons }) =>
      `The clocks of a handoff may stand still ${times}, for at most ${atMost}: ${reasons}.`,
    reminders: (fractions) => `Reminders come at ${fractions} of the time.`,
    escalation: (fraction, to) =>
      ({
        owner: `At ${fraction} of the time the owner is told.`,
        manager: `At ${fraction} of the time the manager is told.`,
        managers_channel: `At ${fraction} of the time the managers’ channel is told.`,
        next_owner: `At ${fraction} of the time the lead passes to the next owner.`,
        off_duty: `At ${fraction} of the time the owner gets no more leads until they are back.`,
      })[to],
    always: 'Day and night: all time is working time.',
    hours: (days, spans) => `${days}: ${spans}`,
    dayRange: (from, to) => `${from} to ${to}`,
    zone: (zone) => `Times of ${zone}`,
    holidays: (dates) => `Next holidays: ${dates}`,
    leadType: (name, channel) => `*${name}*: ${channel}`,
    language: { en: 'told in English', it: 'told in Italian' },
    owners: {
      open: 'the first to accept owns the lead',
      fixed: (owner) => `owned by ${owner}`,
      rotate: (owners) => `in turn to ${owners}`,
    },
    returnReason: ({ name, status, stage, needs }) =>
      [
        `*${name}*: the status becomes “${status}”, the stage ${stageName(stage, 'en')}`,
        ...(needs === null ? [] : [`asks for ${needs}`]),
      ].join('; '),
    needs: {
      ready_on_or_when: 'a date or a condition',
      criterion: 'the criterion that is not met',
      field: 'the field that is wrong',
      other_lead: 'the other lead',
      attempts: 'a complete sequence of attempts',
      note: 'a note',
    },
    attempt: { one: 'counted attempt', other: 'counted attempts' },
    channel: { one: 'channel', other: 'channels' },
    times: { one: 'time', other: 'times' },
    dealStage: ({ name, means, stage }) =>
      [
        `*${name}*`,
        [
          ...(means === 'hold' ? ['the clocks stand still'] : []),
          ...(means === 'won' || means === 'lost' ? ['the handoff is closed'] : []),
          ...(stage === null ? [] : [`the stage becomes ${stageName(stage, 'en')}`]),
        ].join(', '),
      ].join(': '),
    lostReasons: (reasons) => `A lost deal says why: ${reasons}.`,
    reassigned: {
      keep: 'When a lead gets another owner, its clocks go on.',
      restart: 'When a lead gets another owner, its clocks begin anew.',
    },
    nothingProposed: 'No change is proposed now: `/sla propose` opens the form for one.',
    digest: (at) =>
      `Whoever has something due is told at ${at} in their own zone, on working days.`,
    weekly: (day, at) => `${day}, ${at}: the managers are told how the week before was.`,
    takenOver: {
      never: 'Only a manager takes a lead over from somebody.',
      overdue: 'A rep may take an overdue lead over from somebody, a manager any lead.',
      always: 'Any rep may take a lead over from somebody.',
    },
  },
  it: {
    version: (version, since) =>
      since === null
        ? `Versione ${version}, in vigore`
        : `Versione ${version}, in vigore dal ${since}`,
    headings: {
      goals: 'Obiettivi',
      clocks: 'Tempi',
      ownClocks: (leadType) => `Tempi per ${leadType}`,
      calendar: 'Orario di lavoro',
      ownCalendar: (leadType) => `Orario di lavoro per ${leadType}`,
      leadTypes: 'Tipi di lead',
      returns: 'Motivi di restituzione',
      deals: 'Che cosa diventa un lead',
      protocols: 'Come si procede',
      marketing: 'Che cosa le vendite si aspettano dal marketing',
      sales: 'Che cosa il marketing si aspetta dalle vendite',
      promises: {
        marketing: 'Che cosa promette il marketing',
        sales: 'Che cosa promettono le vendite',
      },
      proposed: 'Proposte in corso',
      history: 'Come ci si è arrivati',
    },
    accept: (within, hard) =>
      hard === null
        ? `Le vendite accettano o restituiscono un lead entro ${within}.`
        : `Le vendite accettano o restituiscono un lead entro ${within}, e mai oltre ${hard} di orologio.`,
    firstAttempt: ({ hot, standard }) =>
      `Il primo tentativo di contatto segue entro ${hot} per un lead caldo, entro ${standard} negli altri casi.`,
    attempts: ({ count, channels, within, gap }) =>
      `Le vendite fanno ${count} su almeno ${channels} entro ${within}, ad almeno ${gap} di distanza sullo stesso canale.`,
    counted: (channels) => `Che cosa vale come tentativo: ${channels}.`,
    returnAnswer: (within) => `Il marketing risponde a una restituzione entro ${within}.`,
    ruling: (within) =>
      `I due responsabili decidono su una restituzione contestata entro ${within}.`,
    idle: (within) => `Un lead accettato è fermo dopo ${within} senza un tentativo conteggiato.`,
    ownGap: (channel, gap) => `Via ${channel} i tentativi distano almeno ${gap}.`,
    pause: ({ times, atMost, reasons }) =>
      `I tempi di un lead possono fermarsi ${times}, al massimo per ${atMost}: ${reasons}.`,
    reminders: (fractions) => `Promemoria: ${fractions} del tempo.`,
    escalation: (fraction, to) =>
      ({
        owner: `Al ${fraction} del tempo viene avvisato il titolare.`,
        manager: `Al ${fraction} del tempo viene avvisato il responsabile.`,
        managers_channel: `Al ${fraction} del tempo viene avvisato il canale dei responsabili.`,
        next_owner: `Al ${fraction} del tempo il lead passa al titolare successivo.`,
        off_duty: `Al ${fraction} del tempo il responsabile non riceve più lead finché non torna.`,
      })[to],
    always: 'Giorno e notte: tutto il tempo è orario di lavoro.',
    hours: (days, spans) => `${days}: ${spans}`,
    dayRange: (from, to) => `da ${from} a ${to}`,
    zone: (zone) => `Orari di ${zone}`,
    holidays: (dates) => `Prossime festività: ${dates}`,
    leadType: (name, channel) => `*${name}*: ${channel}`,
    language: { en: 'messaggi in inglese', it: 'messaggi in italiano' },
    owners: {
      open: 'il lead è del primo che lo accetta',
      fixed: (owner) => `assegnato a ${owner}`,
      rotate: (owners) => `a turno a ${owners}`,
    },
    returnReason: ({ name, status, stage, needs }) =>
      [
        `*${name}*: lo stato diventa “${status}”, la fase ${stageName(stage, 'it')}`,
        ...(needs === null ? [] : [`chiede ${needs}`]),
      ].join('; '),
    needs: {
      ready_on_or_when: 'una data o una condizione',
      criterion: 'il criterio non soddisfatto',
      field: 'il campo errato',
      other_lead: 'l’altro lead',
      attempts: 'una sequenza di tentativi completa',
      note: 'una nota',
    },
    attempt: { one: 'tentativo conteggiato', other: 'tentativi conteggiati' },
    channel: { one: 'canale', other: 'canali' },
    times: { one: 'volta', other: 'volte' },
    dealStage: ({ name, means, stage }) =>
      [
        `*${name}*`,
        [
          ...(means === 'hold' ? ['i tempi si fermano'] : []),
          ...(means === 'won' || means === 'lost' ? ['il passaggio si chiude'] : []),
          ...(stage === null ? [] : [`la fase diventa ${stageName(stage, 'it')}`]),
        ].join(', '),
      ].join(': '),
    lostReasons: (reasons) => `Una trattativa persa dice perché: ${reasons}.`,
    reassigned: {
      keep: 'Quando un lead cambia responsabile, i suoi tempi continuano.',
      restart: 'Quando un lead cambia responsabile, i suoi tempi ripartono da capo.',
    },
    nothingProposed: 'Nessuna modifica è proposta ora: `/sla propose` apre il modulo per farlo.',
    digest: (at) =>
      `Chi ha qualcosa in scadenza riceve un riepilogo alle ${at} del proprio fuso, nei giorni lavorativi.`,
    weekly: (day, at) =>
      `${day}, ore ${at}: i responsabili ricevono il report della settimana prima.`,
    takenOver: {
      never: 'Solo un responsabile può prendere un lead da qualcuno.',
      overdue:
        'Un venditore può prendere da qualcuno un lead in ritardo, un responsabile qualsiasi lead.',
      always: 'Ogni venditore può prendere un lead da qualcuno.',
    },
  },
}
