import type { Agreement, Locale } from '../../domain/agreement.ts'
import { clockTerms } from '../../domain/clocks.ts'
import {
  type ClockKept,
  type Figures,
  type Grouping,
  type PeriodName,
  type PeriodRefusal,
  type Report,
  returnedByScore,
  type Spread,
  type Stretch,
  shareOf,
  stretches,
} from '../../domain/report.ts'
import {
  formatAllowance,
  formatDay,
  formatDuration,
  formatNumber,
  formatPercent,
} from './format.ts'

/** What a report says, in both languages. */
interface ReportWords {
  title: string
  handoffs: { one: string; other: string }
  nothing: string
  nobody: string
  none: string
  whole: string
  headline: (of: { handoffs: string; accepted: string; returned: string; open: string }) => string
  kept: Record<
    ClockKept['kind'],
    (within: string | null, share: string, agreed: string | null) => string
  >
  agreed: (share: string) => string
  times: (of: { median: string; p90: string; rawMedian: string }) => string
  toAccept: string
  toFirstAttempt: string
  idle: (count: string) => string
  attempts: (of: { counted: string; logged: string; perLead: string }) => string
  returnedBy: (reasons: string) => string
  deals: (won: string, lost: string) => string
  scores: (of: { high: string; low: string }) => string
  timeWent: (parts: string) => string
  stretch: Record<Stretch, string>
  groupings: Record<Grouping, string>
  periods: Record<PeriodName, string>
  columns: { handoffs: string; accepted: string; returned: string; inTime: string; median: string }
  more: (count: string) => string
  choose: { period: string; group: string; noGroup: string; share: string; csv: string }
  csvReady: string
  ownOnly: string
  roleRequired: string
  managersOnly: string
  help: string
  badPeriod: Record<PeriodRefusal, string>
}

