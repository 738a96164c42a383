import type { MessageMetadata } from '@slack/types'
import { agreementWords } from '../../../../content/words/agreement.ts'
import { type Dates, formatDay, formatList, sayInstant } from '../../../../content/words/format.ts'
import { termWords } from '../../../../content/words/term-proposals.ts'
import { type Locale, locales, type Side, sides } from '../../../../domain/agreement.ts'
import type { Term, Wording } from '../../../../domain/glossary.ts'
import type { Person } from '../../../../domain/person.ts'
import type { TermProposal } from '../../../../domain/term-proposal.ts'
import type { TermHistory, TermVersion } from '../../../../use-cases/ports/glossary.ts'
import {
  actions,
  button,
  context,
  header,
  limits,
  type Message,
  message,
  mrkdwn,
  section,
} from '../../blocks.ts'
import { asMrkdwn, mention } from '../../text.ts'
import { type Head, waitsLine } from '../agreement/message.ts'
import type { Block } from '../feature.ts'

export interface TermProposalView {
  locale: Locale
  /** The zone of plain dates. */
  zone: string
  dates: Dates
  /** Who may sign for each side. */
  heads: Record<Side, Head[]>
  /** Who keeps the term now. */
  owner: Person | null
}

const mostName = 80
const mostText = 700

const isSuggestion = ({ state }: TermProposal): boolean =>
  state === 'suggested' || state === 'taken-up' || state === 'declined'

function titleOf(proposal: TermProposal, locale: Locale): string {
  const { titles, suggestedTitle } = termWords[locale]
  if (proposal.state === 'suggested') return suggestedTitle
  if (proposal.state !== 'open') return titles[proposal.state]
  return titles[proposal.baseVersion === 0 ? 'new' : 'changed']
}

const textsOf = (wording: Wording) => ({
  name: wording.name,
  abbreviations: wording.abbreviations.join(', '),
  aliases: wording.aliases.join(', '),
  definition: wording.definition,
  decide: wording.decide ?? '',
  example: wording.example,
})

const parts = ['name', 'abbreviations', 'aliases', 'definition', 'decide', 'example'] as const

/** What changes in one language, a section each part: as it was and as it is to be. */
function changesIn(language: Locale, before: Term | null, after: Term, locale: Locale): Block[] {
  const words = termWords[locale]
  if (after.untranslated === language) return []
  const old = before === null || before.untranslated === language ? null : before[language]
  const was = old === null ? null : textsOf(old)
  const is = textsOf(after[language])
  return parts
    .filter((part) => is[part] !== (was?.[part] ?? ''))
    .map((part) => {
      const label = `*${words.fields[part]}* (${words.languages[language]})`
      const now = asMrkdwn(is[part], mostText) || '–'
      const then = was === null ? '' : asMrkdwn(was[part], mostText)
      const lines =
        then === '' ? [label, now] : [label, `${words.before}: ${then}`, `${words.after}: ${now}`]
      return section(lines.join('\n'))
    })
}

/** What became of it, or what is to become of it, in mrkdwn. */
function stateLines(proposal: TermProposal, view: TermProposalView): string[] {
  const { state, proposedBy, proposedAt, settledBy, settledAt, version } = proposal
  const words = termWords[view.locale]
  const say = (at: Date): string => sayInstant(at, { ...view, near: proposedAt })
  const name = (person: Person | null) => person && asMrkdwn(person.name, mostName)
  const begun = (isSuggestion(proposal) ? words.suggested : words.proposed)(
    name(proposedBy),
    say(proposedAt),
  )
  switch (state) {
    case 'suggested':
      return [begun, ...answerLine(view)]
    case 'open':
      return [begun, words.takesEffect]
    case 'signed':
      return [begun, words.tookEffect(version ?? 0)]
    case 'overtaken':
      return [begun, words.overtaken]
    default:
      return [begun, words.settled[state](name(settledBy), say(settledAt ?? proposedAt))]
  }
}

/** Who is to answer a suggestion: who keeps the term, or both heads. */
function answerLine({ owner, heads, locale }: TermProposalView): string[] {
  const people = owner === null ? [...heads.sales, ...heads.marketing] : [owner]
  if (people.length === 0) return []
  return [termWords[locale].answers(formatList(people.map(mention), locale))]
}

