import type { Agreement, Locale, Side } from '../../domain/agreement.ts'
import type { DeadlineKind, Ruling } from '../../domain/handoff.ts'
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
    ruling: 'ruling on the return',
    ready: 'ready again',
  },
  it: {
    accept: 'accettazione',
    'accept-hard': 'accettazione, limite massimo',
    'first-attempt': 'primo tentativo',
    attempts: 'sequenza di tentativi',
    'return-answer': 'risposta alla restituzione',
    idle: 'prossimo tentativo conteggiato',
    ruling: 'decisione sulla restituzione',
    ready: 'di nuovo pronto',
  },
}

/** The words of the lines that are told once. Sentences begin in lower case: see `addressed`. */
export interface NoticeWords {
  reminder(kind: DeadlineKind, fraction: number, when: string): string
  missed(kind: DeadlineKind, when: string): string
  /** Said after a breach; `who` did not respond. */
  offDuty(who: string): string
  openCard: string
  remindLater: string
  /** `status` is the agreement's own word for it. */
  returned(status: string, by: string | null): string
  /** `status` says that nobody was reached. */
  unresponsive(status: string, by: string | null): string
  counted(number: number, of: number, made: string): string
  connected(number: number, of: number, made: string): string
  notCounted(made: string, why: string): string
  made(channel: string, outcome: string, by: string | null): string
  finished(of: number): string
  /** `reason` is the agreement's own word for it. */
  paused(by: string | null, reason: string, until: string): string
  resumed: string
  /** Said to the owner; `reason` is what marketing told. */
  news(by: string | null, reason: string): string
  hotNow: string
  acknowledge: string
  /** Said to whoever returned the lead. */
  acknowledged(by: string | null): string
  contest: string
  /** Said to the managers; `when` is the time they have, where the agreement names one. */
  contested(by: string | null, when: string | null): string
  uphold: string
  overturn: string
  clarify: string
  /** How one side rules. */
  ruling(side: Side, ruling: Ruling, by: string | null): string
  awaited: Record<Side, string>
  disagreed: string
  /** What both managers ruled alike. */
  ruled: Record<Ruling, string>
  quoted(text: string): string
  ready(by: string | null): string
  dayHasCome: string
  handedOverAgain(by: string | null): string
  contestWithdrawn: string
  /** `stage` and `lostReason` are the agreement's own words. */
  deal(stage: string, lostReason: string | null, by: string | null): string
  goesOn(when: string): string
  /** Said to the new owner; `from` had it until now, null where nobody did. */
  reassigned(kind: DeadlineKind, when: string, from: string | null): string
  /** Said to the new owner; `from` had it, where somebody else passes it on. */
  passedOn(by: string | null, from: string | null): string
  /** Said to whoever had it; to nobody where they are not there any more. */
  takenOver(by: string | null, fromYou: boolean): string
  givenBack(by: string | null): string
}

/** A ruling as a clause of a sentence. */
export const rulingNames: Record<Locale, Record<Ruling, string>> = {
  en: {
    uphold: 'the return stands',
    overturn: 'the return is overturned',
    clarify: 'the return stands, and the term is put more clearly',
  },
  it: {
    uphold: 'la restituzione è confermata',
    overturn: 'la restituzione è annullata',
    clarify: 'la restituzione è confermata e il termine viene chiarito',
  },
}

export const timeTo: Record<Locale, Record<DeadlineKind, string>> = {
  en: {
    accept: 'time to accept',
    'accept-hard': 'time to accept',
    'first-attempt': 'time for the first attempt',
    attempts: 'time for the attempts',
    'return-answer': 'time to answer the return',
    idle: 'time for the next counted attempt',
    ruling: 'time to rule on the return',
    ready: 'time until it is ready again',
  },
  it: {
    accept: 'tempo per accettare',
    'accept-hard': 'tempo per accettare',
    'first-attempt': 'tempo per il primo tentativo',
    attempts: 'tempo per i tentativi',
    'return-answer': 'tempo per rispondere alla restituzione',
    idle: 'tempo per il prossimo tentativo conteggiato',
    ruling: 'tempo per decidere sulla restituzione',
    ready: 'tempo fino a quando è di nuovo pronto',
  },
}

