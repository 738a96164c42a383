import { type CardWords, cardWords } from '../../../content/words/card.ts'
import { countryName, formatDay } from '../../../content/words/format.ts'
import type { Agreement, Locale } from '../../../domain/agreement.ts'
import type { Handoff } from '../../../domain/handoff.ts'
import { mrkdwn } from '../blocks.ts'
import { cut, link } from '../text.ts'

import { isTold, longest, type Telling } from './card-telling.ts'

/** Who the lead on a card is, and why it is here. */

const textIn = (record: Record<string, unknown>, key: string): string | undefined => {
  const value = record[key]
  return typeof value === 'string' && value.trim() !== '' ? cut(value, longest.fact) : undefined
}

/** Name and company, as they are called wherever the handoff is named. */
export function leadTitle({ lead }: Handoff, max: number = longest.name): string {
  const company = textIn(lead.company, 'name')
  return [lead.name, company]
    .filter(isTold)
    .map((part) => cut(part, max))
    .join(', ')
}

/** Returned: why, in what the rep said. */
export function returnFacts({ handoff, view, words }: Telling): string[] {
  const { returned } = handoff
  if (handoff.status !== 'returned' || returned === null) return []
  return factsOfReturn(returned, handoff.leadStatus, view, words)
}

/** The parts of a return that the status does not say already. */
export function factsOfReturn(
  returned: {
    reason: string
    criterion: string | null
    readyOn: string | null
    readyWhen: string | null
    note: string | null
  },
  status: string,
  { agreement, locale }: { agreement: Agreement; locale: Locale },
  words: CardWords = cardWords[locale],
): string[] {
  const reason = agreement.return_reasons.find(({ id }) => id === returned.reason)?.name[locale]
  const criterion = agreement.icp.find(({ id }) => id === returned.criterion)?.name[locale]
  const saidAlready = reason === undefined || status.toLowerCase().includes(reason.toLowerCase())
  const told = (text: string | null, say: (text: string) => string): string[] =>
    text === null ? [] : [say(cut(text, longest.reason))]
  return [
    ...(saidAlready ? [] : [words.reason(reason)]),
    ...told(returned.readyOn && formatDay(returned.readyOn, locale), words.readyOn),
    ...told(returned.readyWhen, words.readyWhen),
    ...told(criterion ?? returned.criterion, words.criterion),
    ...told(returned.note, words.note),
  ]
}

/** One line: title, company, industry, country, size. */
export function companyFacts({ handoff, view, words }: Telling): string[] {
  const { title: job, company } = handoff.lead
  const country = textIn(company, 'country')
  const employees = company.employees
  const facts = [
    job ?? undefined,
    textIn(company, 'name'),
    textIn(company, 'industry'),
    country && countryName(country, view.locale),
    typeof employees === 'number' ? words.employees(employees) : undefined,
  ].filter(isTold)
  return facts.length === 0 ? [] : [facts.join(' · ')]
}

export const contactFacts = ({ handoff: { lead }, words }: Telling): string[] => [
  words.email(lead.email),
  ...(lead.phone === null ? [] : [words.phone(lead.phone)]),
]

export function originFacts({ handoff, view, words }: Telling): string[] {
  const { lead, handedOffBy } = handoff
  return [
    view.leadTypeName,
    ...(lead.journeyStage === null ? [] : [words.journey(words.journeyStages[lead.journeyStage])]),
    ...(lead.source === null ? [] : [words.source(lead.source)]),
    // A name, not a mention: nobody is called about what they have done themselves.
    ...(handedOffBy === null ? [] : [words.handedOverBy(handedOffBy.name)]),
  ]
}

const crmNames: Record<string, string> = { hubspot: 'HubSpot', salesforce: 'Salesforce' }

export function crmLink({ handoff, words }: Telling) {
  const { crm } = handoff.lead
  if (crm?.url === undefined) return []
  const known = Object.hasOwn(crmNames, crm.system) ? crmNames[crm.system] : undefined
  const told = link(crm.url, known === undefined ? words.openInCrm : words.openIn(known))
  return told === undefined ? [] : [mrkdwn(told)]
}

export const spokenFacts = (telling: Telling): string[] => [
  ...returnFacts(telling),
  ...companyFacts(telling),
  telling.words.why(cut(telling.handoff.reason, longest.spoken - 50)),
  ...contactFacts(telling),
  originFacts(telling).join(' · '),
]