function signatureLines({ state, signatures, proposedAt }: TermProposal, view: TermProposalView) {
  if (state !== 'open' && state !== 'signed') return []
  const words = agreementWords[view.locale]
  return sides.flatMap((side) => {
    const signature = signatures.find((each) => each.side === side)
    if (signature !== undefined) {
      const at = sayInstant(signature.at, { ...view, near: proposedAt })
      return [words.signed(words.sides[side], mention(signature.by), at)]
    }
    return state === 'open' ? waitsLine(side, view.heads[side], view.locale) : []
  })
}

function buttonsOf({ id, state }: TermProposal, locale: Locale) {
  const { sign, withdraw } = agreementWords[locale]
  const { takeUp, decline } = termWords[locale]
  if (state === 'open') {
    return [button('glossary.sign', sign, id, 'primary'), button('glossary.withdraw', withdraw, id)]
  }
  return state === 'suggested'
    ? [button('glossary.take_up', takeUp, id, 'primary'), button('glossary.decline', decline, id)]
    : []
}

/** A proposed or suggested term in its present state. */
export function buildTermProposal(
  { proposal, base, revision }: { proposal: TermProposal; base: Term | null; revision: number },
  view: TermProposalView,
  key: string,
): Required<Message> & { metadata: MessageMetadata } {
  const { locale } = view
  const words = termWords[locale]
  const { term, owner, note } = proposal
  const title = titleOf(proposal, locale)
  const name = asMrkdwn(term[locale].name, mostName)
  const state = stateLines(proposal, view)
  const changes = locales.flatMap((language) => changesIn(language, base, term, locale))
  const around = [
    ...(owner === null ? [] : [words.owner(mention(owner))]),
    ...(note === null ? [] : [`${words.note}: ${asMrkdwn(note, mostText)}`]),
    ...signatureLines(proposal, view),
  ]
  const definition = asMrkdwn(term[locale].definition, mostText)
  const { text, blocks = [] } = message([`${title}: ${name}.`, ...state, definition].join('\n'), [
    header(title),
    section(`*${name}*`),
    ...context(state.map((line) => mrkdwn(line))),
    ...changes,
    ...context(around.map((line) => mrkdwn(line))),
    ...actions(buttonsOf(proposal, locale)),
  ])
  return {
    text,
    blocks,
    metadata: {
      event_type: 'baton_term',
      event_payload: { proposal: proposal.id, revision, key },
    },
  }
}

/** How a term's definition came about, newest first, and what waits for an answer. */
export function buildTermHistory(
  term: Term,
  { versions, proposals }: TermHistory,
  view: TermProposalView,
): Message {
  const { locale } = view
  const words = termWords[locale]
  const title = words.history(asMrkdwn(term[locale].name, mostName))
  const waiting = proposals.filter(({ state }) => state === 'open' || state === 'suggested')
  const shown = waiting.slice(0, mostWaiting)
  const standing = (proposal: TermProposal) => [
    ...stateLines(proposal, view),
    ...signatureLines(proposal, view),
  ]
  const waits = shown.flatMap((proposal) => [
    section(
      `*${titleOf(proposal, locale)}*\n${asMrkdwn(proposal.term[locale].definition, mostText)}`,
    ),
    ...context(standing(proposal).map((line) => mrkdwn(line))),
    ...actions(buttonsOf(proposal, locale)),
  ])
  const told = versions
    .slice(0, mostVersions)
    .map((version) => section(versionText(version, locale).slice(0, limits.section)))
  const spoken = [
    title,
    ...shown.flatMap((proposal) => [titleOf(proposal, locale), ...standing(proposal)]),
    ...versions.slice(0, mostVersions).map((version) => versionLine(version, locale)),
  ]
  return message(spoken.join('\n'), [section(`*${title}*`), ...waits, ...told])
}

const mostWaiting = 5
const mostVersions = 20

const versionText = (version: TermVersion, locale: Locale): string =>
  `*${versionLine(version, locale)}*\n${asMrkdwn(version.term[locale].definition, mostText)}`

function versionLine({ version, by, at }: TermVersion, locale: Locale): string {
  const day = formatDay(at.toISOString().slice(0, 10), locale)
  const person = by === null ? null : asMrkdwn(by.name, mostName)
  return termWords[locale].version(version, day, person)
}
