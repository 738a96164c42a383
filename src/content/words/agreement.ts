import type { Locale, Side } from '../../domain/agreement.ts'
import type { Change } from '../../domain/agreement-diff.ts'
import { isWrittenFields, type Written } from '../../domain/agreement-written.ts'
import { allowanceSchema } from '../../domain/duration.ts'
import type { ProposalRefusal } from '../../domain/proposal.ts'
import { formatAllowance, formatList, formatNumber } from './format.ts'

/** The words of proposals and of what they change. Plain text: nothing is escaped here. */

type Labels = Record<string, string>

/** Clauses by their place in the file; the longest place that fits is told. */
export const labels: Record<Locale, Labels> = {
  en: {
    title: 'Title',
    language: 'Language',
    goals: 'Goals',
    protocols: 'How it goes',
    'expectations.marketing': 'What sales expects of marketing',
    'expectations.sales': 'What marketing expects of sales',
    calendar: 'Calendar',
    'calendar.timezone': 'Time zone',
    'calendar.hours': 'Working hours',
    'calendar.holidays': 'Holidays',
    'clocks.accept.within': 'Accept or return within',
    'clocks.accept.hard': 'Accept or return never later than',
    'clocks.accept.remind': 'Reminders to accept at',
    'clocks.first_attempt.hot': 'First attempt on a hot lead within',
    'clocks.first_attempt.standard': 'First attempt on other leads within',
    'clocks.first_attempt.remind': 'Reminders of the first attempt at',
    'clocks.attempts.count': 'Counted attempts',
    'clocks.attempts.within': 'All attempts within',
    'clocks.attempts.channels': 'Channels at least',
    'clocks.attempts.gap': 'Attempts on the same channel apart by',
    'clocks.attempts.gaps': 'Attempts apart by, on this channel',
    'clocks.attempts.counted': 'Channels that count',
    'clocks.attempts.not_counted': 'Outcomes that do not count',
    'clocks.attempts.remind': 'Reminders of the attempts at',
    'clocks.return_answer.within': 'Marketing answers a return within',
    'clocks.return_answer.remind': 'Reminders to answer a return at',
    'clocks.idle': 'Accepted but idle',
    'clocks.idle.within': 'Accepted but idle after',
    'clocks.ruling': 'Ruling on a contested return',
    'clocks.ruling.within': 'Managers rule on a contested return within',
    escalation: 'Escalation',
    managers_channel: 'Channel of the managers',
    lead_types: 'Lead types',
    return_reasons: 'Reasons for a return',
    lead_statuses: 'Lead statuses',
    deal_stages: 'Deal stages',
    lost_reasons: 'Reasons for a lost deal',
    lifecycle: 'Lifecycle, moves from',
    'reassignment.clock': 'Clocks under another owner',
    'reassignment.take_over': 'Leads that a rep may take over',
    bulletins: 'What Baton tells by itself',
    'bulletins.digest': 'Digest of the morning',
    'bulletins.digest.at': 'Digest of the morning at',
    'bulletins.weekly': 'Weekly report',
    'bulletins.weekly.day': 'Day of the weekly report',
    'bulletins.weekly.at': 'Weekly report at',
    groups: 'Roles by user group',
    icp: 'Ideal customer profile',
    people: 'People',
    pause: 'Pauses',
    'promises.marketing': 'Marketing promises',
    'promises.sales': 'Sales promises',
  },
  it: {
    title: 'Titolo',
    language: 'Lingua',
    goals: 'Obiettivi',
    protocols: 'Come si procede',
    'expectations.marketing': 'Che cosa le vendite si aspettano dal marketing',
    'expectations.sales': 'Che cosa il marketing si aspetta dalle vendite',
    calendar: 'Calendario',
    'calendar.timezone': 'Fuso orario',
    'calendar.hours': 'Orario di lavoro',
    'calendar.holidays': 'Festività',
    'clocks.accept.within': 'Accettare o restituire entro',
    'clocks.accept.hard': 'Accettare o restituire mai oltre',
    'clocks.accept.remind': 'Promemoria per accettare',
    'clocks.first_attempt.hot': 'Primo tentativo su un lead caldo entro',
    'clocks.first_attempt.standard': 'Primo tentativo sugli altri lead entro',
    'clocks.first_attempt.remind': 'Promemoria del primo tentativo',
    'clocks.attempts.count': 'Tentativi conteggiati',
    'clocks.attempts.within': 'Tutti i tentativi entro',
    'clocks.attempts.channels': 'Canali almeno',
    'clocks.attempts.gap': 'Distanza tra i tentativi sullo stesso canale',
    'clocks.attempts.gaps': 'Distanza tra i tentativi su questo canale',
    'clocks.attempts.counted': 'Canali che contano',
    'clocks.attempts.not_counted': 'Esiti che non contano',
    'clocks.attempts.remind': 'Promemoria dei tentativi',
    'clocks.return_answer.within': 'Il marketing risponde a una restituzione entro',
    'clocks.return_answer.remind': 'Promemoria per rispondere a una restituzione',
    'clocks.idle': 'Accettato ma fermo',
    'clocks.idle.within': 'Accettato ma fermo dopo',
    'clocks.ruling': 'Decisione su una restituzione contestata',
    'clocks.ruling.within': 'I responsabili decidono su una restituzione contestata entro',
    escalation: 'Avvisi ai responsabili',
    managers_channel: 'Canale dei responsabili',
    lead_types: 'Tipi di lead',
    return_reasons: 'Motivi di restituzione',
    lead_statuses: 'Stati del lead',
    deal_stages: 'Fasi della trattativa',
    lost_reasons: 'Motivi di una trattativa persa',
    lifecycle: 'Ciclo di vita, passaggi da',
    'reassignment.clock': 'Tempi con un altro responsabile',
    'reassignment.take_over': 'Lead che un venditore può prendere',
    bulletins: 'Che cosa Baton racconta da sé',
    'bulletins.digest': 'Riepilogo del mattino',
    'bulletins.digest.at': 'Riepilogo del mattino alle',
    'bulletins.weekly': 'Report settimanale',
    'bulletins.weekly.day': 'Giorno del report settimanale',
    'bulletins.weekly.at': 'Report settimanale alle',
    groups: 'Ruoli per gruppo di utenti',
    icp: 'Profilo del cliente ideale',
    people: 'Persone',
    pause: 'Pause',
    'promises.marketing': 'Il marketing promette',
    'promises.sales': 'Le vendite promettono',
  },
}

