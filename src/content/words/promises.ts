import type { AgreedPromise, Locale } from '../../domain/agreement.ts'
import type { PromiseFigures } from '../../domain/promises.ts'
import { nameIn } from './attempts.ts'
import { formatList, formatNumber, formatPercent, plural } from './format.ts'

type ClockOfPromise = Extract<AgreedPromise, { measure: 'clock' }>['clock']

interface Words {
  data(share: string, fields: string): string
  clock: Record<ClockOfPromise, (share: string) => string>
  volume(handoffs: string): string
  handoffs: { one: string; other: string }
  /** What was measured, after the promise and a colon. */
  share(share: string, days: string, kept: string, of: string): string
  perWeek(perWeek: string, days: string, handoffs: string): string
  nothing(days: string): string
  days: { one: string; other: string }
  fields: Record<string, string>
}

export const promiseTable: Record<Locale, Words> = {
  en: {
    data: (share, fields) => `At least ${share} of handoffs come with ${fields}`,
    clock: {
      accept: (share) => `At least ${share} of leads are accepted or returned in time`,
      first_attempt: (share) => `At least ${share} of first attempts are made in time`,
      attempts: (share) => `At least ${share} of sequences of attempts are finished in time`,
      return_answer: (share) => `At least ${share} of returns are answered in time`,
    },
    volume: (handoffs) => `At least ${handoffs} a week`,
    handoffs: { one: 'handoff', other: 'handoffs' },
    share: (share, days, kept, of) => `${share} in the last ${days} (${kept} of ${of})`,
    perWeek: (perWeek, days, handoffs) => `${perWeek} in the last ${days} (${handoffs})`,
    nothing: (days) => `nothing to measure in the last ${days}`,
    days: { one: 'day', other: 'days' },
    fields: {
      name: 'name',
      email: 'e-mail address',
      phone: 'phone',
      title: 'title',
      source: 'source',
      journeyStage: 'journey stage',
      crm: 'link to the CRM',
      'company.name': 'company name',
      'company.domain': 'company domain',
      'company.industry': 'industry',
      'company.employees': 'number of employees',
      'company.country': 'country',
    },
  },
  it: {
    data: (share, fields) => `Almeno il ${share} dei passaggi arriva con ${fields}`,
    clock: {
      accept: (share) => `Almeno il ${share} dei lead è accettato o restituito in tempo`,
      first_attempt: (share) => `Almeno il ${share} dei primi tentativi è fatto in tempo`,
      attempts: (share) => `Almeno il ${share} delle sequenze di tentativi è completato in tempo`,
      return_answer: (share) => `Almeno il ${share} delle restituzioni riceve risposta in tempo`,
    },
    volume: (handoffs) => `Almeno ${handoffs} a settimana`,
    handoffs: { one: 'passaggio', other: 'passaggi' },
    share: (share, days, kept, of) => `${share} negli ultimi ${days} (${kept} su ${of})`,
    perWeek: (perWeek, days, handoffs) => `${perWeek} negli ultimi ${days} (${handoffs})`,
    nothing: (days) => `niente da misurare negli ultimi ${days}`,
    days: { one: 'giorno', other: 'giorni' },
    fields: {
      name: 'nome',
      email: 'indirizzo e-mail',
      phone: 'telefono',
      title: 'ruolo',
      source: 'provenienza',
      journeyStage: 'fase del percorso',
      crm: 'collegamento al CRM',
      'company.name': 'nome dell’azienda',
      'company.domain': 'dominio dell’azienda',
      'company.industry': 'settore',
      'company.employees': 'numero di dipendenti',
      'company.country': 'paese',
    },
  },
}

/**
 * A promise of the agreement in a sentence, with how well it was kept where figures are given:
 * "At least 90% of handoffs come with phone and title: 84% in the last 30 days (21 of 25)". Plain
 * text without a full stop; the figures are those of `measurePromises`, for a period that ends now.
 * The names of fields that Baton does not know come out of the agreement as they are: escape them.
 */
export function promiseWords(
  promise: AgreedPromise,
  figures: PromiseFigures | undefined,
  locale: Locale,
): string {
  const promised = promisedIn(promise, locale)
  return figures === undefined ? promised : `${promised}: ${measured(figures, locale)}`
}

function promisedIn(promise: AgreedPromise, locale: Locale): string {
  const say = promiseTable[locale]
  switch (promise.measure) {
    case 'handoff_data': {
      const fields = promise.fields.map((field) => nameIn(say.fields, field))
      return say.data(formatPercent(promise.share, locale), formatList(fields, locale))
    }
    case 'clock':
      return say.clock[promise.clock](formatPercent(promise.share, locale))
    case 'volume':
      return say.volume(plural(promise.per_week, locale, say.handoffs))
  }
}

function measured(figures: PromiseFigures, locale: Locale): string {
  const say = promiseTable[locale]
  const days = plural(figures.days, locale, say.days)
  if (figures.kind === 'volume') {
    const perWeek = formatNumber(Math.round(figures.perWeek * 10) / 10, locale)
    return say.perWeek(perWeek, days, plural(figures.handoffs, locale, say.handoffs))
  }
  const { share, kept, of } = figures
  if (share === null) return say.nothing(days)
  return say.share(
    // rounded down: nothing looks kept that is not
    formatPercent(Math.floor((kept * 100) / of) / 100, locale),
    days,
    formatNumber(kept, locale),
    formatNumber(of, locale),
  )
}
