import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { locales } from '../../../src/domain/agreement.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../support/slack-limits.ts'
import { gallery, type Shown } from './gallery.ts'
import { controlsIn, drawn, textsIn } from './messages/showing.ts'

const root = new URL('../../../src/adapters/slack/', import.meta.url)

/** Every builder of a message or a view that a file of the adapter gives out. */
const builders = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => [
    ...readFileSync(new URL(file, root), 'utf8').matchAll(
      /^export (?:async )?(?:function|const) (build\w+)/gm,
    ),
  ])
  .map(([, name]) => name ?? '')

test('every builder has its place in the gallery', () => {
  expect(Object.keys(gallery).sort()).toEqual([...new Set(builders)].sort())
})

/** What the examples were given: words of leads and of the agreement, which nobody translates. */
const given = [
  /Asked for a quote for two presses[^.»”]*\.?/g,
  /Ben Marsh|Officine Verdi|manufacturing|Plant manager|Returned – [\w ]+|Unresponsive|New/g,
  /the budget is approved|The budget is approved|budget next year|The budget was approved last week/gi,
  /It was approved|A budget counts once it is approved|Wants it by June|They chose a used press/g,
  /Five people|That of a bakery|Easier to read|A lead that is warm\.|What warm means\./g,
  /Maria called twice\.|Warm lead|Closed lost|Closed won|Marketing and sales at Acme/g,
]
/** What is the same in both languages: what is typed, and addresses. */
const typed = [
  /`[^`]*`/g,
  /\/(?:handoff|sla|glossary)(?: \w+)?/g,
  /<[^>]*>|\S+@\S+|https?:\/\/\S+/g,
]

const ownWords = (text: string): string =>
  [...given, ...typed].reduce((rest, known) => rest.replace(known, ' '), text)

const english =
  /\b(the|and|of|to|is|are|was|were|with|for|by|on|not|from|until|since|this|that|who|what|when|will|your|you|has|have|been|please)\b/i

const names =
  /^(SQL|MQL|ICP|SLA|CRM|CSV|Slack|Baton|LinkedIn|HubSpot|Salesforce|URL|CET|Maria|Verdi|Officine)\b/

/** Title Case: a word in the middle that begins with a capital and is no name. */
const shouts = (label: string): boolean =>
  label
    .split(/[.:?]\s+|\s+/)
    .slice(1)
    .some(
      (word, place, words) =>
        /^\p{Lu}\p{Ll}/u.test(word) && !names.test(word) && place < words.length,
    )

const linesOf = ({ text, blocks = [] }: Shown): string[] => [
  ...(text === undefined ? [] : [text]),
  ...textsIn(blocks).map(({ text: told }) => told),
]

const everything = Object.entries(gallery).flatMap(([builder, examples]) =>
  locales.flatMap((locale) =>
    Object.entries(examples(locale)).map(
      ([name, shown]) => [`${builder}, ${name} (${locale})`, { shown, locale }] as const,
    ),
  ),
)

describe.each(everything)('%s', (_, { shown, locale }) => {
  const isView = shown.type !== undefined

  test('is within what Slack takes', () => {
    const faults = isView
      ? faultsOf(viewSchema, shown)
      : faultsOf(messageBlocksSchema, shown.blocks ?? [])
    expect(faults).toEqual([])
  })

  test('reads well', () => {
    const { text, blocks = [] } = shown
    const titled = textsIn(isView ? { ...shown, blocks: [] } : {}).map((one) => one.text)
    expect([text ?? titled.join(' | '), ...drawn(blocks)].join('\n')).toMatchSnapshot()
  })

  test('is written as everything of Baton is', () => {
    for (const line of linesOf(shown)) {
      expect(line.trim()).not.toBe('')
      expect(line).not.toMatch(/(?<!•) {2,}/)
      expect(line).not.toMatch(/\p{Extended_Pictographic}/u)
      expect(line).not.toMatch(/\b(undefined|null|NaN)\b|\[object/)
      if (locale === 'it') expect(ownWords(line)).not.toMatch(english)
    }
    for (const { label } of controlsIn(shown.blocks)) expect(shouts(label), label).toBe(false)
  })

  test('is whole for those who hear it', () => {
    const heard = controlsIn(shown.blocks).map(({ spoken, does }) => [spoken, does] as const)
    for (const [spoken, does] of heard) {
      expect(heard.filter(([other]) => other === spoken).every(([, same]) => same === does)).toBe(
        true,
      )
    }
    if (isView) return
    expect(shown.text ?? '').not.toBe('')
    // A deadline that is drawn is told as well.
    const dates = linesOf({ blocks: shown.blocks }).flatMap(
      (line) => line.match(/<!date\^[^>]*>/g) ?? [],
    )
    for (const date of dates) expect(shown.text).toContain(date)
  })
})