function labelOf(clause: string, locale: Locale): string {
  const [first, leadType, ...own] = clause.split('.')
  if (first === 'lead_types' && own.length > 0) {
    return `${leadType}: ${labelOf(own.join('.'), locale)}`
  }
  const place = Object.keys(labels[locale])
    .filter((key) => clause === key || clause.startsWith(`${key}.`))
    .reduce((longest, key) => (key.length > longest.length ? key : longest), '')
  const label = labels[locale][place]
  if (label === undefined) return clause
  const rest = clause.slice(place.length + 1)
  return rest === '' ? label : `${label}, ${rest}`
}

export const none: Record<Locale, string> = { en: 'none', it: 'nessuno' }

/** The clause has told these already. */
const names: readonly string[] = ['id', 'email']

/** A value of the agreement file in words. */
function valueWords(value: Written | null, locale: Locale): string {
  if (value === null) return none[locale]
  if (typeof value === 'number') return formatNumber(value, locale)
  if (typeof value === 'string' || typeof value === 'boolean') return String(value)
  const allowance = allowanceSchema.safeParse(value)
  if (allowance.success) return formatAllowance(allowance.data, locale)
  if (isWrittenFields(value)) {
    const text = value[locale]
    if (typeof text === 'string') return text
    return Object.entries(value)
      .filter(([key]) => !names.includes(key))
      .map(([key, part]) => `${key}: ${valueWords(part, locale)}`)
      .join(', ')
  }
  if (value.length === 0) return none[locale]
  return value.some(isWrittenFields)
    ? value.map((entry) => valueWords(entry, locale)).join('; ')
    : formatList(
        value.map((entry) => valueWords(entry, locale)),
        locale,
      )
}

