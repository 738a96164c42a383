import type { Agreement, Locale } from '../../domain/agreement.ts'
import { type DigestList, promisedShare, type Remark } from '../../domain/bulletin.ts'
import { clockTerms } from '../../domain/clocks.ts'
import type { ClockKept, Figures } from '../../domain/report.ts'
import { formatAllowance, formatNumber, formatPercent, plural } from './format.ts'

/** The words of what Baton tells by itself. Arguments are ready to be shown. */
interface Words {
  digest: {
    /** How much is due on the day, and how much is late. */
    title(today: number, late: number): string
    lists: Record<DigestList, string>
    more(count: number): string
  }
  weekly: {
    title(days: string): string
    handedOver(count: number, before: number): string
    kept: Record<'accept' | 'first-attempt', (within: string | null, share: string) => string>
    /** What was agreed on, and how the week before was. */
    beside(agreed: string | null, before: string | null): string
    returned(count: number, reason: string | null, ofIt: number): string
    idle(count: number): string
    missed(count: number): string
    deals(won: number, lost: number): string
    lookAt(remark: string): string
    remarks: {
      below(clock: string, share: string, promised: string): string
      fell(clock: string, share: string, before: string): string
      returns(share: string, reason: string): string
      idle(count: number): string
      kept: string
    }
    clocks: Record<ClockKept['kind'], string>
    more: string
  }
}

const due = {
  en: { one: 'lead is due today', other: 'leads are due today' },
  it: { one: 'lead in scadenza oggi', other: 'lead in scadenza oggi' },
}
const lateLeads = {
  en: { one: 'lead is late', other: 'leads are late' },
  it: { one: 'lead in ritardo', other: 'lead in ritardo' },
}
const deadlines = {
  en: { one: 'deadline', other: 'deadlines' },
  it: { one: 'scadenza', other: 'scadenze' },
}
const leads = { en: { one: 'lead', other: 'leads' }, it: { one: 'lead', other: 'lead' } }
const won = { en: { one: 'won', other: 'won' }, it: { one: 'vinta', other: 'vinte' } }
const lost = { en: { one: 'lost', other: 'lost' }, it: { one: 'persa', other: 'perse' } }

export const bulletinWords: Record<Locale, Words> = {
  en: {
    digest: {
      title: (today, late) => {
        if (late === 0) return plural(today, 'en', due.en)
        const told = plural(late, 'en', lateLeads.en)
        return today === 0 ? told : `${told}, ${formatNumber(today, 'en')} more due today`
      },
      lists: {
        offered: 'To accept or return',
        working: 'Your leads',
        toAnswer: 'Returns to answer',
      },
      more: (count) => `and ${formatNumber(count, 'en')} more in your App Home`,
    },
    weekly: {
      title: (days) => `Last week: ${days}`,
      handedOver: (count, before) =>
        `Handed over: *${formatNumber(count, 'en')}* (the week before ${formatNumber(before, 'en')})`,
      kept: {
        accept: (within, share) => `Accepted within ${within ?? 'the time agreed'}: *${share}*`,
        'first-attempt': (_, share) => `First attempt within the time agreed: *${share}*`,
      },
      beside: (agreed, before) =>
        inBrackets([
          ...(agreed === null ? [] : [`agreed ${agreed}`]),
          ...(before === null ? [] : [`the week before ${before}`]),
        ]),
      returned: (count, reason, ofIt) =>
        reason === null
          ? `Returned: ${formatNumber(count, 'en')}`
          : `Returned: ${formatNumber(count, 'en')}, most often “${reason}” (${formatNumber(ofIt, 'en')})`,
      idle: (count) => `Accepted but idle: ${formatNumber(count, 'en')}`,
      missed: (count) => `Late: ${plural(count, 'en', deadlines.en)} missed`,
      deals: (wonOnes, lostOnes) =>
        `Deals: ${plural(wonOnes, 'en', won.en)}, ${plural(lostOnes, 'en', lost.en)}`,
      lookAt: (remark) => `Look at: ${remark}`,
      remarks: {
        below: (clock, share, promised) =>
          `${clock} was kept for ${share} of the leads, and ${promised} was agreed`,
        fell: (clock, share, before) =>
          `${clock} was kept for ${share}, after ${before} the week before`,
        returns: (share, reason) => `${share} of the leads came back, most often as “${reason}”`,
        idle: (count) =>
          `${plural(count, 'en', leads.en)} accepted, and then left for longer than agreed`,
        kept: 'nothing, everything was kept as agreed',
      },
      clocks: {
        accept: 'the time to accept',
        'accept-hard': 'the limit to accept',
        'first-attempt': 'the time to the first attempt',
        attempts: 'the time of all attempts',
        'return-answer': 'the time to answer a return',
      },
      more: 'More: `/sla report last-week`',
    },
  },
  it: {
    digest: {
      title: (today, late) => {
        if (late === 0) return plural(today, 'it', due.it)
        const told = plural(late, 'it', lateLeads.it)
        return today === 0
          ? told
          : `${told}, ${plural(today, 'it', { one: 'altro', other: 'altri' })} in scadenza oggi`
      },
      lists: {
        offered: 'Da accettare o restituire',
        working: 'I tuoi lead',
        toAnswer: 'Restituzioni a cui rispondere',
      },
      more: (count) =>
        count === 1
          ? 'e un altro nella tua App Home'
          : `e altri ${formatNumber(count, 'it')} nella tua App Home`,
    },
    weekly: {
      title: (days) => `La settimana scorsa: ${days}`,
      handedOver: (count, before) =>
        `Lead passati: *${formatNumber(count, 'it')}* (la settimana prima ${formatNumber(before, 'it')})`,
      kept: {
        accept: (within, share) => `Accettati entro ${within ?? 'il tempo concordato'}: *${share}*`,
        'first-attempt': (_, share) => `Primo tentativo entro il tempo concordato: *${share}*`,
      },
      beside: (agreed, before) =>
        inBrackets([
          ...(agreed === null ? [] : [`concordato ${agreed}`]),
          ...(before === null ? [] : [`la settimana prima ${before}`]),
        ]),
      returned: (count, reason, ofIt) =>
        reason === null
          ? `Restituiti: ${formatNumber(count, 'it')}`
          : `Restituiti: ${formatNumber(count, 'it')}, più spesso «${reason}» (${formatNumber(ofIt, 'it')})`,
      idle: (count) => `Accettati ma fermi: ${formatNumber(count, 'it')}`,
      missed: (count) =>
        `In ritardo: ${plural(count, 'it', deadlines.it)} ${count === 1 ? 'mancata' : 'mancate'}`,
      deals: (wonOnes, lostOnes) =>
        `Trattative: ${plural(wonOnes, 'it', won.it)}, ${plural(lostOnes, 'it', lost.it)}`,
      lookAt: (remark) => `Da guardare: ${remark}`,
      remarks: {
        below: (clock, share, promised) =>
          `${clock} è stato rispettato per il ${share} dei lead, contro il ${promised} concordato`,
        fell: (clock, share, before) =>
          `${clock} è stato rispettato per il ${share}, dopo il ${before} della settimana prima`,
        returns: (share, reason) =>
          `il ${share} dei lead è tornato indietro, più spesso come «${reason}»`,
        idle: (count) =>
          count === 1
            ? 'un lead accettato e poi lasciato fermo oltre il tempo concordato'
            : `${formatNumber(count, 'it')} lead accettati e poi lasciati fermi oltre il tempo concordato`,
        kept: 'niente, tutto è stato rispettato come concordato',
      },
      clocks: {
        accept: 'il tempo di accettazione',
        'accept-hard': 'il limite di accettazione',
        'first-attempt': 'il tempo fino al primo tentativo',
        attempts: 'il tempo di tutti i tentativi',
        'return-answer': 'il tempo di risposta a una restituzione',
      },
      more: 'Di più: `/sla report settimana scorsa`',
    },
  },
}