export const reportWords: Record<Locale, ReportWords> = {
  en: {
    title: 'Report',
    handoffs: { one: 'handoff', other: 'handoffs' },
    nothing:
      'No lead was handed over in this period, so there is nothing to tell. Choose a longer one below.',
    nobody: 'Nobody yet',
    none: 'Not known',
    whole: 'All',
    headline: ({ handoffs, accepted, returned, open }) =>
      `*${handoffs}*: ${accepted} accepted, ${returned} returned, ${open} still open`,
    kept: {
      accept: (within, share, agreed) =>
        `Accepted within ${within ?? 'the time agreed'}: *${share}*${agreed ?? ''}`,
      'accept-hard': (within, share, agreed) =>
        `Accepted within ${within ?? 'the limit'} at the latest: *${share}*${agreed ?? ''}`,
      'first-attempt': (_, share, agreed) =>
        `First attempt within the time agreed: *${share}*${agreed ?? ''}`,
      attempts: (within, share, agreed) =>
        `Attempts complete within ${within ?? 'the time agreed'}: *${share}*${agreed ?? ''}`,
      'return-answer': (within, share, agreed) =>
        `Returns answered within ${within ?? 'the time agreed'}: *${share}*${agreed ?? ''}`,
    },
    agreed: (share) => ` (agreed ${share})`,
    times: ({ median, p90, rawMedian }) =>
      `median ${median}, nine of ten within ${p90} (working time); by the clock ${rawMedian}`,
    toAccept: 'Time to accept',
    toFirstAttempt: 'Time to the first attempt',
    idle: (count) => `Accepted but idle: ${count}`,
    attempts: ({ counted, logged, perLead }) =>
      `Attempts: ${counted} of ${logged} logged counted, ${perLead} a lead`,
    returnedBy: (reasons) => `Returned: ${reasons}`,
    deals: (won, lost) => `Deals: ${won} won, ${lost} lost`,
    scores: ({ high, low }) =>
      `High scores: ${high} of those with 85 points or more were returned, ${low} of those below 70`,
    timeWent: (parts) => `Where the time went: ${parts}`,
    stretch: {
      system: 'Baton and Slack',
      queue: 'waiting to be accepted',
      offHours: 'off hours',
      rep: 'waiting for the first attempt',
      marketing: 'waiting for marketing’s answer',
    },
    groupings: {
      rep: 'By rep',
      type: 'By lead type',
      source: 'By source',
      score: 'By score',
      reason: 'By reason of return',
      week: 'By week',
      month: 'By month',
    },
    periods: {
      today: 'Today',
      week: 'This week',
      month: 'This month',
      quarter: 'This quarter',
      'last-week': 'Last week',
      'last-month': 'Last month',
      'last-quarter': 'Last quarter',
    },
    columns: {
      handoffs: 'Handoffs',
      accepted: 'Accepted',
      returned: 'Returned',
      inTime: 'Accepted in time',
      median: 'Median to accept',
    },
    more: (count) => `${count} more are in the CSV.`,
    choose: {
      period: 'Period',
      group: 'Group by',
      noGroup: 'Not grouped',
      share: 'Share',
      csv: 'CSV',
    },
    csvReady: 'The report you asked for, as a file:',
    ownOnly: 'These are the leads that you own. Managers see those of everybody.',
    roleRequired:
      'Reports are for people with a role in the agreement. Ask a manager to give you one with `/handoff roles`.',
    managersOnly:
      'Figures by rep are for managers. `/sla report month by source`, `by type`, `by score` and `by reason` are open to you.',
    help: 'I know the periods `today`, `week`, `month`, `quarter`, `last week`, `last month`, `last quarter`, or two dates, and the groups `by rep`, `type`, `source`, `score`, `reason`, `week`, `month`. For example `/sla report last month by source`, or `/sla report 2026-10-01 2026-10-31`.',
    badPeriod: {
      'not-a-date': 'A date looks like 2026-10-31.',
      'ends-before-it-begins': 'The period ends before it begins: the earlier date comes first.',
      'too-long': 'A report looks back on three years at most.',
    },
  },
  it: {
    title: 'Report',
    handoffs: { one: 'passaggio', other: 'passaggi' },
    nothing:
      'In questo periodo non è stato passato nessun lead, quindi non c’è niente da raccontare. Scegli qui sotto un periodo più lungo.',
    nobody: 'Ancora nessuno',
    none: 'Non noto',
    whole: 'Tutti',
    headline: ({ handoffs, accepted, returned, open }) =>
      `*${handoffs}*: ${accepted} accettati, ${returned} restituiti, ${open} ancora aperti`,
    kept: {
      accept: (within, share, agreed) =>
        `Accettati entro ${within ?? 'il tempo concordato'}: *${share}*${agreed ?? ''}`,
      'accept-hard': (within, share, agreed) =>
        `Accettati al più tardi entro ${within ?? 'il limite'}: *${share}*${agreed ?? ''}`,
      'first-attempt': (_, share, agreed) =>
        `Primo tentativo entro il tempo concordato: *${share}*${agreed ?? ''}`,
      attempts: (within, share, agreed) =>
        `Tentativi completati entro ${within ?? 'il tempo concordato'}: *${share}*${agreed ?? ''}`,
      'return-answer': (within, share, agreed) =>
        `Restituzioni con risposta entro ${within ?? 'il tempo concordato'}: *${share}*${agreed ?? ''}`,
    },
    agreed: (share) => ` (concordato ${share})`,
    times: ({ median, p90, rawMedian }) =>
      `mediana ${median}, nove su dieci entro ${p90} (tempo lavorativo); di orologio ${rawMedian}`,
    toAccept: 'Tempo di accettazione',
    toFirstAttempt: 'Tempo fino al primo tentativo',
    idle: (count) => `Accettati ma fermi: ${count}`,
    attempts: ({ counted, logged, perLead }) =>
      `Tentativi: ${counted} conteggiati su ${logged} registrati, ${perLead} per lead`,
    returnedBy: (reasons) => `Restituiti: ${reasons}`,
    deals: (won, lost) => `Trattative: ${won} vinte, ${lost} perse`,
    scores: ({ high, low }) =>
      `Punteggi alti: restituiti ${high} dei lead con almeno 85 punti, ${low} di quelli sotto i 70`,
    timeWent: (parts) => `Dove è andato il tempo: ${parts}`,
    stretch: {
      system: 'Baton e Slack',
      queue: 'in attesa di accettazione',
      offHours: 'fuori orario',
      rep: 'in attesa del primo tentativo',
      marketing: 'in attesa della risposta del marketing',
    },
    groupings: {
      rep: 'Per venditore',
      type: 'Per tipo di lead',
      source: 'Per provenienza',
      score: 'Per punteggio',
      reason: 'Per motivo di restituzione',
      week: 'Per settimana',
      month: 'Per mese',
    },
    periods: {
      today: 'Oggi',
      week: 'Questa settimana',
      month: 'Questo mese',
      quarter: 'Questo trimestre',
      'last-week': 'La settimana scorsa',
      'last-month': 'Il mese scorso',
      'last-quarter': 'Il trimestre scorso',
    },
    columns: {
      handoffs: 'Passaggi',
      accepted: 'Accettati',
      returned: 'Restituiti',
      inTime: 'Accettati in tempo',
      median: 'Mediana di accettazione',
    },
    more: (count) => `Altri ${count} sono nel CSV.`,
    choose: {
      period: 'Periodo',
      group: 'Raggruppa',
      noGroup: 'Senza gruppi',
      share: 'Condividi',
      csv: 'CSV',
    },
    csvReady: 'Il report richiesto, come file:',
    ownOnly: 'Questi sono i lead assegnati a te. I responsabili vedono quelli di tutti.',
    roleRequired:
      'I report sono per chi ha un ruolo nell’accordo. Chiedi a un responsabile di dartene uno con `/handoff roles`.',
    managersOnly:
      'Le cifre per venditore sono per i responsabili. Per te ci sono `/sla report mese per provenienza`, `per tipo`, `per punteggio` e `per motivo`.',
    help: 'Conosco i periodi `oggi`, `settimana`, `mese`, `trimestre`, `settimana scorsa`, `mese scorso`, `trimestre scorso`, o due date, e i gruppi `per venditore`, `tipo`, `provenienza`, `punteggio`, `motivo`, `settimana`, `mese`. Per esempio `/sla report mese scorso per provenienza`, o `/sla report 2026-10-01 2026-10-31`.',
    badPeriod: {
      'not-a-date': 'Una data si scrive come 2026-10-31.',
      'ends-before-it-begins': 'Il periodo finisce prima di cominciare: la prima data viene prima.',
      'too-long': 'Un report guarda indietro al massimo di tre anni.',
    },
  },
}