type ChangeWords = Record<Change['what'], (label: string, before: string, after: string) => string>

export const sentences: Record<Locale, ChangeWords> = {
  en: {
    changed: (label, before, after) => `${label}: ${after} instead of ${before}`,
    added: (label, _before, after) => `${label}: ${after} (new)`,
    removed: (label, before) => `${label}: ${before} (no longer)`,
    reordered: (label, _before, after) => `${label}: in the order ${after}`,
  },
  it: {
    changed: (label, before, after) => `${label}: ${after} invece di ${before}`,
    added: (label, _before, after) => `${label}: ${after} (nuovo)`,
    removed: (label, before) => `${label}: ${before} (non più)`,
    reordered: (label, _before, after) => `${label}: nell’ordine ${after}`,
  },
}

/** A difference in a line: "Accept or return within: 2 h of working time instead of 4 h …". */
export const changeWords = ({ clause, what, before, after }: Change, locale: Locale): string =>
  sentences[locale][what](
    labelOf(clause, locale),
    valueWords(before, locale),
    valueWords(after, locale),
  )

type Refusals = {
  [Code in ProposalRefusal['code']]: (refusal: Extract<ProposalRefusal, { code: Code }>) => string
}

export const sideNames: Record<Locale, Record<Side, string>> = {
  en: { sales: 'sales', marketing: 'marketing' },
  it: { sales: 'delle vendite', marketing: 'del marketing' },
}

export const refusals: Record<Locale, Refusals> = {
  en: {
    'may-not-propose': () =>
      'Only managers and admins can propose a change of the agreement: ask one of them.',
    'no-changes': () => 'This changes nothing of the agreement: change a value first.',
    'from-in-past': () => 'That day has passed: choose today or a later day.',
    'no-head': ({ side }) =>
      `Nobody could sign for ${side}: name a head of ${side} under people (head_of: ${side}).`,
    stale: ({ base, newest }) =>
      `This proposal is older than the agreement: it changes version ${base}, and version ${newest} has been signed since. Propose it anew.`,
    'not-a-head': () =>
      'Only the head of sales and the head of marketing sign the agreement: ask one of them.',
    'may-not-withdraw': () =>
      'Only who proposed it or a head can withdraw a proposal: ask one of them.',
    'signed-already': () => 'You have signed this already: the other head has to sign next.',
    withdrawn: ({ by }) =>
      `This proposal was withdrawn${by === null ? '' : ` by ${by.name}`}: propose it anew if it is still wanted.`,
    agreed: ({ version }) =>
      `Both heads have signed this: it is version ${version} of the agreement. Propose a change of it instead.`,
  },
  it: {
    'may-not-propose': () =>
      'Solo i responsabili e gli amministratori possono proporre una modifica dell’accordo: chiedi a uno di loro.',
    'no-changes': () => 'Così l’accordo non cambia: modifica prima un valore.',
    'from-in-past': () => 'Quel giorno è già passato: scegli oggi o un giorno successivo.',
    'no-head': ({ side }) =>
      `Nessuno potrebbe firmare per conto ${sideNames.it[side]}: indica il responsabile tra le persone (head_of: ${side}).`,
    stale: ({ base, newest }) =>
      `Questa proposta è più vecchia dell’accordo: modifica la versione ${base}, e nel frattempo è stata firmata la versione ${newest}. Proponila di nuovo.`,
    'not-a-head': () =>
      'L’accordo lo firmano solo il capo delle vendite e il capo del marketing: chiedi a uno di loro.',
    'may-not-withdraw': () =>
      'Solo chi l’ha fatta o un capo può ritirare una proposta: chiedi a uno di loro.',
    'signed-already': () => 'Hai già firmato: ora tocca all’altro capo.',
    withdrawn: ({ by }) =>
      `Questa proposta è stata ritirata${by === null ? '' : ` da ${by.name}`}: proponila di nuovo se serve ancora.`,
    agreed: ({ version }) =>
      `L’hanno firmata entrambi: è la versione ${version} dell’accordo. Proponi piuttosto una modifica di quella.`,
  },
}

