import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebClient } from '../../../src/adapters/slack/client.ts'
import { createDirectory } from '../../../src/adapters/slack/directory.ts'
import type { Directory } from '../../../src/use-cases/ports.ts'
import { type FakeSlack, type FakeUser, startFakeSlack } from '../../support/fake-slack.ts'

const anna: FakeUser = {
  id: 'U0ANNA',
  name: 'anna',
  realName: 'Anna Rossi',
  email: 'anna@acme.example',
  locale: 'it-IT',
  tz: 'Europe/Rome',
}
const users: FakeUser[] = [
  anna,
  { id: 'U0BEN', name: 'ben', locale: 'en-GB', email: 'ben@acme.example' },
  { id: 'U0GUEST', name: 'guest', isGuest: true },
  { id: 'U0LEFT', name: 'left', deleted: true },
  { id: 'U0BOT', name: 'bot', isBot: true },
  { id: 'U0OTHER', name: 'other', teamId: 'T0OTHER' },
]
const annaProfile = {
  slackId: 'U0ANNA',
  email: 'anna@acme.example',
  name: 'Anna Rossi',
  locale: 'it',
  zone: 'Europe/Rome',
  external: false,
}

let slack: FakeSlack
let directory: Directory
let logged: string[]

beforeEach(async () => {
  slack = await startFakeSlack({ users, channels: [] })
  logged = []
  directory = createDirectory({
    client: createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl }),
    teamId: slack.teamId,
    log: pino({}, { write: (line: string) => logged.push(line) }),
  })
})
afterEach(async () => {
  slack.heal()
  await slack.stop()
})

describe('the directory', () => {
  test('knows a person by Slack id and by address, with their language and zone', async () => {
    expect(await directory.bySlackId('U0ANNA')).toEqual(annaProfile)
    expect(await directory.byEmail('anna@acme.example')).toEqual(annaProfile)
    expect(await directory.bySlackId('U0BEN')).toMatchObject({ name: 'ben', locale: 'en' })
  })

  test.each(['U0GUEST', 'U0LEFT', 'U0BOT', 'U0OTHER'])('takes %s for an outsider', async (id) => {
    expect(await directory.bySlackId(id)).toMatchObject({ external: true })
  })

  test('lists everybody, over all pages', async () => {
    const many = Array.from({ length: 450 }, (_, n) => ({ id: `U1${n}`, name: `user-${n}` }))
    const big = await startFakeSlack({ users: [...users, ...many], channels: [] })
    const all = await createDirectory({
      client: createWebClient({ token: big.botToken, apiUrl: big.apiUrl }),
      teamId: big.teamId,
      log: pino({ level: 'silent' }),
    }).all()
    expect(all).toHaveLength(456)
    expect(all[0]).toEqual(annaProfile)
    await big.stop()
  })

  test('says nothing of people that are not there', async () => {
    expect(await directory.bySlackId('U0NOBODY')).toBeUndefined()
    expect(await directory.byEmail('nobody@acme.example')).toBeUndefined()
    expect(logged).toEqual([])
  })

  test('does without Slack where it fails, and logs no personal data', async () => {
    slack.fail('*', { with: 500, times: 3 })
    expect(await directory.bySlackId('U0ANNA')).toBeUndefined()
    expect(await directory.byEmail('anna@acme.example')).toBeUndefined()
    expect(await directory.all()).toEqual([])
    expect(logged).toHaveLength(3)
    expect(logged.join()).toContain('HTTP 500')
    expect(logged.join()).not.toMatch(/anna|U0ANNA|xoxb/i)
  })

  test('waits for two seconds at most', async () => {
    slack.fail('users.info', { with: 'hang' })
    const before = performance.now()
    expect(await directory.bySlackId('U0ANNA')).toBeUndefined()
    expect(performance.now() - before).toBeLessThan(4_000)
  })
})