export const missed: Record<Locale, Record<DeadlineKind, string>> = {
  en: {
    accept: 'not accepted in time: it was due',
    'accept-hard': 'not accepted in time: it was due',
    'first-attempt': 'no first attempt in time: it was due',
    attempts: 'attempts not finished in time: they were due',
    'return-answer': 'return not answered in time: it was due',
    idle: 'accepted, but no counted attempt in time: it was due',
    ruling: 'contested return not ruled on in time: it was due',
    ready: 'ready again since',
  },
  it: {
    accept: 'non accettato in tempo, scadenza:',
    'accept-hard': 'non accettato in tempo, scadenza:',
    'first-attempt': 'nessun primo tentativo in tempo, scadenza:',
    attempts: 'tentativi non completati in tempo, scadenza:',
    'return-answer': 'restituzione senza risposta in tempo, scadenza:',
    idle: 'accettato, ma nessun tentativo conteggiato in tempo, scadenza:',
    ruling: 'restituzione contestata senza decisione in tempo, scadenza:',
    ready: 'di nuovo pronto da:',
  },
}

export const noticeWords: Record<Locale, NoticeWords> = {
  en: {
    reminder: (kind, fraction, when) =>
      `${fraction === 0.5 ? 'half' : formatPercent(fraction, 'en')} of the ${timeTo.en[kind]} is gone: due ${when}.`,
    missed: (kind, when) => `${missed.en[kind]} ${when}.`,
    offDuty: (who) => `${who} gets no more leads until they are back: \`/sla back\` says so.`,
    openCard: 'Open the card',
    remindLater: 'Remind me later',
    returned: (status, by) => (by === null ? `*${status}*` : `*${status}*, by ${by}`),
    unresponsive: (status, by) => `*${status}*, returned${by === null ? '' : ` by ${by}`}`,
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
    news: (by, reason) => `news${by === null ? '' : ` from ${by}`}: “${reason}”.`,
    hotNow: 'It is hot now.',
    resumed: 'the agreed time for a pause is over: the clocks go on.',
    contest: 'Contest',
    contested: (by, when) =>
      `${by ?? 'marketing'} contests the return: please rule on it${when === null ? '' : ` by ${when}`}.`,
    uphold: 'Uphold the return',
    overturn: 'Overturn it',
    clarify: 'Clarify the term',
    ruling: (side, ruling, by) =>
      `${side}${by === null ? '' : ` (${by})`}: ${rulingNames.en[ruling]}.`,
    awaited: {
      sales: 'The ruling of sales is awaited.',
      marketing: 'The ruling of marketing is awaited.',
    },
    disagreed: 'The managers do not agree: either may still rule differently.',
    ruled: {
      uphold: 'both managers have ruled: the return stands.',
      overturn:
        'both managers have ruled: the return is overturned, and sales goes on with the lead on new clocks.',
      clarify: 'both managers have ruled: the return stands, and the term is put more clearly.',
    },
    quoted: (text) => `“${text}”`,
    ready: (by) =>
      `${by ?? 'marketing'} has marked this lead as ready: it can be handed over again.`,
    dayHasCome: 'the day has come: this lead is ready to be handed over again.',
    handedOverAgain: (by) =>
      `${by === null ? 'the lead was handed over again' : `${by} has handed the lead over again`}: it goes on with a new card.`,
    contestWithdrawn: 'The contest is withdrawn: no ruling is needed any more.',
    deal: (stage, lostReason, by) =>
      `deal: ${stage}${lostReason === null ? '' : ` (${lostReason})`}${by === null ? '' : `, reported by ${by}`}.`,
    goesOn: (when) => `The clocks stand still and go on by themselves: ${when}.`,
    reassigned: (kind, when, from) =>
      `${missed.en[kind]} ${when}. ${from === null ? 'The lead is now yours' : `The lead passes from ${from} to you`}.`,
    passedOn: (by, from) =>
      by === null
        ? `the lead passes${from === null ? '' : ` from ${from}`} to you.`
        : `${by} passes the lead${from === null ? '' : ` from ${from}`} to you.`,
    takenOver: (by, fromYou) =>
      by === null
        ? 'the lead was taken over.'
        : `${by} takes the lead over${fromYou ? ' from you' : ''}.`,
    givenBack: (by) =>
      `${by === null ? 'the lead was given back' : `${by} gives the lead back`}: it is offered to everyone again.`,
  },
  it: {
    reminder: (kind, fraction, when) =>
      fraction === 0.5
        ? `metà del ${timeTo.it[kind]} è trascorsa, scadenza: ${when}.`
        : `${timeTo.it[kind]}: ${formatPercent(fraction, 'it')} trascorso, scadenza: ${when}.`,
    missed: (kind, when) => `${missed.it[kind]} ${when}.`,
    offDuty: (who) =>
      `${who} non riceve altri lead finché non torna: basta scrivere \`/sla back\`.`,
    openCard: 'Apri la scheda',
    remindLater: 'Ricordamelo più tardi',
    returned: (status, by) => (by === null ? `*${status}*` : `*${status}*, da ${by}`),
    unresponsive: (status, by) => `*${status}*, restituito${by === null ? '' : ` da ${by}`}`,
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
    news: (by, reason) => `novità${by === null ? '' : ` da ${by}`}: «${reason}».`,
    hotNow: 'Ora è caldo.',
    resumed: 'il tempo concordato per una pausa è finito: i tempi ripartono.',
    contest: 'Contesta',
    contested: (by, when) =>
      `${by ?? 'il marketing'} contesta la restituzione: decidono i responsabili${when === null ? '' : `, entro: ${when}`}.`,
    uphold: 'Conferma la restituzione',
    overturn: 'Annullala',
    clarify: 'Chiarisci il termine',
    ruling: (side, ruling, by) =>
      `${side === 'sales' ? 'vendite' : side}${by === null ? '' : ` (${by})`}: ${rulingNames.it[ruling]}.`,
    awaited: {
      sales: 'Si attende la decisione delle vendite.',
      marketing: 'Si attende la decisione del marketing.',
    },
    disagreed:
      'I responsabili non sono d’accordo: ciascuno può ancora cambiare la propria decisione.',
    ruled: {
      uphold: 'i due responsabili hanno deciso: la restituzione è confermata.',
      overturn:
        'i due responsabili hanno deciso: la restituzione è annullata e le vendite proseguono con il lead, con tempi nuovi.',
      clarify:
        'i due responsabili hanno deciso: la restituzione è confermata e il termine viene chiarito.',
    },
    quoted: (text) => `«${text}»`,
    ready: (by) =>
      `${by ?? 'il marketing'} ha segnato questo lead come pronto: può essere passato di nuovo.`,
    dayHasCome: 'il giorno è arrivato: questo lead è pronto per essere passato di nuovo.',
    handedOverAgain: (by) =>
      `${by === null ? 'il lead è stato passato di nuovo' : `${by} ha passato di nuovo il lead`}: si prosegue su una nuova scheda.`,
    contestWithdrawn: 'La contestazione decade: non serve più una decisione.',
    deal: (stage, lostReason, by) =>
      `trattativa: ${stage}${lostReason === null ? '' : ` (${lostReason})`}${by === null ? '' : `, segnalato da ${by}`}.`,
    goesOn: (when) => `I tempi sono fermi e ripartono da soli: ${when}.`,
    reassigned: (kind, when, from) =>
      `${missed.it[kind]} ${when}. ${from === null ? 'Il lead ora è tuo' : `Il lead passa da ${from} a te`}.`,
    passedOn: (by, from) => {
      if (by === null)
        return from === null ? 'il lead passa a te.' : `il lead passa da ${from} a te.`
      return from === null ? `${by} ti passa il lead.` : `${by} passa il lead da ${from} a te.`
    },
    takenOver: (by, fromYou) =>
      by === null
        ? 'il lead è stato preso in carico da un’altra persona.'
        : `${by} prende in carico il lead${fromYou ? ' al posto tuo' : ''}.`,
    givenBack: (by) =>
      `${by === null ? 'il lead è stato rimesso a disposizione' : `${by} rimette il lead a disposizione`}: è di nuovo proposto a tutti.`,
  },
}