/** Why a command on a proposal had no effect, and what to do. */
export function proposalRefusalWords(refusal: ProposalRefusal, locale: Locale): string {
  return sentence(refusals[locale], refusal)
}

function sentence<Code extends ProposalRefusal['code']>(
  words: { [Key in Code]: (refusal: Extract<ProposalRefusal, { code: Key }>) => string },
  refusal: Extract<ProposalRefusal, { code: Code }>,
): string {
  return words[refusal.code](refusal)
}

/** The fields of the form, by block id. */
export const proposalFields = [
  'accept_within',
  'hard_limit',
  'first_hot',
  'first_standard',
  'attempts_count',
  'attempts_within',
  'attempts_channels',
  'attempts_gap',
  'from',
] as const
export type ProposalField = (typeof proposalFields)[number]

interface Words {
  title: string
  titles: Record<'signed' | 'withdrawn' | 'overtaken', string>
  /** People come as they are to be shown. */
  proposed: (by: string | null, at: string) => string
  /** `from` is a moment; null for as soon as both have signed. */
  takesEffect: (version: number, from: string | null) => string
  tookEffect: (version: number, from: string) => string
  withdrawn: (by: string | null, at: string) => string
  overtaken: string
  changes: string
  more: (count: number) => string
  sides: Record<Side, string>
  signed: (side: string, by: string, at: string) => string
  waits: (side: string, heads: string) => string
  /** Nobody is left who could sign for a side. */
  headLeft: (side: string, heads: string) => string
  sign: string
  withdraw: string
  unknown: string
  form: {
    title: string
    submit: string
    labels: Record<ProposalField, string>
    working: string
    wall: string
    hints: { duration: string; hard: string; from: string }
    faults: { duration: string; number: string; date: string }
    sent: string
  }
}

