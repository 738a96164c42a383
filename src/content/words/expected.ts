import type { Locale } from '../../domain/agreement.ts'
import type { Expected } from '../../domain/csv-mapping.ts'
import { formatNumber } from './format.ts'

interface Words {
  email: string
  'whole-number': string
  oneOf: (values: readonly string[]) => string
  shorter: (most: number) => string
  storable: string
}

/** What a cell of a file has to hold, as half a sentence after the name of its column. */
export const expectedTable: Record<Locale, Words> = {
  en: {
    email: 'expects an e-mail address',
    'whole-number': 'expects a whole number',
    oneOf: (values) => `expects one of ${values.join(', ')}`,
    shorter: (most) => `must have at most ${formatNumber(most, 'en')} characters`,
    storable: 'holds characters that can’t be stored, or too many',
  },
  it: {
    email: 'serve un indirizzo e-mail',
    'whole-number': 'serve un numero intero',
    oneOf: (values) => `serve uno di questi valori: ${values.join(', ')}`,
    shorter: (most) => `al massimo ${formatNumber(most, 'it')} caratteri`,
    storable: 'contiene caratteri che non si possono salvare, o troppi',
  },
}

export function expectedWords(expected: Expected, locale: Locale): string {
  const words = expectedTable[locale]
  switch (expected.code) {
    case 'one-of':
      return words.oneOf(expected.values)
    case 'shorter':
      return words.shorter(expected.most)
    default:
      return words[expected.code]
  }
}