/**
 * Why a clock stands still, as the agreement calls it: a reason to pause, or the stage of a deal
 * that is on hold. What it does not know goes by its id.
 */
export function pauseReasonName(
  { pause, deal_stages }: Pick<Agreement, 'pause' | 'deal_stages'>,
  reason: string,
  locale: Locale,
): string {
  const known = [...(pause?.reasons ?? []), ...deal_stages].find(({ id }) => id === reason)
  return known?.name[locale] ?? reason
}

/** The stage of a deal as the agreement calls it; what it does not know goes by its id. */
export const dealStageName = (
  { deal_stages }: Pick<Agreement, 'deal_stages'>,
  stage: string,
  locale: Locale,
): string => deal_stages.find(({ id }) => id === stage)?.name[locale] ?? stage

/** Why a deal was lost, as the agreement calls it; what it does not know goes by its id. */
export const lostReasonName = (
  { lost_reasons }: Pick<Agreement, 'lost_reasons'>,
  reason: string,
  locale: Locale,
): string => lost_reasons.find(({ id }) => id === reason)?.name[locale] ?? reason

/** A sentence to some people, or to nobody, with its capital where it belongs. */
export const addressed = (
  mentions: readonly string[],
  sentence: string,
  /** What stands between them: a comma before a name would make one list of all. */
  between: ', ' | ': ' = ', ',
): string =>
  mentions.length > 0
    ? `${mentions.join(', ')}${between}${sentence}`
    : sentence.charAt(0).toUpperCase() + sentence.slice(1)
