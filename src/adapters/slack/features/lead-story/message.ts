import type { SectionBlock } from '@slack/types'
import { cardWords } from '../../../../content/words/card.ts'
import { formWords } from '../../../../content/words/forms.ts'
import {
  chapterHeading,
  type StoryReader,
  standingWords,
  storyLine,
  storyWords,
} from '../../../../content/words/story.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import type { Lead } from '../../../../domain/lead.ts'
import type { Chapter, FoundLead } from '../../../../domain/story.ts'
import type { ToldStory } from '../../../../use-cases/lead-story.ts'
import {
  about,
  actions,
  button,
  context,
  header,
  limits,
  type Message,
  message,
  plain,
  plainSection,
  section,
} from '../../blocks.ts'
import { asMrkdwn, asPlain, cut, oneLine } from '../../text.ts'
import type { Block, FormView } from '../feature.ts'

/** Who reads, and in which zone; `inForce` is for what no round has an agreement of its own for. */
export interface StoryView {
  locale: Locale
  zone: string
  now: Date
  inForce: Agreement
}

/** How much of a story is shown at once: a message is read in a channel, a window by itself. */
interface Room {
  blocks: number
  characters: number
  /** How long what people wrote may be: a window has in full what a card folds. */
  text: number
}
const inMessage: Room = { blocks: limits.blocks, characters: 10_000, text: 300 }
const inWindow: Room = { blocks: 100, characters: 40_000, text: 2_500 }

/** What people wrote, and what they are called, as long as a line can bear it. */
const mostText = 300
const mostName = 80
const mostLine = 1_000

const shortTo =
  (most: number) =>
  (text: string): string =>
    cut(oneLine(text), most)

const short = shortTo(mostText)

/** The story of a lead, its newest part where all of it would be too long. */
export function buildStoryMessage(told: ToldStory, view: StoryView): Message {
  const { known, rounds } = told.story
  const last = rounds.at(-1)?.handoff
  const shown = storyBlocks(told, view, inMessage)
  const title = leadTitle(known.lead)
  const more =
    shown.whole || last === undefined
      ? []
      : [button('lead.history', cardWords[view.locale].more.history, last.id)]
  const text = [title, standing(told, view)].join(': ')
  return message(asMrkdwn(text, limits.message), [header(title), ...shown.blocks, ...actions(more)])
}

/** The same in a window, which has room for more. */
export function buildStoryWindow(told: ToldStory, view: StoryView): FormView {
  const { blocks } = storyBlocks(told, view, inWindow)
  return {
    type: 'modal',
    title: plain(storyWords[view.locale].title, limits.viewTitle),
    close: plain(formWords[view.locale].close, limits.viewTitle),
    blocks: [header(leadTitle(told.story.known.lead)), ...blocks],
  }
}

/** Leads that a search may have meant, each with a button to its story. */
export function buildFound(
  { leads, more }: { leads: readonly FoundLead[]; more: boolean },
  sought: string,
  locale: Locale,
): Message {
  const words = storyWords[locale]
  const title = words.found(short(sought))
  const text = [title, ...leads.map(({ lead }) => leadTitle(lead))].join(' ')
  return message(asMrkdwn(text, limits.message), [
    plainSection(title),
    ...leads.map((found) => foundRow(found, locale)),
    ...context(more ? [plain(words.moreFound)] : []),
  ])
}

/** Who it is, how it stands, and a button to its story; without a handoff there is none to show. */
function foundRow(found: FoundLead, locale: Locale): SectionBlock {
  const { lead, last } = found
  const stands = [lead.email, standingWords(found, { locale, short })].filter(isTold).join(' · ')
  const row = textSection(
    [leadTitle(lead), stands].map((line) => asPlain(line, mostLine)).join('\n'),
  )
  if (last === null) return row
  const { history } = cardWords[locale].more
  const whole = button('lead.history', history, last.handoffId)
  return { ...row, accessory: about(whole, leadTitle(lead)) }
}

const isTold = (part: string): boolean => part !== ''

/** Nothing was found, or nothing was sought: what to try. */
export function buildNotFound(sought: string | null, locale: Locale): Message {
  const { notFound, howToFind } = storyWords[locale]
  const lines = [...(sought === null ? [] : [notFound(short(sought))]), howToFind]
  return message(asMrkdwn(lines.join(' '), limits.message), lines.map(plainSection))
}

