import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../../../src/adapters/glossary-file.ts'
import {
  buildGlossaryList,
  buildNearest,
  buildTerm,
  buildUnknownTerm,
} from '../../../../src/adapters/slack/features/glossary/messages.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { sara } from '../../../support/builders.ts'
import type { FakeMessage } from '../../../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { startWorkplace, type Workplace } from './workplace.ts'

const terms = shippedGlossary()

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace({ terms })
})
afterEach(() => place.stop())

const ask = async (user: string, text = '') => {
  const sent = await place.slack.sendCommand({ user, command: '/glossary', text })
  expect(sent).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
  expect(place.slack.messages('C0SQL')).toEqual([])
  return JSON.stringify(sent.body)
}

describe('/glossary', () => {
  test('lists the ten terms with those below them', async () => {
    const list = await ask('U0ANNA')
    expect(list).toContain('5. *Lifecycle stage*')
    expect(list).toContain('Marketing qualified lead')
    expect(list).toContain('10. *Connect attempt*')
  })

  test('answers in the language of the one who asks, by name, alias or abbreviation', async () => {
    expect(await ask('U0ANNA', 'MQL')).toContain('*Marketing qualified lead* (MQL)')
    expect(await ask('U0LUCA', 'what is an MQL?')).toContain('*Lead qualificato dal marketing*')
    expect(await ask('U0LUCA', 'punteggio')).toContain('*Punteggio del lead*')
  })

  test('an unknown term names the nearest, and whom to suggest it to', async () => {
    const nearest = await ask('U0ANNA', 'servise level agrement')
    expect(nearest).toContain('Did you mean')
    expect(nearest).toContain('"action_id":"glossary.show"')
    expect(nearest).toContain('Suggest it to <@U0SARA> and <@U0MARIO>.')
    const unknown = await ask('U0ANNA', 'zzzzzz <!here> @channel')
    expect(unknown).toContain('nor one like it')
    expect(unknown).toContain('zzzzzz &lt;!here&gt;')
    expect(unknown).toContain('Suggest it to')
  })

  test.each(['x'.repeat(30_000), '\u0000', '\ud800', '!!!', '🙂', '__proto__'])(
    'any text has an answer (%#)',
    async (text) => {
      await ask('U0ANNA', text)
    },
  )
})

describe('the buttons of an answer', () => {
  const anAnswer: FakeMessage = {
    channel: 'C0SQL',
    ts: '1.1',
    user: 'U0BATON',
    text: '',
    blocks: [],
    ephemeralTo: 'U0ANNA',
    updates: 0,
  }
  const click = (user: string, actionId: string, value: string) =>
    place.slack.clickButton({ user, actionId, value, message: anAnswer })

  test('"show" answers the one who asked', async () => {
    const sent = await click('U0ANNA', 'glossary.show', 'sla:it')
    expect((await sent.nextResponse()).body).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('*Accordo sul livello di servizio*'),
    })
  })

  test('"share" posts it for all, with the name of who shared it', async () => {
    const sent = await click('U0ANNA', 'glossary.share', 'mql:en')
    const { body } = await sent.nextResponse()
    expect(body).toMatchObject({ response_type: 'in_channel', replace_original: false })
    expect(JSON.stringify(body)).toContain('Shared by <@U0ANNA>')
    expect(JSON.stringify(body)).not.toContain('glossary.share')
  })

  test('a share that is replayed is posted once', async () => {
    const posts: string[] = []
    const body = {
      type: 'block_actions',
      team: { id: place.slack.teamId },
      user: { id: 'U0ANNA', name: 'anna' },
      trigger_id: '7.7',
      channel: { id: 'C0SQL' },
      actions: [{ type: 'button', action_id: 'glossary.share', block_id: 'b', value: 'mql:en' }],
    }
    const ack = async () => void posts.push('acknowledged')
    await place.app.processEvent({ body, ack })
    await place.app.processEvent({ body, ack })
    expect(posts).toHaveLength(2)
    expect(place.slack.callsOf('chat.postMessage')).toHaveLength(1)
  })

  test.each(['gone:en', 'mql', 'mql:xx', ':', '', 'mql:en:it'])(
    'a button of no term (%j) says so',
    async (value) => {
      const sent = await click('U0ANNA', 'glossary.share', value)
      expect((await sent.nextResponse()).body).toMatchObject({
        response_type: 'ephemeral',
        text: expect.stringMatching(/not in the glossary any more/),
      })
    },
  )
})

describe.each(locales)('the answers (%s)', (locale) => {
  const missing = { query: 'servise', locale, keepers: [sara] }

  test('keep within the limits of Slack for every term', () => {
    const messages = [
      buildGlossaryList(terms, locale),
      ...terms.map((term) => buildTerm(term, { terms, locale })),
      ...terms.map((term) => buildTerm(term, { terms, locale, sharedBy: sara })),
      buildNearest(terms.slice(0, 3), missing),
      buildUnknownTerm(missing),
    ]
    for (const { text, blocks } of messages) {
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
      expect(text.length).toBeLessThanOrEqual(3_000)
    }
  })

  test('read well', () => {
    const mql = terms.filter(({ id }) => id === 'mql')
    expect(mql.map((term) => buildTerm(term, { terms, locale }))).toMatchSnapshot()
    expect(buildNearest(mql, missing)).toMatchSnapshot()
    expect(buildUnknownTerm({ ...missing, keepers: [] })).toMatchSnapshot()
    expect(buildGlossaryList(terms, locale)).toMatchSnapshot()
  })
})
