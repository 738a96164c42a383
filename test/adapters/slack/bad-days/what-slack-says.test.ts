import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebClient } from '../../../../src/adapters/slack/client.ts'
import { createDirectory } from '../../../../src/adapters/slack/directory.ts'
import { buildHandoffCard } from '../../../../src/adapters/slack/messages/card.ts'
import { createMessenger } from '../../../../src/adapters/slack/messenger.ts'
import { plainest } from '../../../../src/adapters/slack/plainest.ts'
import type { Messenger } from '../../../../src/use-cases/ports/delivery.ts'
import { aHandoff, anAgreement, fixedNow } from '../../../support/builders.ts'
import { type FakeSlack, startFakeSlack } from '../../../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { anna, startWorkplace, type Workplace } from '../features/workplace.ts'

let slack: FakeSlack
let messenger: Messenger
const logged: string[] = []
const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })

beforeEach(async () => {
  logged.length = 0
  slack = await startFakeSlack({
    users: [{ id: 'U0ANNA', name: 'anna', email: 'anna@acme.example' }],
    channels: [{ id: 'C0SQL', name: 'sql-handoffs' }],
  })
  messenger = createMessenger({
    client: createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl }),
    members: { byId: async () => anna },
    agreements: { version: async () => anAgreement() },
    log,
  })
})
afterEach(async () => {
  slack.heal()
  await slack.stop()
})

describe('a Slack that refuses new types of blocks', () => {
  const isDrawn = (args: Record<string, unknown>): boolean =>
    /"(header|context)"/.test(JSON.stringify(args.blocks))

  test.each(['invalid_blocks', 'invalid_blocks_format'])(
    'gets the card plainly after %s, with its buttons, also when it is redrawn',
    async (error) => {
      const refusal = { with: { error }, times: 9, where: isDrawn }
      slack.fail('chat.postMessage', refusal)
      slack.fail('chat.update', refusal)
      const said = await messenger.postCard(aHandoff(), 'k')
      if (said.kind !== 'done') throw new Error(said.error)
      await messenger.updateCard(aHandoff({ reason: 'Asked twice' }), said)
      const [card] = slack.messages('C0SQL')
      const drawn = JSON.stringify(card?.blocks)
      expect(drawn).toContain('Asked twice')
      expect(drawn).toContain('handoff.accept')
      expect(drawn).toContain('handoff.more')
      expect(card?.metadata?.event_payload).toMatchObject({ handoff: aHandoff().id })
    },
  )

  test('gets words alone where it refuses any', async () => {
    const where = ({ blocks }: Record<string, unknown>) =>
      Array.isArray(blocks) && blocks.length > 0
    slack.fail('chat.postMessage', { with: { error: 'invalid_blocks' }, times: 9, where })
    expect(await messenger.postCard(aHandoff(), 'k')).toMatchObject({ kind: 'done' })
    expect(slack.messages('C0SQL')[0]?.text).toContain('Maria Verdi')
  })

  test('gets no message twice for any other refusal', async () => {
    slack.fail('chat.postMessage', { with: 'accept-then-reset', times: 9 })
    expect(await messenger.postCard(aHandoff(), 'k')).toMatchObject({ kind: 'later' })
    expect(slack.messages('C0SQL')).toHaveLength(1)
  })

  test('what is plainest is within the limits, whatever is on the card', () => {
    const { blocks } = buildHandoffCard(aHandoff({ reason: '<!here> '.repeat(5_000) }), {
      ...{
        locale: 'it',
        leadTypeName: 'x'.repeat(3_000),
        dates: 'slack',
        agreement: anAgreement(),
      },
      ...{ zone: 'Europe/Rome', now: fixedNow },
    })
    const plain = plainest(blocks)
    expect(faultsOf(messageBlocksSchema, plain)).toEqual([])
    expect(new Set(plain.map(({ type }) => type))).toEqual(new Set(['section', 'actions']))
    expect(JSON.stringify(plain)).not.toContain('<!here>')
  })
})

describe('a token that may not', () => {
  test.each([
    ['account_inactive', /the bot was removed: install the app again/],
    ['token_revoked', /install the app again and set its new token/],
    ['not_allowed_token_type', /must be a bot token/],
  ])('has everything wait after %s, and says what to do', async (error, told) => {
    slack.fail('chat.postMessage', { with: { error } })
    const said = await messenger.postCard(aHandoff(), 'k')
    expect(said).toMatchObject({ kind: 'later', whole: true, ambiguous: false })
    expect(logged.join('')).toMatch(told)
    expect(await messenger.postCard(aHandoff(), 'k')).toMatchObject({ kind: 'done' })
  })

  test('names the scope that it lacks, in the log too', async () => {
    const lacking = { error: 'missing_scope', needed: 'chat:write', provided: 'commands' }
    slack.fail('chat.postMessage', { with: lacking })
    const said = await messenger.postCard(aHandoff(), 'k')
    const told = 'missing_scope: chat:write: install the app again'
    expect(said).toMatchObject({ error: expect.stringContaining(told) })
    expect(logged.join('')).toContain('chat:write')
  })

  test('is logged with what to do where somebody clicks, and they get a reference', async () => {
    const place: Workplace = await startWorkplace()
    try {
      const { card } = await place.offer()
      const lacking = { error: 'missing_scope', needed: 'im:write' }
      place.slack.fail('views.open', { with: lacking })
      const actionId = 'handoff.return'
      const sent = await place.slack.clickButton({ user: 'U0ANNA', actionId, message: card })
      const { text } = (await sent.nextResponse()).body
      const reference = /[0-9a-f]{6}/.exec(String(text))?.[0] ?? 'none'
      const line = place.logged.find((one) => one.includes(reference))
      expect(line).toContain('missing_scope: im:write: install the app again')
    } finally {
      await place.stop()
    }
  })
})

describe('the directory', () => {
  const directory = () =>
    createDirectory({
      client: createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl }),
      teamId: slack.teamId,
      log,
    })

  test.each(['user_not_found', 'users_not_found', 'user_not_visible'])(
    'takes %s for nobody, without a word',
    async (error) => {
      slack.fail('users.info', { with: { error } })
      expect(await directory().bySlackId('U0ANNA')).toBeNull()
      expect(logged).toEqual([])
    },
  )

  test('does without an answer where a scope is missing, and names it in the log', async () => {
    slack.fail('users.info', { with: { error: 'missing_scope', needed: 'users:read' } })
    expect(await directory().bySlackId('U0ANNA')).toBeUndefined()
    expect(logged.join('')).toContain('users:read')
  })
})
