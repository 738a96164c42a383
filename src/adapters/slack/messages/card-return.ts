import { type CardWords, cardWords, leadFieldNames } from '../../../content/words/card.ts'
import { formatDay, sayInstant } from '../../../content/words/format.ts'
import { rulingNames } from '../../../content/words/notices.ts'
import { type Agreement, type Locale, sides } from '../../../domain/agreement.ts'
import { calendarDateIn } from '../../../domain/business-time.ts'
import {
  type Contest,
  deadlineOf,
  isBack,
  type PreviousRound,
  type ReturnFacts,
} from '../../../domain/handoff.ts'
import { asMrkdwn, cut, mention } from '../text.ts'
import { dateStyle, longest, type StateLine, type Telling } from './card-telling.ts'
import { isHandedOverAgain } from './return-standing.ts'

/** What a card tells of returns: this one, what became of it, and the round before. */

interface Terms {
  agreement: Agreement
  locale: Locale
}

/** What the agreement calls them; what it does not know goes by its id. */
const reasonName = ({ agreement, locale }: Terms, reason: string): string | undefined =>
  agreement.return_reasons.find(({ id }) => id === reason)?.name[locale]

/** Of a field that no list has the note says which it is. */
const fieldName = ({ locale }: Terms, field: ReturnFacts['field']): string | null =>
  field === null || field === 'other' ? null : leadFieldNames[locale][field]

/** Text, if there is any, in words. */
const told = (
  text: string | null,
  say: (text: string) => string,
  max: number = longest.reason,
): string[] => (text === null ? [] : [say(cut(text, max))])

/** The parts of a return that the status does not say already. */
export function factsOfReturn(
  returned: ReturnFacts,
  status: string,
  terms: Terms,
  /** How long what people wrote may be. */
  most: number = longest.reason,
): string[] {
  const { agreement, locale } = terms
  const words = cardWords[locale]
  const reason = reasonName(terms, returned.reason)
  const saidAlready = reason === undefined || status.toLowerCase().includes(reason.toLowerCase())
  const criterion = agreement.icp.find(({ id }) => id === returned.criterion)
  const agreed = criterion?.agreed?.[locale] ?? null
  return [
    ...(saidAlready ? [] : [words.reason(reason)]),
    ...told(returned.readyOn && formatDay(returned.readyOn, locale), words.readyOn),
    ...told(returned.readyWhen, words.readyWhen, most),
    ...told(criterion?.name[locale] ?? returned.criterion, (name) => words.criterion(name, agreed)),
    ...told(fieldName(terms, returned.field), words.field),
    ...told(returned.duplicateOf, words.duplicateOf),
    ...told(returned.note, words.note, most),
  ]
}

/**
 * Why the lead is back, and what is said about that, in the words of those who said it: in short,
 * since the thread has all of it.
 */
export function returnFacts({ handoff, view, words }: Telling): string[] {
  const { status, leadStatus, returned } = handoff
  if (!isBack(status) || returned === null) return []
  const contest = returned.answer === 'contested' ? returned.contest : null
  return [
    ...factsOfReturn(returned, leadStatus, view, longest.folded),
    ...(contest === null ? [] : wordsOfContest(contest, words)),
  ]
}

/** Two who rule in the same words are quoted once. */
function wordsOfContest({ why, votes }: Contest, words: CardWords): string[] {
  const quoted = new Set<string>()
  return [
    words.contestedWhy(cut(why, longest.folded)),
    ...votes.flatMap(({ side, words: said }) => {
      if (said === null || quoted.has(said)) return []
      quoted.add(said)
      return [words.voteWords(side, cut(said, longest.folded))]
    }),
  ]
}

