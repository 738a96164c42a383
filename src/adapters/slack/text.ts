/**
 * Text that others wrote, on its way into Slack. Slack has no escape for its markup, so what would
 * format, link or mention is replaced by a look-alike or held apart by an invisible word joiner.
 */

const joiner = '\u2060'
const ellipsis = '…'

/** Invisible characters that turn text around, hide it or split it where nobody sees. */
const invisible = /[\p{Bidi_Control}\u00AD\u180E\u200B\u2060-\u2064\uFEFF\uFFF9-\uFFFB]/gu
const blank = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Well-formed text on one line, without control and invisible characters. */
export const oneLine = (text: string): string =>
  text.toWellFormed().replace(invisible, '').replace(blank, ' ').trim()

/**
 * The text with `encode` done to it and at most `max` UTF-16 units long: cut between graphemes,
 * with an ellipsis. `encode` works on each grapheme alone.
 */
export function cut(
  text: string,
  max: number,
  encode: (part: string) => string = (part) => part,
): string {
  const whole = encode(text)
  if (whole.length <= max) return whole
  const fits = longestThat(text.length, (length) => {
    return encode(text.slice(0, length)).length <= max - ellipsis.length
  })
  const end = graphemes.segment(text).containing(fits)?.index ?? 0
  return `${encode(text.slice(0, end)).trimEnd()}${ellipsis}`
}

/** The greatest length up to `most` that fits, where all below it do. */
function longestThat(most: number, fits: (length: number) => boolean): number {
  let [known, beyond] = [0, most + 1]
  while (beyond - known > 1) {
    const middle = Math.floor((known + beyond) / 2)
    if (fits(middle)) known = middle
    else beyond = middle
  }
  return known
}

/** Keeps clients that look for addresses from making links of their own. */
const withoutLinks = (text: string): string =>
  text.replace(/:\/\//g, `:${joiner}//`).replace(/\b(www)\./gi, `$1${joiner}.`)

/**
 * For a plain_text object: one line, cut to `max`, no link. Slack neither formats nor mentions
 * there; the joiner keeps it so where the text is quoted elsewhere.
 */
export const asPlain = (text: string, max: number): string =>
  cut(withoutLinks(oneLine(text)).replace(/<(?=\S)/g, `<${joiner}`), max)

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => entities[character] ?? character)

/** Slack formats with these; an underscore only at the edge of a word. */
const withoutMarkup = (text: string): string =>
  text
    .replace(/\*/g, '∗')
    .replace(/~/g, '∼')
    .replace(/`/g, 'ˋ')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replace(/^>/, '›')
    .replace(/:(?=[\w+'-]+:)/g, `:${joiner}`)
    .replace(/@(?=(?:channel|here|everyone)\b)/gi, `@${joiner}`)

/** For mrkdwn: one line, shown as it reads; at most `max` characters once escaped. */
export const asMrkdwn = (text: string, max: number): string =>
  cut(withoutMarkup(withoutLinks(oneLine(text))), max, escaped)

/** A whole sentence for mrkdwn, shown as it reads. */
export const escapeText = (text: string): string => asMrkdwn(text, 3_000)

/** A person in mrkdwn: a mention where their Slack id is known, else their name. */
export const mention = (person: { slackId: string | null; name: string }): string =>
  person.slackId !== null && /^[UW][A-Z0-9]+$/.test(person.slackId)
    ? `<@${person.slackId}>`
    : asMrkdwn(person.name, 80)

const maxUrl = 2_000

/** A link in mrkdwn with our own label; undefined for what is no http(s) address. */
export function link(url: string, label: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, href } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  const address = escaped(href.replace(/[|<>\s]/g, (character) => encodeURIComponent(character)))
  return address.length > maxUrl ? undefined : `<${address}|${asMrkdwn(label, 80)}>`
}