/** Times, people and channels come as they are to be shown. */
export const agreementWords: Record<Locale, Words> = {
  en: {
    title: 'A change of the agreement is proposed',
    titles: {
      signed: 'The agreement was changed',
      withdrawn: 'A proposal was withdrawn',
      overtaken: 'A proposal was overtaken',
    },
    proposed: (by, at) => `Proposed ${by === null ? '' : `by ${by}, `}${at}`,
    takesEffect: (version, from) =>
      from === null
        ? `Changes version ${version} as soon as both heads have signed`
        : `Changes version ${version} from ${from} on, once both heads have signed`,
    tookEffect: (version, from) => `Version ${version}, in force from ${from} on`,
    withdrawn: (by, at) => `Withdrawn ${by === null ? '' : `by ${by}, `}${at}`,
    overtaken: 'Another change was signed meanwhile: propose this one anew if it is still wanted.',
    changes: 'What changes',
    more: (count) => `and ${formatNumber(count, 'en')} more`,
    sides: { sales: 'Sales', marketing: 'Marketing' },
    signed: (side, by, at) => `${side}: signed by ${by}, ${at}`,
    waits: (side, heads) => `${side}: waits for ${heads}`,
    headLeft: (side, heads) =>
      `${side}: waits for ${heads}, whose Slack account is deactivated. Nobody else can sign for this side: a Slack administrator has to reactivate the account.`,
    sign: 'Sign',
    withdraw: 'Withdraw',
    unknown: 'This proposal is not there any more, so nothing can be done with it.',
    form: {
      title: 'Propose a change',
      submit: 'Propose',
      labels: {
        accept_within: 'Accept or return within',
        hard_limit: 'Accept or return never later than',
        first_hot: 'First attempt on a hot lead within',
        first_standard: 'First attempt on other leads within',
        attempts_count: 'How many counted attempts',
        attempts_within: 'All attempts within',
        attempts_channels: 'Over at least so many channels',
        attempts_gap: 'Apart on the same channel by at least',
        from: 'In force from',
      },
      working: 'working time',
      wall: 'by the clock',
      hints: {
        duration: 'Such as 15m, 4h or 2d.',
        hard: 'Such as 24h; empty for no limit.',
        from: 'Empty for as soon as both heads have signed.',
      },
      faults: {
        duration: 'Write a time such as 15m, 4h or 2d.',
        number: 'Write a whole number from 1 to 50.',
        date: 'Choose today or a later day.',
      },
      sent: 'Your proposal comes to the managers’ channel, where both heads sign it. Until then nothing changes.',
    },
  },
  it: {
    title: 'Proposta di modifica dell’accordo',
    titles: {
      signed: 'L’accordo è stato modificato',
      withdrawn: 'Una proposta è stata ritirata',
      overtaken: 'Una proposta è stata superata',
    },
    proposed: (by, at) => `Proposta ${by === null ? '' : `da ${by}, `}${at}`,
    takesEffect: (version, from) =>
      from === null
        ? `Modifica la versione ${version} appena entrambi i capi hanno firmato`
        : `Modifica la versione ${version} da ${from}, quando entrambi i capi hanno firmato`,
    tookEffect: (version, from) => `Versione ${version}, in vigore da ${from}`,
    withdrawn: (by, at) => `Ritirata ${by === null ? '' : `da ${by}, `}${at}`,
    overtaken:
      'Nel frattempo è stata firmata un’altra modifica: proponi di nuovo questa se serve ancora.',
    changes: 'Che cosa cambia',
    more: (count) => `e altre ${formatNumber(count, 'it')}`,
    sides: { sales: 'Vendite', marketing: 'Marketing' },
    signed: (side, by, at) => `${side}: firma di ${by}, ${at}`,
    waits: (side, heads) => `${side}: manca la firma di ${heads}`,
    headLeft: (side, heads) =>
      `${side}: manca la firma di ${heads}, che ha l’account Slack disattivato. Nessun altro può firmare per questa parte: un amministratore di Slack deve riattivarlo.`,
    sign: 'Firma',
    withdraw: 'Ritira',
    unknown: 'Questa proposta non esiste più: non si può fare nulla.',
    form: {
      title: 'Proponi una modifica',
      submit: 'Proponi',
      labels: {
        accept_within: 'Accettare o restituire entro',
        hard_limit: 'Accettare o restituire mai oltre',
        first_hot: 'Primo tentativo su un lead caldo entro',
        first_standard: 'Primo tentativo sugli altri lead entro',
        attempts_count: 'Quanti tentativi conteggiati',
        attempts_within: 'Tutti i tentativi entro',
        attempts_channels: 'Su almeno quanti canali',
        attempts_gap: 'Distanza minima sullo stesso canale',
        from: 'In vigore da',
      },
      working: 'tempo lavorativo',
      wall: 'di orologio',
      hints: {
        duration: 'Per esempio 15m, 4h o 2d.',
        hard: 'Per esempio 24h; vuoto per nessun limite.',
        from: 'Vuoto per appena entrambi i capi hanno firmato.',
      },
      faults: {
        duration: 'Scrivi un tempo, per esempio 15m, 4h o 2d.',
        number: 'Scrivi un numero intero da 1 a 50.',
        date: 'Scegli oggi o un giorno successivo.',
      },
      sent: 'La tua proposta arriva nel canale dei responsabili, dove la firmano entrambi i capi. Fino ad allora non cambia nulla.',
    },
  },
}