type Said = { period: PeriodName | { first: string; last: string }; groupBy: Grouping | null }

const spokenPeriods: Record<string, PeriodName> = {
  '': 'month',
  today: 'today',
  oggi: 'today',
  week: 'week',
  settimana: 'week',
  month: 'month',
  mese: 'month',
  quarter: 'quarter',
  trimestre: 'quarter',
  'last week': 'last-week',
  'settimana scorsa': 'last-week',
  'last month': 'last-month',
  'mese scorso': 'last-month',
  'last quarter': 'last-quarter',
  'trimestre scorso': 'last-quarter',
}

const spokenGroups: Record<string, Grouping> = {
  ...{ rep: 'rep', owner: 'rep', venditore: 'rep', responsabile: 'rep' },
  ...{ type: 'type', 'lead type': 'type', team: 'type', tipo: 'type' },
  ...{ source: 'source', provenienza: 'source', fonte: 'source' },
  ...{ score: 'score', punteggio: 'score', reason: 'reason', motivo: 'reason' },
  ...{ week: 'week', settimana: 'week', month: 'month', mese: 'month' },
}

/** What somebody asks for after `/sla report`, in either language; undefined for what is not understood. */
export function understandReport(text: string): Said | undefined {
  const said = text.toLowerCase().replaceAll('-', ' ').replaceAll(/\s+/g, ' ').trim()
  const [period = '', group, ...rest] = ` ${said}`.split(/ (?:by|per) /)
  if (rest.length > 0) return undefined
  const groupBy = group === undefined ? null : lookUp(spokenGroups, group.trim())
  if (groupBy === undefined) return undefined
  const cleaned = period.trim().replace(/^(?:this|questa|questo|la|il) /, '')
  const named = lookUp(spokenPeriods, cleaned)
  if (named !== undefined) return { period: named, groupBy }
  const [, first, last] =
    /^(\d{4} \d{1,2} \d{1,2}) (?:(?:to|a|al) )?(\d{4} \d{1,2} \d{1,2})$/.exec(cleaned) ?? []
  if (first === undefined || last === undefined) return undefined
  const dateOf = (date: string): string => date.replaceAll(' ', '-')
  return { period: { first: dateOf(first), last: dateOf(last) }, groupBy }
}

