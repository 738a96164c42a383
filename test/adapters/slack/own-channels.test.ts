import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWebClient } from '../../../src/adapters/slack/client.ts'
import { createOwnChannels } from '../../../src/adapters/slack/own-channels.ts'
import { fixedNow, minutesAfter } from '../../support/builders.ts'
import { type FakeSlack, startFakeSlack } from '../../support/fake-slack.ts'

const channels = [
  { id: 'C0SQL', name: 'sql-handoffs' },
  { id: 'C0OUT', name: 'elsewhere', hasBot: false },
]

let slack: FakeSlack
let now = fixedNow
beforeEach(async () => {
  now = fixedNow
  slack = await startFakeSlack({ users: [], channels })
})
afterEach(async () => {
  slack.heal()
  await slack.stop()
})

const ownChannels = () => {
  const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl })
  return createOwnChannels(client, () => now, { debug: () => {} })
}
const asked = (): number =>
  slack.calls.filter(({ method }) => method === 'users.conversations').length

test('are those that Baton is in, by name and by id', async () => {
  expect(await ownChannels().all()).toEqual(new Set(['C0SQL', 'sql-handoffs']))
})

test('are asked for once in ten minutes, however many look', async () => {
  const own = ownChannels()
  await Promise.all([own.all(), own.all()])
  now = minutesAfter(9)
  await own.all()
  expect(asked()).toBe(1)
  now = minutesAfter(10)
  await own.all()
  expect(asked()).toBe(2)
})

test('are not known where Slack does not tell, which is no reason to ask at once again', async () => {
  slack.fail('users.conversations', { with: { error: 'fatal_error' } })
  const own = ownChannels()
  expect(await own.all()).toBeUndefined()
  expect(await own.all()).toBeUndefined()
  now = minutesAfter(11)
  expect((await own.all())?.has('C0SQL')).toBe(true)
})
