import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebClient } from '../../../../src/adapters/slack/client.ts'
import { buildSetUpForm } from '../../../../src/adapters/slack/features/first-run/form.ts'
import {
  buildGreeting,
  buildSetUpReport,
} from '../../../../src/adapters/slack/features/first-run/message.ts'
import { createSetUpMessenger } from '../../../../src/adapters/slack/features/first-run/messenger.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import type { SetUpMessenger } from '../../../../src/use-cases/ports/set-up.ts'
import { anAgreement, aPerson, sara } from '../../../support/builders.ts'
import { type FakeSlack, startFakeSlack } from '../../../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../../support/slack-limits.ts'

const agreement = anAgreement()
const fresh = { ...agreement, people: [] }

describe.each(locales)('what the first run shows (%s)', (locale) => {
  test('reads well, within the limits of Slack', () => {
    const greeting = buildGreeting(locale)
    const report = buildSetUpReport(
      (['is-in', 'joined', 'invite', 'not-found', 'unknown'] as const).map((standing, place) => ({
        channel: place === 0 ? 'C0SQL' : 'sql-handoffs',
        standing,
      })),
      locale,
    )
    for (const { blocks } of [greeting, report]) {
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    }
    expect([greeting.text, report.text]).toMatchSnapshot()
  })

  test('the form is filled in with what is agreed', () => {
    const people = [aPerson(), sara]
    const parts = { version: 3, agreement, people, isAll: true, zone: 'Asia/Kolkata' }
    const view = buildSetUpForm(parts, locale)
    expect(faultsOf(viewSchema, view)).toEqual([])
    expect(view).toMatchSnapshot()
  })

  test('the form has Slack’s own pickers where there are many people', () => {
    const parts = { version: 1, agreement: fresh, people: [], isAll: false, zone: null }
    const view = buildSetUpForm(parts, locale)
    expect(faultsOf(viewSchema, view)).toEqual([])
    expect(JSON.stringify(view)).toContain('multi_users_select')
  })
})

describe('the look at the channels', () => {
  let slack: FakeSlack
  let messenger: SetUpMessenger
  beforeEach(async () => {
    slack = await startFakeSlack({
      users: [{ id: 'U0RITA', name: 'rita' }],
      channels: [
        { id: 'C0SQL', name: 'sql-handoffs' },
        { id: 'C0OPEN', name: 'open', hasBot: false },
      ],
    })
    const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl })
    messenger = createSetUpMessenger({ client, log: pino({ level: 'silent' }) })
  })
  afterEach(() => slack.stop())

  test('joins those that it may, by name or by id, and says which are not there', async () => {
    expect(await messenger.check(['sql-handoffs', 'C0OPEN', 'nowhere', 'C0HIDDEN'])).toEqual([
      { channel: 'sql-handoffs', standing: 'is-in' },
      { channel: 'C0OPEN', standing: 'joined' },
      { channel: 'nowhere', standing: 'not-found' },
      { channel: 'C0HIDDEN', standing: 'invite' },
    ])
    expect(await messenger.check(['C0OPEN'])).toEqual([{ channel: 'C0OPEN', standing: 'is-in' }])
  })

  test('asks for an invitation where Baton may not join', async () => {
    slack.fail('conversations.join', { with: { error: 'missing_scope' } })
    expect(await messenger.check(['open'])).toEqual([{ channel: 'open', standing: 'invite' }])
  })

  test('a Slack that does not answer is told apart from a channel that is not there', async () => {
    slack.fail('conversations.list', { with: 500 })
    expect(await messenger.check(['open'])).toEqual([{ channel: 'open', standing: 'unknown' }])
  })

  test('a greeting that Slack refused may be said later', async () => {
    slack.fail('chat.postMessage', { with: { error: 'channel_not_found' } })
    expect(await messenger.greet('U0RITA', 'en')).toBe(false)
  })
})
