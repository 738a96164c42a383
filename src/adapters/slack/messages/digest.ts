import { bulletinWords } from '../../../content/words/bulletins.ts'
import { cardWords } from '../../../content/words/card.ts'
import { formatInstant } from '../../../content/words/format.ts'
import { digestLists } from '../../../domain/bulletin.ts'
import { pressingDeadline } from '../../../domain/handoff.ts'
import type { Digest } from '../../../use-cases/ports/bulletins.ts'
import { context, type Message, message, mrkdwn, section } from '../blocks.ts'
import { asMrkdwn, link } from '../text.ts'
import { leadTitle } from './card-facts.ts'

const mostTitle = 80
/** Of a name that is no link. */
const mostLabel = 160

/** The digest of somebody's morning, in their language and by their clock: what is due first. */
export function buildDigest(digest: Digest): Message {
  const { reader, entries, total, late } = digest
  const words = bulletinWords[reader.locale].digest
  const title = `*${words.title(total - late, late)}*`
  const lists = digestLists
    .map((list) => ({ list, of: entries.filter((entry) => entry.list === list) }))
    .filter(({ of }) => of.length > 0)
    .map(({ list, of }) =>
      [words.lists[list], ...of.map((entry) => `•  ${line(entry, digest)}`)].join('\n'),
    )
  const left = total - entries.length
  const more = left > 0 ? [words.more(left)] : []
  return message([title, ...lists, ...more].join('\n'), [
    section(title),
    ...lists.map((text) => section(text)),
    ...context(more.map((text) => mrkdwn(text))),
  ])
}

/** Who it is, with the way to the card, and what is due when. */
function line(
  { handoff, url }: Digest['entries'][number],
  { reader: { locale }, zone, now }: Digest,
): string {
  const words = cardWords[locale]
  const title = words.title(handoff.priority, leadTitle(handoff, mostTitle))
  const shown = (url && link(url, title)) ?? asMrkdwn(title, mostLabel)
  const deadline = pressingDeadline(handoff)
  if (deadline === undefined) return shown
  const { by, late } = words.due[deadline.kind]
  const when = formatInstant(deadline.dueAt, locale, zone, now)
  return `${shown} · ${(deadline.dueAt < now ? late : by)(when)}`
}