const lookUp = <Value>(table: Record<string, Value>, word: string): Value | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined

/** What a report is read with. */
export interface ReportReader {
  locale: Locale
  agreement: Agreement
  names: ReadonlyMap<string, string>
}

/** What a group is called; what others wrote is as they wrote it. */
export function groupName(
  key: string | null,
  groupBy: Grouping | null,
  { locale, agreement, names }: ReportReader,
): string {
  const words = reportWords[locale]
  if (groupBy === null) return words.whole
  if (key === null) return groupBy === 'rep' ? words.nobody : words.none
  switch (groupBy) {
    case 'rep':
      return names.get(key) ?? words.none
    case 'type':
      return agreement.lead_types.find(({ id }) => id === key)?.name[locale] ?? key
    case 'reason':
      return reasonName(key, { locale, agreement })
    default:
      return key
  }
}

const reasonName = (
  id: string,
  { locale, agreement }: Pick<ReportReader, 'locale' | 'agreement'>,
): string => {
  const reason = agreement.return_reasons.find((known) => known.id === id)
  return reason?.name?.[locale] ?? id
}

export const periodWords = ({ period }: Report, locale: Locale): string =>
  period.firstDay === period.lastDay
    ? formatDay(period.firstDay, locale)
    : `${formatDay(period.firstDay, locale)} – ${formatDay(period.lastDay, locale)}`

const dash = '–'

export const shareWords = (share: number | null, locale: Locale): string =>
  share === null ? dash : formatPercent(share, locale)

export const lengthWords = (ms: number | null, locale: Locale): string =>
  ms === null ? dash : formatDuration(ms, locale, { days: false })

/**
 * The headline figures, the most telling first: a line each, mrkdwn of our own; `plain` is what is
 * done to the words of the agreement.
 */
