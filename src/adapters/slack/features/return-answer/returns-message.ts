import type { Button, KnownBlock } from '@slack/types'
import { cardWords } from '../../../../content/words/card.ts'
import { formatDay, formatInstant } from '../../../../content/words/format.ts'
import { noticeWords } from '../../../../content/words/notices.ts'
import { returnsWords } from '../../../../content/words/returns.ts'
import { type Agreement, type Locale, sides } from '../../../../domain/agreement.ts'
import type { Actor } from '../../../../domain/decide/decision.ts'
import { type DeadlineKind, deadlineOf, type Handoff } from '../../../../domain/handoff.ts'
import { mayAnswerReturns, rulesFor } from '../../../../domain/person.ts'
import {
  about,
  actions,
  button,
  context,
  header,
  type Message,
  message,
  plain,
  section,
} from '../../blocks.ts'
import { leadTitle } from '../../messages/card-facts.ts'
import { factsOfReturn } from '../../messages/card-return.ts'
import { asMrkdwn, link } from '../../text.ts'

/** A returned lead with the terms it was handed over under, and where its card can be opened. */
export interface Entry {
  handoff: Handoff
  agreement: Agreement
  url: string | undefined
}

/** Those that are shown, and how many more there are. */
interface Part {
  entries: Entry[]
  more: number
}

export interface Groups {
  toAnswer: Part
  contested: Part
  ready: Part
  /** Leads that are not ready yet. */
  waiting: number
}

interface ListView {
  /** Who reads it: only what they may do has a button. */
  actor: Actor
  locale: Locale
  zone: string
  now: Date
  /** Whether all were counted. */
  isWhole: boolean
}

const mostTitle = 80
const mostFact = 300

/** What is back with marketing: to answer, contested, ready again, and how many are not yet. */
export function buildReturnsList(groups: Groups, view: ListView): Message {
  const words = returnsWords[view.locale].list
  const parts = (['toAnswer', 'contested', 'ready'] as const)
    .map((name) => ({ name, ...groups[name] }))
    .filter(({ entries, more }) => entries.length + more > 0)
  const waiting = groups.waiting === 0 ? [] : [words.waiting(groups.waiting, !view.isWhole)]
  if (parts.length + waiting.length === 0) return message(words.empty)
  const told = parts.map(({ name, entries, more }) => {
    const names = entries.map(({ handoff }) => asMrkdwn(leadTitle(handoff, mostTitle), mostFact))
    return `${words[name]}: ${[...names, ...(more === 0 ? [] : [words.more(more)])].join('; ')}.`
  })
  return message([words.title, ...told, ...waiting].join('\n'), [
    header(words.title),
    ...parts.flatMap(({ name, entries, more }) => [
      section(`*${words[name]}*`),
      ...entries.flatMap((entry) => blocksOf(name, entry, view)),
      ...context(more === 0 ? [] : [plain(words.more(more))]),
    ]),
    ...context(waiting.map((text) => plain(text))),
  ])
}

type Name = 'toAnswer' | 'contested' | 'ready'

/** A lead in a few lines, with what the reader may do now. */
function blocksOf(name: Name, entry: Entry, view: ListView): KnownBlock[] {
  const lines = [
    headline(entry, view),
    ...[...standings[name](entry, view), ...saidOf[name](entry, view)].map((line) =>
      asMrkdwn(line, mostFact),
    ),
  ]
  const told = section(lines.join('\n'))
  const title = leadTitle(entry.handoff, mostTitle)
  const buttons = buttonsOf(name, entry.handoff, view).map((one) => about(one, title))
  const [only, ...others] = buttons
  return only !== undefined && others.length === 0
    ? [{ ...told, accessory: only }]
    : [told, ...actions(buttons)]
}

/** Who it is, under which status, in which round. */
function headline({ handoff, url }: Entry, { locale }: ListView): string {
  const title = leadTitle(handoff, mostTitle)
  const opened = url === undefined ? undefined : link(url, title)
  const { round, leadStatus } = handoff
  return [
    `*${opened ?? asMrkdwn(title, mostFact)}*: ${asMrkdwn(leadStatus, mostFact)}`,
    ...(round === 1 ? [] : [cardWords[locale].round(round)]),
  ].join('. ')
}

type Lines = (entry: Entry, view: ListView) => string[]

/** By when it is to be done, and by whom; or since when it can be. */
const standings: Record<Name, Lines> = {
  toAnswer: ({ handoff }, view) => due('return-answer', handoff, view),
  contested: ({ handoff }, view) => [awaited(handoff, view), ...due('ruling', handoff, view)],
  ready: ({ handoff: { returned } }, view) =>
    returned?.readySince
      ? [cardWords[view.locale].readySince(when(returned.readySince, view))]
      : [],
}

/** What was said: by sales, by marketing, or what it waited for. */
const saidOf: Record<Name, Lines> = {
  toAnswer: ({ handoff: { returned, leadStatus }, agreement }, { locale }) =>
    returned === null ? [] : factsOfReturn(returned, leadStatus, { agreement, locale }),
  contested: ({ handoff: { returned } }, { locale }) =>
    returned?.contest ? [cardWords[locale].contestedWhy(returned.contest.why)] : [],
  ready: ({ handoff: { returned } }, { locale }) => {
    const { readyOn, readyWhen } = returned ?? {}
    const words = cardWords[locale]
    return [
      ...(readyOn ? [words.readyOn(formatDay(readyOn, locale))] : []),
      ...(readyWhen ? [words.readyWhen(readyWhen)] : []),
    ]
  },
}

const when = (at: Date, { locale, zone, now }: ListView): string =>
  formatInstant(at, locale, zone, now)

function due(kind: DeadlineKind, handoff: Handoff, view: ListView): string[] {
  const clock = deadlineOf(handoff, kind)
  if (clock === undefined) return []
  const { by, late } = cardWords[view.locale].due[kind]
  return [(clock.dueAt < view.now ? late : by)(when(clock.dueAt, view))]
}

/** Whose ruling is awaited. */
function awaited({ returned }: Handoff, { locale }: ListView): string {
  const words = cardWords[locale]
  const votes = returned?.contest?.votes ?? []
  const [side, ...others] = sides.filter((one) => !votes.some((vote) => vote.side === one))
  if (side === undefined) return words.disagreed
  return others.length > 0 ? words.rulingAwaited : words.rulingAwaitedOf[side]
}

function buttonsOf(name: Name, handoff: Handoff, { actor, locale }: ListView): Button[] {
  const words = noticeWords[locale]
  const { id } = handoff
  if (name === 'contested') {
    return mayRule(actor, handoff)
      ? [
          button('return.uphold', words.uphold, id),
          button('return.overturn', words.overturn, id),
          button('return.clarify', words.clarify, id),
        ]
      : []
  }
  if (!mayAnswerReturns(actor.role)) return []
  return name === 'toAnswer'
    ? [button('return.acknowledge', words.acknowledge, id)]
    : [button('return.again', cardWords[locale].handOverAgain, id)]
}

/** A manager or an admin without a part in it, whose ruling would change something. */
export function mayRule({ person, role }: Actor, { returned }: Handoff): boolean {
  const contest = returned?.contest
  if (!contest || (rulesFor(role) === null && role !== 'admin')) return false
  if ([returned.by.id, contest.by.id].includes(person.id)) return false
  const own = contest.votes.some(({ by }) => by.id === person.id)
  return !own || contest.votes.length === 2
}
