import { expect, test } from 'vitest'
import { expectedWords } from '../../../src/content/words/expected.ts'
import type { Expected } from '../../../src/domain/csv-mapping.ts'

test.each<[Expected, string, string]>([
  [{ code: 'email' }, 'expects an e-mail address', 'serve un indirizzo e-mail'],
  [{ code: 'whole-number' }, 'expects a whole number', 'serve un numero intero'],
  [
    { code: 'one-of', values: ['hot', 'standard'] },
    'expects one of hot, standard',
    'serve uno di questi valori: hot, standard',
  ],
  [{ code: 'shorter', most: 200 }, 'at most 200 characters', 'al massimo 200 caratteri'],
  [{ code: 'storable' }, 'characters that can’t be stored', 'non si possono salvare'],
])('%j is said in both languages', (expected, en, it) => {
  expect(expectedWords(expected, 'en')).toContain(en)
  expect(expectedWords(expected, 'it')).toContain(it)
})
