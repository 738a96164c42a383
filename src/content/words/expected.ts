import type { Locale } from '../../domain/agreement.ts'
import type { Expected } from '../../domain/csv-mapping.ts'
import { formatNumber } from './format.ts'

/** What a cell of a file has to hold, as half a sentence after the name of its column. */
export function expectedWords(expected: Expected, locale: Locale): string {
  const isItalian = locale === 'it'
  switch (expected.code) {
    case 'email':
      return isItalian ? 'serve un indirizzo e-mail' : 'expects an e-mail address'
    case 'whole-number':
      return isItalian ? 'serve un numero intero' : 'expects a whole number'
    case 'one-of': {
      const values = expected.values.join(', ')
      return isItalian ? `serve uno di questi valori: ${values}` : `expects one of ${values}`
    }
    case 'shorter': {
      const most = formatNumber(expected.most, locale)
      return isItalian ? `al massimo ${most} caratteri` : `must have at most ${most} characters`
    }
    case 'storable':
      return isItalian
        ? 'contiene caratteri che non si possono salvare, o troppi'
        : 'holds characters that can’t be stored, or too many'
  }
}