export function headlines(
  figures: Figures,
  { locale, agreement }: Pick<ReportReader, 'locale' | 'agreement'>,
  plain: (text: string) => string,
): string[] {
  const words = reportWords[locale]
  const number = (value: number): string => formatNumber(value, locale)
  const spread = (name: string, of: { raw: Spread; working: Spread }): string[] => {
    if (of.working.median === null) return []
    const told = {
      median: lengthWords(of.working.median, locale),
      p90: lengthWords(of.working.p90, locale),
      rawMedian: lengthWords(of.raw.median, locale),
    }
    return [`${name}: ${words.times(told)}`]
  }
  const form = figures.handoffs === 1 ? words.handoffs.one : words.handoffs.other
  const { attempts, deals, returnedBy, timeSpent } = figures
  const byScore = returnedByScore(figures)
  const spent = stretches.reduce((total, one) => total + timeSpent[one], 0)
  const reasons = returnedBy.reason.map(
    ({ id, count }) => `${plain(reasonName(id, { locale, agreement }))} ${number(count)}`,
  )
  return [
    words.headline({
      handoffs: `${number(figures.handoffs)} ${form}`,
      accepted: number(figures.accepted),
      returned: number(figures.returned + figures.unresponsive),
      open: number(figures.open),
    }),
    ...figures.clocks.flatMap((clock) => keptLine(clock, agreement, locale)),
    ...spread(words.toAccept, figures.toAccept),
    ...spread(words.toFirstAttempt, figures.toFirstAttempt),
    ...(figures.idle === 0 ? [] : [words.idle(number(figures.idle))]),
    ...(attempts.logged === 0
      ? []
      : [
          words.attempts({
            counted: number(attempts.counted),
            logged: number(attempts.logged),
            perLead:
              attempts.perLead === null ? dash : number(Math.round(attempts.perLead * 10) / 10),
          }),
        ]),
    ...(reasons.length === 0 ? [] : [words.returnedBy(reasons.join(', '))]),
    ...(deals.won + deals.lost === 0 ? [] : [words.deals(number(deals.won), number(deals.lost))]),
    ...(byScore === null
      ? []
      : [
          words.scores({
            high: formatPercent(byScore.high, locale),
            low: formatPercent(byScore.low, locale),
          }),
        ]),
    ...(spent === 0
      ? []
      : [
          words.timeWent(
            stretches
              .map(
                (one) =>
                  `${words.stretch[one]} ${shareWords(shareOf(timeSpent[one], spent), locale)}`,
              )
              .join(', '),
          ),
        ]),
  ]
}

const promised = {
  accept: 'accept',
  'accept-hard': undefined,
  'first-attempt': 'first_attempt',
  attempts: 'attempts',
  'return-answer': 'return_answer',
} as const

/** How a clock was kept, with what was agreed on beside it. */
function keptLine({ kind, share }: ClockKept, agreement: Agreement, locale: Locale): string[] {
  if (share === null) return []
  const words = reportWords[locale]
  const type = agreement.lead_types[0]?.id ?? ''
  const terms = clockTerms(agreement, { leadType: type, priority: 'standard' }, kind)
  const always = agreement.calendar.always
  const within = terms === undefined ? null : formatAllowance(terms.within, locale, { always })
  const promise = [...agreement.promises.sales, ...agreement.promises.marketing].find(
    (one) => one.measure === 'clock' && one.clock === promised[kind],
  )
  const agreed =
    promise?.measure === 'clock' ? words.agreed(formatPercent(promise.share, locale)) : null
  return [words.kept[kind](within, formatPercent(share, locale), agreed)]
}

type Cell = string | number | null

const minutes = (ms: number | null): number | null =>
  ms === null ? null : Math.round(ms / 6_000) / 10
const rounded = (share: number | null): number | null =>
  share === null ? null : Math.round(share * 10_000) / 10_000

