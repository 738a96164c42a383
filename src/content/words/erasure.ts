import type { Locale } from '../../domain/agreement.ts'
import { formatDay } from './format.ts'

const dayOf = (at: Date, locale: Locale): string => formatDay(at.toISOString().slice(0, 10), locale)

/** To whoever would bring an erased lead back. */
export function erasedWords(at: Date, locale: Locale): string {
  return locale === 'it'
    ? `Questo lead è stato cancellato (${dayOf(at, 'it')}). \`forget --lift <e-mail>\` lo ammette di nuovo.`
    : `This lead was erased on ${dayOf(at, 'en')}. \`forget --lift <email>\` allows it again.`
}

/** All that a card of an erased lead says. */
export const erasedCardWords: Record<Locale, { title: string; text(day: string): string }> = {
  en: { title: 'Erased lead', text: (day) => `This lead was erased on ${day}.` },
  it: { title: 'Lead cancellato', text: (day) => `Questo lead è stato cancellato: ${day}.` },
}

/** What the operator's command line says of erasing; it speaks English. */
export const forgetWords = {
  ask: (handoffs: number): string =>
    `Erase this lead and the words of its ${handoffs === 1 ? 'handoff' : `${handoffs} handoffs`} for good? [y/N] `,
  erased: (handoffs: number): string =>
    `Erased: ${handoffs === 1 ? '1 handoff is' : `${handoffs} handoffs are`} left without names and words. Its messages in Slack are deleted by the Baton that runs.`,
  erasedBefore: (at: Date): string => `It was erased before, on ${dayOf(at, 'en')}.`,
  lifted: 'Lifted: this lead may come in again.',
  nothingToLift: 'nothing is remembered of the erasure of this lead',
  unknown: 'there is no lead with this e-mail address',
} as const
