import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../../../src/adapters/glossary-file.ts'
import {
  buildGlossaryList,
  buildNearest,
  buildTerm,
  buildUnknownTerm,
} from '../../../../src/adapters/slack/features/glossary/messages.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import type { KeptRuling } from '../../../../src/use-cases/ports/glossary.ts'
import { anAgreement, fixedNow, sara } from '../../../support/builders.ts'
import type { FakeMessage } from '../../../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { startWorkplace, type Workplace, workspaceId } from './workplace.ts'

const terms = shippedGlossary()

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace({ terms })
})
afterEach(() => place.stop())

const anAnswer: FakeMessage = {
  channel: 'C0SQL',
  ts: '1.1',
  user: 'U0BATON',
  text: '',
  blocks: [],
  ephemeralTo: 'U0ANNA',
  updates: 0,
}

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

const aRuling = (said: Partial<KeptRuling> = {}): KeptRuling => ({
  ruling: 'clarify',
  at: fixedNow,
  reason: 'not-ready',
  why: 'The budget was approved last week',
  words: ['A budget counts once it is approved'],
  by: ['Sara Conti', 'Mario Bruni'],
  ...said,
})

/** What the world keeps of rulings about SQL, and what it was asked for. */
function keep(...rulings: KeptRuling[]): unknown[][] {
  const asked: unknown[][] = []
  place.world.rulings.ofTerm = async (...question) => {
    asked.push(question)
    return question[1] === 'sql' ? rulings : []
  }
  return asked
}

describe('a term that the managers have ruled on', () => {
  test('shows the rulings under its meaning, in the language of the reader', async () => {
    const asked = keep(aRuling())
    const text = await ask('U0ANNA', 'sql')
    expect(text).toContain('*Ruled on by both managers:*')
    expect(text).toContain(
      '23 November 2026, term clarified: “A budget counts once it is approved”',
    )
    expect(text).toContain(
      'Returned as “Not ready”, and contested: “The budget was approved last week”',
    )
    expect(asked).toEqual([[workspaceId, 'sql', 3]])
    const italian = await ask('U0LUCA', 'sql')
    expect(italian).toContain('*Deciso dai due responsabili:*')
    expect(italian).toContain('Restituito come «Non pronto» e contestato')
  })

  test('shows them where it is shared and where it is shown by button, too', async () => {
    keep(aRuling({ ruling: 'overturn', words: [] }))
    for (const action of ['glossary.share', 'glossary.show']) {
      const sent = await place.slack.clickButton({
        user: 'U0ANNA',
        actionId: action,
        value: 'sql:en',
        message: anAnswer,
      })
      const { body } = await sent.nextResponse()
      expect(JSON.stringify(body)).toContain('23 November 2026, return overturned')
    }
  })

  test('another term is as it was', async () => {
    keep(aRuling())
    expect(await ask('U0ANNA', 'mql')).not.toContain('Ruled on')
  })

  test('the same words of both are quoted once, a reason of old goes by its id', async () => {
    keep(aRuling({ words: ['The same', 'The same', 'Another'], reason: 'bored' }))
    const text = await ask('U0ANNA', 'sql')
    expect(text).toContain('term clarified: “The same” and “Another”')
    expect(text).toContain('Returned as “bored”, and contested')
  })

  test.each(locales)('keeps within the limits of Slack, and quotes as text (%s)', (locale) => {
    const hostile = 'W<!channel> *b* `c` https://x.example '.repeat(60)
    const long = aRuling({ why: hostile, words: [hostile, `${hostile}!`], reason: hostile })
    const ruled = {
      rulings: [aRuling(), long, aRuling({ reason: null })],
      agreement: anAgreement(),
    }
    const sql = terms.filter(({ id }) => id === 'sql')
    for (const term of sql) {
      const { blocks } = buildTerm(term, { terms, locale, ruled })
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
      const shown = JSON.stringify(blocks)
      expect(shown).not.toContain('<!channel>')
      expect(shown).not.toContain('https://x.example')
      for (const block of blocks ?? []) {
        const text = JSON.stringify(block)
        if (text.includes('*b*')) expect(text).not.toContain('mrkdwn')
      }
    }
    const first = buildTerm(sql[0] ?? never(), {
      terms,
      locale,
      ruled: { ...ruled, rulings: [aRuling()] },
    })
    expect(first).toMatchSnapshot()
  })
})

const never = () => {
  throw new Error('the glossary has no SQL')
}

describe('the buttons of an answer', () => {
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
