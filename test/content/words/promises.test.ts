import { describe, expect, test } from 'vitest'
import { promiseWords } from '../../../src/content/words/promises.ts'
import type { AgreedPromise } from '../../../src/domain/agreement.ts'
import type { PromiseFigures } from '../../../src/domain/promises.ts'

const data: AgreedPromise = {
  measure: 'handoff_data',
  fields: ['phone', 'title', 'company.name'],
  share: 0.9,
}
const clock = (name: 'accept' | 'first_attempt' | 'attempts' | 'return_answer'): AgreedPromise => ({
  measure: 'clock',
  clock: name,
  share: 0.95,
})
const volume: AgreedPromise = { measure: 'volume', per_week: 20 }
const share = (kept: number, of: number): PromiseFigures => ({
  kind: 'share',
  kept,
  of,
  share: of === 0 ? null : kept / of,
  days: 30,
})

describe('a promise in words', () => {
  test.each([
    [data, 'At least 90% of handoffs come with phone, title and company name'],
    [clock('accept'), 'At least 95% of leads are accepted or returned in time'],
    [clock('first_attempt'), 'At least 95% of first attempts are made in time'],
    [clock('attempts'), 'At least 95% of sequences of attempts are finished in time'],
    [clock('return_answer'), 'At least 95% of returns are answered in time'],
    [volume, 'At least 20 handoffs a week'],
  ])('is a sentence: %j', (promise, sentence) => {
    expect(promiseWords(promise, undefined, 'en')).toBe(sentence)
  })

  test.each([
    [data, 'Almeno il 90% dei passaggi arriva con telefono, ruolo e nome dell’azienda'],
    [clock('accept'), 'Almeno il 95% dei lead è accettato o restituito in tempo'],
    [clock('first_attempt'), 'Almeno il 95% dei primi tentativi è fatto in tempo'],
    [clock('attempts'), 'Almeno il 95% delle sequenze di tentativi è completato in tempo'],
    [clock('return_answer'), 'Almeno il 95% delle restituzioni riceve risposta in tempo'],
    [volume, 'Almeno 20 passaggi a settimana'],
  ])('is one in Italian too: %j', (promise, sentence) => {
    expect(promiseWords(promise, undefined, 'it')).toBe(sentence)
  })

  test('says how well it was kept', () => {
    expect(promiseWords(data, share(21, 25), 'en')).toMatch(
      /company name: 84% in the last 30 days \(21 of 25\)$/,
    )
    expect(promiseWords(data, share(21, 25), 'it')).toMatch(
      /: 84% negli ultimi 30 giorni \(21 su 25\)$/,
    )
    const weeks: PromiseFigures = { kind: 'volume', handoffs: 75, perWeek: 17.5, days: 30 }
    expect(promiseWords(volume, weeks, 'en')).toMatch(
      /: 17\.5 in the last 30 days \(75 handoffs\)$/,
    )
    expect(promiseWords(volume, weeks, 'it')).toMatch(
      /: 17,5 negli ultimi 30 giorni \(75 passaggi\)$/,
    )
  })

  test('says that there is nothing to measure', () => {
    expect(promiseWords(data, share(0, 0), 'en')).toMatch(
      /: nothing to measure in the last 30 days$/,
    )
    expect(promiseWords(data, share(0, 0), 'it')).toMatch(
      /: niente da misurare negli ultimi 30 giorni$/,
    )
  })

  test('never rounds up to what was not kept, nor down from what was', () => {
    expect(promiseWords(clock('accept'), share(9_499, 10_000), 'en')).toMatch(/: 94% /)
    expect(promiseWords(clock('accept'), share(29, 100), 'en')).toMatch(/: 29% /)
    expect(promiseWords(clock('accept'), share(1_000, 1_000), 'en')).toMatch(
      /: 100% .*1,000 of 1,000/,
    )
  })

  test('names a field that nobody has a word for as the agreement does', () => {
    const own: AgreedPromise = { ...data, fields: ['attributes.budget', 'toString'] }
    expect(promiseWords(own, undefined, 'en')).toMatch(/with attributes\.budget and toString$/)
  })
})