/** The columns of the CSV: a name for programs, one for people in Italian, and the figure. */
const columns: { id: string; it: string; of: (figures: Figures) => number | null }[] = [
  { id: 'handoffs', it: 'passaggi', of: ({ handoffs }) => handoffs },
  { id: 'accepted', it: 'accettati', of: ({ accepted }) => accepted },
  { id: 'open', it: 'aperti', of: ({ open }) => open },
  { id: 'returned', it: 'restituiti', of: ({ returned }) => returned },
  { id: 'unresponsive', it: 'senza risposta', of: ({ unresponsive }) => unresponsive },
  { id: 'closed', it: 'chiusi', of: ({ closed }) => closed },
  { id: 'idle', it: 'fermi', of: ({ idle }) => idle },
  ...(
    [
      ['minutes to accept', 'minuti di accettazione', 'toAccept'],
      ['minutes to first attempt', 'minuti al primo tentativo', 'toFirstAttempt'],
    ] as const
  ).flatMap(([en, it, of]) =>
    (['raw', 'working'] as const).flatMap((clock) =>
      (['median', 'p90'] as const).map((which) => ({
        id: `${en}, ${which}, ${clock}`,
        it: `${it}, ${which === 'median' ? 'mediana' : which}, ${clock === 'raw' ? 'di orologio' : 'lavorativi'}`,
        of: (figures: Figures) => minutes(figures[of][clock][which]),
      })),
    ),
  ),
  ...(
    [
      ['accept', 'accettazione'],
      ['accept-hard', 'limite di accettazione'],
      ['first-attempt', 'primo tentativo'],
      ['attempts', 'tentativi'],
      ['return-answer', 'risposta alla restituzione'],
    ] as const
  ).map(([kind, it]) => ({
    id: `share in time, ${kind}`,
    it: `quota in tempo, ${it}`,
    of: ({ clocks }: Figures) => rounded(clocks.find((one) => one.kind === kind)?.share ?? null),
  })),
  { id: 'attempts logged', it: 'tentativi registrati', of: ({ attempts }) => attempts.logged },
  { id: 'attempts counted', it: 'tentativi conteggiati', of: ({ attempts }) => attempts.counted },
  { id: 'with a score', it: 'con punteggio', of: ({ scored }) => scored },
  { id: 'reached the threshold', it: 'alla soglia', of: (of) => of.reachedThreshold },
  { id: 'won', it: 'vinti', of: ({ deals }) => deals.won },
  { id: 'lost', it: 'persi', of: ({ deals }) => deals.lost },
  ...stretches.map((one) => ({
    id: `minutes, ${reportWords.en.stretch[one]}`,
    it: `minuti, ${reportWords.it.stretch[one]}`,
    of: ({ timeSpent }: Figures) => minutes(timeSpent[one]),
  })),
]

/** Figures by ids that only the data knows, a column for each id that comes up. */
const tallies: {
  en: string
  it: string
  of: (figures: Figures) => { id: string; count: number }[]
}[] = [
  { en: 'returned', it: 'restituiti', of: ({ returnedBy }) => returnedBy.reason },
  { en: 'criterion', it: 'criterio', of: ({ returnedBy }) => returnedBy.criterion },
  { en: 'wrong field', it: 'campo errato', of: ({ returnedBy }) => returnedBy.field },
  { en: 'attempts', it: 'tentativi', of: ({ attempts }) => attempts.byChannel },
  { en: 'not counted', it: 'non conteggiati', of: ({ attempts }) => attempts.notCounted },
  { en: 'deal', it: 'trattativa', of: ({ deals }) => deals.byStage },
]

/** The whole report as a table: a row for each group, and one for all. Lengths are in minutes. */
export function reportTable(report: Report, reader: ReportReader): Cell[][] {
  const { locale } = reader
  const { total, groups, groupBy } = report
  const byId = tallies.flatMap((tally) => tally.of(total).map(({ id }) => ({ tally, id })))
  const heading = groupBy === null ? '' : reportWords[locale].groupings[groupBy]
  const row = (name: string, figures: Figures): Cell[] => [
    name,
    ...columns.map(({ of }) => of(figures)),
    ...byId.map(({ tally, id }) => tally.of(figures).find((one) => one.id === id)?.count ?? 0),
  ]
  return [
    [
      heading,
      ...columns.map(({ id, it }) => (locale === 'en' ? id : it)),
      ...byId.map(({ tally, id }) => `${tally[locale]}: ${id}`),
    ],
    ...groups.map(({ key, figures }) => row(groupName(key, groupBy, reader), figures)),
    row(reportWords[locale].whole, total),
  ]
}

/** A report as programs read it: everything, and the groups by their names too. */
export function reportDocument(report: Report, reader: ReportReader) {
  const { period, groupBy, total, groups } = report
  return {
    from: period.firstDay,
    to: period.lastDay,
    groupBy,
    total,
    groups: groups.map(({ key, figures }) => ({
      key,
      name: groupName(key, groupBy, reader),
      figures,
    })),
  }
}