/** Name and company. */
function leadTitle({ name, company }: Lead): string {
  const known = typeof company.name === 'string' ? [company.name] : []
  return [name, ...known].map((part) => cut(oneLine(part), mostName)).join(', ')
}

/** How the lead stands, and how often it was handed over. */
function standing({ story }: ToldStory, { locale }: StoryView): string {
  const { known, rounds, olderRounds } = story
  const last = rounds.at(-1)?.handoff
  const found = { ...known, last: last ? { handoffId: last.id, owner: last.owner } : null }
  return [
    known.lead.email,
    standingWords(found, { locale, short }),
    storyWords[locale].rounds(rounds.length + olderRounds),
  ]
    .filter(isTold)
    .join(' · ')
}

/** What stands around the chapters: title, standing, what is left out, button. */
const around = { blocks: 4, characters: 1_000 } as const

/** The newest chapters that there is room for; of the newest one as much as there is room for. */
function storyBlocks(
  told: ToldStory,
  view: StoryView,
  room: Room,
): { blocks: Block[]; whole: boolean } {
  const newestFirst = told.chapters.toReversed()
  const shown: Drawn[] = []
  let { blocks, characters } = room
  blocks -= around.blocks
  characters -= around.characters
  for (const chapter of newestFirst) {
    const most = shown.length === 0 ? characters : Number.POSITIVE_INFINITY
    const drawn = draw(chapter, told, view, { characters: most, text: room.text })
    blocks -= drawn.blocks.length
    characters -= drawn.characters
    if (blocks < 0 || characters < 0) break
    shown.unshift(drawn)
  }
  const leftOut = newestFirst.slice(shown.length)
  const older = told.story.olderRounds + leftOut.filter(({ round }) => round !== null).length
  return {
    blocks: [
      plainSection(standing(told, view)),
      ...context(older === 0 ? [] : [plain(storyWords[view.locale].olderRounds(older))]),
      ...shown.flatMap((drawn) => drawn.blocks),
    ],
    whole: older === 0 && leftOut.length === 0 && shown.every((drawn) => drawn.whole),
  }
}

interface Drawn {
  blocks: Block[]
  characters: number
  whole: boolean
}

/** A chapter with its newest lines, as many as `most` characters hold. */
function draw(
  chapter: Chapter,
  { agreements }: ToldStory,
  { locale, zone, now, inForce }: StoryView,
  most: Pick<Room, 'characters' | 'text'>,
): Drawn {
  const { round, entries } = chapter
  const agreement = agreements.get(round?.handoff.agreementVersion ?? 0) ?? inForce
  const reader: StoryReader = { locale, zone, short: shortTo(most.text) }
  const near = round?.handoff.createdAt ?? now
  const heading = `*${asMrkdwn(chapterHeading(chapter, agreement, reader), mostText)}*`
  const lines = entries.map((entry) =>
    asPlain(storyLine(entry, { ...reader, agreement, near }), limits.section),
  )
  const kept = newestWithin(lines, most.characters - heading.length - around.characters)
  const whole = kept.length === lines.length && (round?.olderEvents ?? 0) === 0
  const told = whole ? kept : [storyWords[locale].earlier, ...kept]
  return {
    blocks: [section(heading), ...linesSections(told)],
    characters: heading.length + told.join('\n').length,
    whole,
  }
}

/** The last of the lines, as many as `most` characters hold. */
function newestWithin(lines: readonly string[], most: number): string[] {
  let room = most
  const first = lines.findLastIndex((line) => {
    room -= line.length + 1
    return room < 0
  })
  return lines.slice(first + 1)
}

/** Lines of plain text in as few sections as Slack's limit allows. */
function linesSections(lines: readonly string[]): Block[] {
  const texts: string[] = []
  for (const line of lines) {
    const longer = [...texts.slice(-1), line].join('\n')
    if (longer.length > limits.section) texts.push(line)
    else texts.splice(-1, 1, longer)
  }
  return texts.map(textSection)
}

/** Lines that have gone through `asPlain`, each on its own. */
const textSection = (text: string): SectionBlock => ({
  type: 'section',
  text: { type: 'plain_text', text, emoji: false },
})
