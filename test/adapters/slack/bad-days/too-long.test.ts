import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FakeView, FieldValue, Sent } from '../../../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { term, wording } from '../../../support/terms.ts'
import { startWorkplace, type Workplace } from '../features/workplace.ts'

let place: Workplace
beforeEach(async () => {
  place = await startWorkplace({ terms: [term({ id: 'mql', en: wording({ name: 'MQL' }) })] })
})
afterEach(() => place.stop())

/** As long as Slack lets a message be, of a letter that takes more than a byte. */
const endless = 'è'.repeat(40_000)
const failed = () => place.logged.filter((line) => line.includes('a request of Slack failed'))

/** What Slack may be given as an answer, and shows whole. */
function expectShown(sent: Sent): void {
  expect(sent.status).toBe(200)
  for (const told of [sent.body, ...sent.responses.map(({ body }) => body)]) {
    if (typeof told !== 'object' || told === null) continue
    if ('text' in told) expect(String(told.text).length).toBeLessThanOrEqual(3_000)
    if ('blocks' in told) expect(faultsOf(messageBlocksSchema, told.blocks)).toEqual([])
  }
  expect(failed()).toEqual([])
}

describe('a command with 40,000 characters', () => {
  test.each([
    ['/handoff', ''],
    ['/handoff', 'find '],
    ['/handoff', 'returns '],
    ['/handoff', 'attempt '],
    ['/handoff', 'roles '],
    ['/handoff', 'help '],
    ['/glossary', ''],
    ['/glossary', 'add '],
    ['/glossary', 'edit '],
    ['/glossary', 'suggest '],
    ['/glossary', 'history '],
    ['/sla', ''],
    ['/sla', 'propose '],
    ['/sla', 'report '],
    ['/sla', 'route '],
    ['/sla', 'back '],
    ['/sla', 'webhooks '],
  ])('%s %s… has an answer', async (command, first) => {
    for (const user of ['U0ANNA', 'U0LUCA', 'U0SARA']) {
      for (const text of [endless, 'è '.repeat(20_000), '/'.repeat(40_000)]) {
        expectShown(
          await place.slack.sendCommand({
            user,
            command,
            text: `${first}${text}`.slice(0, 40_000),
          }),
        )
      }
    }
  })
})

const fields = (view: FakeView): { id: string; type: string; element: Record<string, unknown> }[] =>
  view.blocks.flatMap((block) => {
    const { element } = block
    return typeof element === 'object' && element !== null
      ? [
          {
            id: String(block.block_id),
            type: String(Reflect.get(element, 'type')),
            element: { ...element },
          },
        ]
      : []
  })

const firstOption = (element: Record<string, unknown>): string | null => {
  const [first] = Array.isArray(element.options) ? element.options : []
  return typeof first === 'object' && first !== null ? String(Reflect.get(first, 'value')) : null
}

const isText = ({ type }: { type: string }): boolean => type.endsWith('_input')

/** Of every choice the first, and a text in every field of text. */
const filled = (view: FakeView, text: (element: Record<string, unknown>) => string) =>
  Object.fromEntries(
    fields(view).flatMap(({ id, type, element }): [string, FieldValue][] => {
      if (isText({ type })) return [[id, text(element)]]
      return 'initial_option' in element ? [] : [[id, firstOption(element)]]
    }),
  )

/** Who is asked to fill in a form below. */
const whoFills = (name: string): string => {
  if (name === 'a new handoff' || name === 'a message') return 'U0BEN'
  return name.startsWith('a term') || name === 'a proposal' ? 'U0SARA' : 'U0ANNA'
}

describe('a form with 40,000 characters in every field', () => {
  const command = (text: string, name = '/handoff', user = 'U0SARA') =>
    place.slack.sendCommand({ user, command: name, text })

  const openers: Record<string, () => Promise<Sent>> = {
    'a new handoff': () => command('', '/handoff', 'U0BEN'),
    'a term to add': () => command('add', '/glossary'),
    'a term to edit': () => command('edit MQL', '/glossary'),
    'a suggestion': () => command('suggest MQL', '/glossary', 'U0ANNA'),
    'a proposal': () => command('propose', '/sla'),
    'a return': async () => {
      const { card } = await place.offer()
      return place.slack.clickButton({ user: 'U0ANNA', actionId: 'handoff.return', message: card })
    },
    'an attempt': async () => {
      const { card } = await place.offerAccepted()
      return place.slack.clickButton({ user: 'U0ANNA', actionId: 'handoff.attempt', message: card })
    },
    'an outcome': async () => {
      const { card, handoff } = await place.offerAccepted()
      const actionId = 'handoff.outcome'
      return place.slack.clickButton({ user: 'U0ANNA', actionId, value: handoff.id, message: card })
    },
    'a message': async () => {
      const { card } = await place.offer()
      const message = { ...card, text: endless }
      return place.slack.sendShortcut({
        user: 'U0BEN',
        callbackId: 'handoff.from_message',
        message,
      })
    },
  }

  test.each(Object.keys(openers))('that is %s says so under the fields', async (name) => {
    const opened = await openers[name]?.()
    expect(opened?.status).toBe(200)
    const view = await place.slack.nextView()
    const texts = fields(view).filter(isText)
    expect(texts.length).toBeGreaterThan(0)
    const user = whoFills(name)
    for (const { id } of texts) {
      const values = { ...filled(view, () => 'maria@example.com'), [id]: endless }
      const sent = await place.slack.submitView({ user, view, values })
      expectShown(sent)
      // a note beside a suggestion is cut: what it is about is whole
      if (name === 'a suggestion' && id === 'note') {
        const { proposals } = await place.world.termProposals.history('T0TEST', 'mql', 1)
        expect(proposals[0]?.note).toHaveLength(300)
        continue
      }
      expect(sent.body).toMatchObject({ response_action: 'errors' })
      const sentence: unknown = Reflect.get(Object(Reflect.get(Object(sent.body), 'errors')), id)
      expect(`${id}: ${sentence}`).toMatch(/: (?!undefined)./)
      expect(String(sentence).length).toBeLessThan(300)
    }
  })

  test.each(Object.keys(openers))(
    'that is %s is let in with as much as Slack lets write',
    async (name) => {
      await openers[name]?.()
      const view = await place.slack.nextView()
      const values = filled(view, ({ max_length: most }) => '漢'.repeat(Number(most ?? 3_000)))
      expectShown(await place.slack.submitView({ user: whoFills(name), view, values }))
    },
  )
})

describe('a term to look up', () => {
  test.each([
    'input/output',
    '/',
    'MQL/SQL',
    'x'.repeat(200),
    'à'.repeat(200),
    '?!…',
    '---',
    '***',
    '<!channel>',
    '\u0000',
    '🙂🙂🙂',
  ])('may be anything: %s', async (text) => {
    for (const [user, sentence] of [
      ['U0ANNA', /./],
      ['U0LUCA', /./],
    ] as const) {
      const sent = await place.slack.sendCommand({ user, command: '/glossary', text })
      expectShown(sent)
      // what a button brings along is not shown
      const told = JSON.stringify([sent.body, sent.responses], (key, value: unknown) =>
        key === 'value' ? undefined : value,
      )
      expect(told).toMatch(sentence)
      expect(told).not.toContain('<!channel>')
      expect(told.length).toBeGreaterThan(40)
    }
  })
})
