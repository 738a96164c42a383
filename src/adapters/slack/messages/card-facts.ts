import { countryName } from '../../../content/words/format.ts'
import type { Handoff } from '../../../domain/handoff.ts'
import { mrkdwn } from '../blocks.ts'
import { cut, link } from '../text.ts'
import { returnFacts, roundFacts } from './card-return.ts'
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

/** Of a lost deal marketing learns what was said to it. */
export function dealFacts({ handoff, view, words }: Telling): string[] {
  const { deal } = handoff
  const stage = view.agreement.deal_stages.find(({ id }) => id === deal?.stage)
  return stage?.means === 'lost' && deal?.note ? [words.note(cut(deal.note, longest.reason))] : []
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
  ...roundFacts(telling),
  ...returnFacts(telling),
  ...dealFacts(telling),
  ...companyFacts(telling),
  telling.words.why(cut(telling.handoff.reason, longest.spoken - 50)),
  ...contactFacts(telling),
  originFacts(telling).join(' · '),
]
