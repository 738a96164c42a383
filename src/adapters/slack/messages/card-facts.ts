import { countryName } from '../../../content/words/format.ts'
import { scoreReason } from '../../../content/words/score-reason.ts'
import { scoringWords } from '../../../content/words/scoring.ts'
import type { Verdict } from '../../../domain/condition.ts'
import { fitOf, personaOf } from '../../../domain/fit.ts'
import type { Handoff } from '../../../domain/handoff.ts'
import { mrkdwn } from '../blocks.ts'
import { cut, link } from '../text.ts'
import { isTold, isWorkedOn, longest, type Telling } from './card-telling.ts'

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
  return stage?.means === 'lost' && deal?.note ? [words.note(cut(deal.note, longest.folded))] : []
}

/** One line: job title, industry, country, size. The company is in the title of the card. */
export function companyFacts({ handoff, view, words }: Telling): string[] {
  const { title: job, company } = handoff.lead
  const country = textIn(company, 'country')
  const employees = company.employees
  const facts = [
    job ?? undefined,
    textIn(company, 'industry'),
    country && countryName(country, view.locale),
    typeof employees === 'number' ? words.employees(employees) : undefined,
  ].filter(isTold)
  return facts.length === 0 ? [] : [facts.join(' · ')]
}

/** Why the lead is here, in the words of whoever handed it over. */
export const whyFacts = ({ handoff, words }: Telling, max: number = longest.folded): string[] => [
  words.why(cut(handoff.reason, max)),
]

/** What marketing has told since, last; all of it is in the thread. */
export const newsFacts = ({ handoff: { news }, words }: Telling): string[] =>
  news === null ? [] : [words.news(cut(news.reason, longest.fact))]

export const contactFacts = ({ handoff: { lead }, words }: Telling): string[] => [
  words.email(lead.email),
  ...(lead.phone === null ? [] : [words.phone(lead.phone)]),
]

/** How many names a line tells before it only counts them, and how long they may be. */
const most = { names: 3, points: 3, line: 300 } as const

/**
 * The reasons that weigh most; a line that the agreement has no name for is only counted. Nothing
 * where the lead came by its score: the reason of the handoff tells it then.
 */
export function scoreFacts({ handoff: { score, reason }, view }: Telling): string[] {
  if (score === null || score.lines.length === 0) return []
  if (reason === scoreReason(view.agreement, score)) return []
  const words = scoringWords[view.locale]
  const names = new Map(view.agreement.scoring?.rules.map(({ id, name }) => [id, name]))
  const named = score.lines.flatMap(({ rule, times, points }) => {
    const name = names.get(rule)?.[view.locale]
    return name === undefined ? [] : [words.line(cut(name, longest.name), times, points)]
  })
  const told = named.slice(0, most.names)
  return [words.score(score.total, score.threshold, told, score.lines.length - told.length)]
}

/** How the lead compares with the criteria that can be checked. */
export function fitFacts({ handoff, view }: Telling): string[] {
  const words = scoringWords[view.locale]
  const checked = fitOf(view.agreement, handoff.lead).filter(({ criterion }) => criterion.when)
  if (checked.length === 0) return []
  const namesOf = (wanted: Verdict): string[] =>
    checked
      .filter(({ verdict }) => verdict === wanted)
      .map(({ criterion }) => cut(criterion.name[view.locale], longest.name))
  const few = (names: readonly string[]): string[] =>
    names.length <= most.names
      ? [...names]
      : [...names.slice(0, most.names), words.others(names.length - most.names)]
  return [words.fit(few(namesOf('met')), few(namesOf('not-met')), namesOf('unknown').length)]
}

export function personaFacts({ handoff, view }: Telling): string[] {
  const persona = personaOf(view.agreement, handoff.lead)
  if (persona === undefined) return []
  const { name, talking_points: points } = persona
  const told = points.slice(0, most.points).map((point) => point[view.locale])
  return [
    cut(scoringWords[view.locale].persona(cut(name[view.locale], longest.name), told), most.line),
  ]
}

/** The stage, and the first step that was agreed on for it where that is short. */
function journeyFacts({ handoff: { lead }, view, words }: Telling): string[] {
  const stage = lead.journeyStage
  if (stage === null) return []
  const step = view.agreement.journey.steps[stage]?.[0]?.[view.locale]
  const told = step !== undefined && step.length <= longest.name ? step : null
  return [words.journey(words.journeyStages[stage], told)]
}

export function originFacts(telling: Telling): string[] {
  const { handoff, view, words } = telling
  const { lead, handedOffBy } = handoff
  return [
    view.leadTypeName,
    ...journeyFacts(telling),
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

/** What helps with a lead that is worked on: its score, how it fits, and who it is like. */
export const judgedFacts = (telling: Telling): string[] =>
  isWorkedOn(telling.handoff)
    ? [...scoreFacts(telling), ...fitFacts(telling), ...personaFacts(telling)]
    : []
