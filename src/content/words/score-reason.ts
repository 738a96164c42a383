import type { Agreement, Locale } from '../../domain/agreement.ts'
import type { Score } from '../../domain/lead.ts'
import { formatNumber } from './format.ts'
import { scoringWords } from './scoring.ts'

interface Words {
  reached(total: string, threshold: string): string
  /** Stands for rules that are not told. */
  more(count: number): string
}

export const scoreReasonWords: Record<Locale, Words> = {
  en: {
    reached: (total, threshold) => `Score ${total} reached ${threshold}`,
    more: (count) => (count === 1 ? 'one more rule' : `${count} more rules`),
  },
  it: {
    reached: (total, threshold) => `Il punteggio ${total} ha raggiunto ${threshold}`,
    more: (count) => (count === 1 ? 'un’altra regola' : `altre ${count} regole`),
  },
}

const mostTold = 6

/**
 * Why a lead is handed over by its score, in the language of the agreement: "Score 82 reached 70:
 * Asked for a quote +40, Pricing page ×2 +20". The rules that weigh most are told.
 */
export function scoreReason(agreement: Agreement, { total, threshold, lines }: Score): string {
  const { language } = agreement
  const { reached, more } = scoreReasonWords[language]
  const { line } = scoringWords[language]
  const told = lines
    .slice(0, mostTold)
    .map(({ rule, times, points }) => line(ruleName(agreement, rule, language), times, points))
  const rest = lines.length - told.length
  const parts = [...told, ...(rest > 0 ? [more(rest)] : [])]
  const start = reached(formatNumber(total, language), formatNumber(threshold, language))
  return parts.length === 0 ? start : `${start}: ${parts.join(', ')}`
}

/** What a rule of the agreement is called; its id where the agreement does not know it any more. */
export const ruleName = ({ scoring }: Agreement, rule: string, locale: Locale): string =>
  scoring?.rules.find(({ id }) => id === rule)?.name[locale] ?? rule