const inBrackets = (parts: readonly string[]): string =>
  parts.length === 0 ? '' : ` (${parts.join('; ')})`

interface Weekly {
  week: Figures
  before: Figures
  agreement: Agreement
  remark: Remark | undefined
}

/**
 * How the week was, a line for each thing that there is anything to tell of: mrkdwn of our own;
 * `plain` is what is done to the words of the agreement.
 */
export function weeklyLines(
  { week, before, agreement, remark }: Weekly,
  locale: Locale,
  plain: (text: string) => string,
): string[] {
  const { weekly: words } = bulletinWords[locale]
  const percent = (share: number): string => formatPercent(share, locale)
  const reasonName = (id: string): string => {
    const reason = agreement.return_reasons.find((one) => one.id === id)
    return plain(reason?.name[locale] ?? id)
  }
  const kept = (kind: 'accept' | 'first-attempt'): string[] => {
    const share = shareIn(week, kind)
    if (share === null) return []
    const promised = promisedShare(agreement, kind)
    const earlier = shareIn(before, kind)
    const told = words.kept[kind](withinOf(agreement, kind, locale), percent(share))
    const beside = words.beside(
      promised === undefined ? null : percent(promised),
      earlier === null ? null : percent(earlier),
    )
    return [`${told}${beside}`]
  }
  const back = week.returned + week.unresponsive
  const [reason] = week.returnedBy.reason
  const missed = week.clocks.reduce((total, clock) => total + clock.missed, 0)
  const { won: wonOnes, lost: lostOnes } = week.deals
  const told = remark && remarkWords(remark, locale, reasonName)
  return [
    words.handedOver(week.handoffs, before.handoffs),
    ...kept('accept'),
    ...kept('first-attempt'),
    ...(back === 0
      ? []
      : [words.returned(back, reason ? reasonName(reason.id) : null, reason?.count ?? 0)]),
    ...(week.idle === 0 ? [] : [words.idle(week.idle)]),
    ...(missed === 0 ? [] : [words.missed(missed)]),
    ...(wonOnes + lostOnes === 0 ? [] : [words.deals(wonOnes, lostOnes)]),
    ...(told === undefined ? [] : [words.lookAt(told)]),
  ]
}

function remarkWords(remark: Remark, locale: Locale, reasonName: (id: string) => string): string {
  const { remarks, clocks } = bulletinWords[locale].weekly
  const percent = (share: number): string => formatPercent(share, locale)
  switch (remark.what) {
    case 'below':
      return remarks.below(clocks[remark.clock], percent(remark.share), percent(remark.promised))
    case 'fell':
      return remarks.fell(clocks[remark.clock], percent(remark.share), percent(remark.before))
    case 'returns':
      return remarks.returns(percent(remark.share), reasonName(remark.reason))
    case 'idle':
      return remarks.idle(remark.count)
    case 'kept':
      return remarks.kept
  }
}

const shareIn = ({ clocks }: Figures, kind: ClockKept['kind']): number | null =>
  clocks.find((clock) => clock.kind === kind)?.share ?? null

/** The time that the first lead type has; others may have another. */
function withinOf(agreement: Agreement, kind: ClockKept['kind'], locale: Locale): string | null {
  const leadType = agreement.lead_types[0]?.id ?? ''
  const terms = clockTerms(agreement, { leadType, priority: 'standard' }, kind)
  const { always } = agreement.calendar
  return terms === undefined ? null : formatAllowance(terms.within, locale, { always })
}
