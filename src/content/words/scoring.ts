import type { Locale } from '../../domain/agreement.ts'
import { formatNumber, plural } from './format.ts'

/** The words of scores, profile and persona. Names are those of the agreement. */
export interface ScoringWords {
  /** `reasons` are the lines that are told; `more` is how many are not. */
  score(total: number, threshold: number, reasons: readonly string[], more: number): string
  /** A line of a score, such as "pricing page ×2 +20". */
  line(name: string, times: number, points: number): string
  /** `unknown` is how many criteria can't be told. */
  fit(met: readonly string[], notMet: readonly string[], unknown: number): string
  /** What stands for names that are not told. */
  others(count: number): string
  persona(name: string, talkingPoints: readonly string[]): string
}

/** With its sign: "+40", and "−15" with a minus, not a hyphen. */
const signed = (points: number, locale: Locale): string =>
  `${points < 0 ? '−' : '+'}${formatNumber(Math.abs(points), locale)}`

const totalOf = (points: number, locale: Locale): string =>
  points < 0 ? signed(points, locale) : formatNumber(points, locale)

const lineIn =
  (locale: Locale): ScoringWords['line'] =>
  (name, times, points) => {
    const often = times > 1 ? ` ×${formatNumber(times, locale)}` : ''
    return `${name}${often} ${signed(points, locale)}`
  }

/** A list under its name; nothing where it is empty. */
const under = (name: string, items: readonly string[], between: string): string[] =>
  items.length === 0 ? [] : [`${name}${items.join(between)}`]

/** The head alone where nothing follows. */
const followed = (head: string, rest: readonly string[], between: string): string =>
  [head, ...under('', rest, between)].join(': ')

export const scoringWords: Record<Locale, ScoringWords> = {
  en: {
    score: (total, threshold, reasons, more) =>
      followed(
        `Score ${totalOf(total, 'en')} (SQL from ${formatNumber(threshold, 'en')})`,
        reasons,
        ', ',
      ) + (reasons.length > 0 && more > 0 ? ` and ${formatNumber(more, 'en')} more` : ''),
    line: lineIn('en'),
    fit: (met, notMet, unknown) =>
      `Fit: ${[
        ...under('', met, ' · '),
        ...under('not met: ', notMet, ' · '),
        ...(unknown === 0 ? [] : [`${formatNumber(unknown, 'en')} not known`]),
      ].join('; ')}`,
    others: (count) => `${formatNumber(count, 'en')} more`,
    persona: (name, points) => followed(`Persona: ${name}`, points, '; '),
  },
  it: {
    score: (total, threshold, reasons, more) =>
      followed(
        `Punteggio ${totalOf(total, 'it')} (SQL da ${formatNumber(threshold, 'it')})`,
        reasons,
        ', ',
      ) +
      (reasons.length > 0 && more > 0
        ? ` e ${plural(more, 'it', { one: 'altra voce', other: 'altre voci' })}`
        : ''),
    line: lineIn('it'),
    fit: (met, notMet, unknown) =>
      `Profilo: ${[
        ...under('', met, ' · '),
        ...under('non soddisfatto: ', notMet, ' · '),
        ...(unknown === 0 ? [] : [plural(unknown, 'it', { one: 'non noto', other: 'non noti' })]),
      ].join('; ')}`,
    others: (count) => plural(count, 'it', { one: 'altro', other: 'altri' }),
    persona: (name, points) => followed(`Persona: ${name}`, points, '; '),
  },
}