/** Under what a lead is back, whose turn it is, and what has been said to it. */
export function returnLines(telling: Telling, due: readonly StateLine[]): StateLine[] {
  const { handoff, words } = telling
  const { leadStatus, returned, owner } = handoff
  const strong = asMrkdwn(leadStatus, longest.fact)
  if (returned === null) {
    return [
      owner === null ? { strong } : { strong: `${strong}.`, rest: words.owner(mention(owner)) },
    ]
  }
  const by = mention(returned.by)
  const status: StateLine =
    handoff.status === 'unresponsive'
      ? { strong: `${strong}.`, rest: words.returnedBy(by) }
      : { strong, rest: words.by(by) }
  if (isHandedOverAgain(handoff)) return [status, { rest: words.handedOverAgain }]
  const { answer, contest, readySince } = returned
  return [
    status,
    ...(readySince === null
      ? []
      : [{ strong: words.readySince(sayInstant(readySince, dateStyle(telling))) }]),
    ...due,
    ...(answer === 'acknowledged' ? [{ rest: words.acknowledged }] : []),
    ...(contest === null ? [] : contestLines(contest, telling)),
  ]
}

/** Who contests, who has ruled how, and whose ruling is awaited. */
function contestLines({ by, votes, ruling }: Contest, telling: Telling): StateLine[] {
  const { handoff, view, words } = telling
  const names = rulingNames[view.locale]
  const contested: StateLine = { rest: words.contestedBy(mention(by)) }
  if (ruling !== null) {
    const judges = votes.map((vote) => mention(vote.by))
    return [contested, { strong: capital(names[ruling]), rest: `(${words.ruledBy(judges)}).` }]
  }
  const [first, second] = votes.map(
    (vote): StateLine => ({ rest: words.vote(vote.side, names[vote.ruling], mention(vote.by)) }),
  )
  if (first === undefined) {
    // With a clock the line above says so.
    const timed = deadlineOf(handoff, 'ruling') !== undefined
    return [contested, ...(timed ? [] : [{ rest: words.rulingAwaited }])]
  }
  if (second !== undefined) return [contested, { strong: words.disagreed }, first, second]
  const awaited = sides.find((side) => votes.every((vote) => vote.side !== side))
  return [
    contested,
    first,
    ...(awaited === undefined ? [] : [{ rest: words.rulingAwaitedOf[awaited] }]),
  ]
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Which round this is, how the one before it ended, and what marketing says is different now. */
export function roundFacts({ handoff, view, words }: Telling): string[] {
  const { round, previous, whatChanged } = handoff
  if (round < 2) return []
  const before = previous === null ? [] : [sayRound(previous, view, words)]
  return [
    [words.round(round), ...before].join(' '),
    ...told(whatChanged, words.whatChanged, longest.folded),
  ]
}

function sayRound(
  previous: PreviousRound,
  view: Terms & { zone: string },
  words: CardWords,
): string {
  const { reason, leadStatus, at } = previous
  if (reason === '') return words.endedAs(cut(leadStatus, longest.fact))
  const day = formatDay(calendarDateIn(at, view.zone), view.locale)
  const said = inShort(previous, view, words).join('; ')
  const name = cut(reasonName(view, reason) ?? leadStatus, longest.fact)
  return words.returnedOn(day, said === '' ? name : `${name}: ${said}`)
}

/** What a return said, in a few words each. */
function inShort(said: ReturnFacts, terms: Terms, { inShort: words }: CardWords): string[] {
  const { agreement, locale } = terms
  const criterion = agreement.icp.find(({ id }) => id === said.criterion)?.name[locale]
  const short = (text: string | null, say: (text: string) => string): string[] =>
    told(text, say, longest.fact)
  const asItIs = (text: string): string => text
  return [
    ...short(said.readyWhen, asItIs),
    ...short(said.readyOn && formatDay(said.readyOn, locale), words.readyOn),
    ...short(criterion ?? said.criterion, words.criterion),
    ...short(fieldName(terms, said.field), asItIs),
    ...short(said.duplicateOf, words.duplicateOf),
    ...short(said.note, asItIs),
  ]
}
