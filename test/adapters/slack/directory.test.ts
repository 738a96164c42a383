import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebClient } from '../../../src/adapters/slack/client.ts'
import { createDirectory } from '../../../src/adapters/slack/directory.ts'
import type { Directory } from '../../../src/use-cases/ports/people.ts'
import {
  type FakeGroup,
  type FakeSlack,
  type FakeUser,
  startFakeSlack,
} from '../../support/fake-slack.ts'

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
  { id: 'U0ONE', name: 'one-channel', more: { is_restricted: true, is_ultra_restricted: true } },
  { id: 'U0STRANGER', name: 'stranger', more: { is_stranger: true } },
  { id: 'U0TEAMLESS', name: 'teamless', more: { team_id: undefined } },
  { id: 'U0FLOW', name: 'flow', more: { is_workflow_bot: true } },
  { id: 'USLACKBOT', name: 'slackbot' },
  {
    id: 'U0SISTER',
    name: 'sister',
    teamId: 'T0SISTER',
    more: { enterprise_user: { id: 'W0SISTER', enterprise_id: 'E0ORG', teams: ['T0SISTER'] } },
  },
  { id: 'U0BOSS', name: 'boss', teamId: 'T0OTHER', isAdmin: true, isOwner: true },
]
const groups: FakeGroup[] = [
  { id: 'S0REPS', handle: 'sales-reps', users: ['U0ANNA', 'U0BEN'] },
  { id: 'S0OLD', handle: 'old', users: ['U0ANNA'], isDisabled: true },
]
const annaProfile = {
  slackId: 'U0ANNA',
  email: 'anna@acme.example',
  name: 'Anna Rossi',
  locale: 'it',
  zone: 'Europe/Rome',
  external: false,
  slackAdmin: false,
}

let slack: FakeSlack
let directory: Directory
let logged: string[]

beforeEach(async () => {
  slack = await startFakeSlack({ users, channels: [], groups })
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

  test.each([
    'U0GUEST',
    'U0ONE',
    'U0LEFT',
    'U0BOT',
    'U0FLOW',
    'USLACKBOT',
    'U0OTHER',
    'U0STRANGER',
    'U0SISTER',
    'U0BOSS',
  ])('takes %s for an outsider, who administers nothing here', async (id) => {
    expect(await directory.bySlackId(id)).toMatchObject({ external: true, slackAdmin: false })
  })

  test('takes whom Slack names no team of for one of the workspace', async () => {
    expect(await directory.bySlackId('U0TEAMLESS')).toMatchObject({ external: false })
  })

  test.each([
    ['their own workspace is another of the organization', { team_id: 'T0SISTER' }],
    ['only the organization says so', { team_id: undefined }],
  ])('knows who belongs to the workspace where %s', async (_, more) => {
    const enterprise = { id: 'W0ANNA', enterprise_id: 'E0ORG', teams: ['T0SISTER', 'T0TEST'] }
    const grid = await startFakeSlack({
      users: [{ ...anna, more: { ...more, enterprise_user: enterprise } }],
      channels: [],
    })
    const known = createDirectory({
      client: createWebClient({ token: grid.botToken, apiUrl: grid.apiUrl }),
      teamId: grid.teamId,
      log: pino({ level: 'silent' }),
    })
    expect(await known.bySlackId('U0ANNA')).toMatchObject({ external: false })
    await grid.stop()
  })

  test.each([{ isAdmin: true }, { isOwner: true }])('knows who administers: %o', async (marks) => {
    const led = await startFakeSlack({ users: [{ ...anna, ...marks }], channels: [] })
    const known = createDirectory({
      client: createWebClient({ token: led.botToken, apiUrl: led.apiUrl }),
      teamId: led.teamId,
      log: pino({ level: 'silent' }),
    })
    expect(await known.bySlackId('U0ANNA')).toMatchObject({ external: false, slackAdmin: true })
    await led.stop()
  })

  test('knows the user groups in use, with their people', async () => {
    expect(await directory.groups()).toEqual([
      { id: 'S0REPS', handle: 'sales-reps', people: ['U0ANNA', 'U0BEN'] },
    ])
  })

  test('does without user groups where their scope is missing, and says so once', async () => {
    slack.fail('usergroups.list', { with: { error: 'missing_scope' }, times: 3 })
    for (let look = 1; look <= 3; look += 1) expect(await directory.groups()).toBeUndefined()
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain('install the app again with the scopes of manifest.yml')
    expect(await directory.groups()).toHaveLength(1)
  })

  test('tries user groups again after a fault of Slack', async () => {
    slack.fail('usergroups.list', { with: 500 })
    expect(await directory.groups()).toBeUndefined()
    expect(await directory.groups()).toHaveLength(1)
    expect(logged).toHaveLength(1)
  })

  test('lists everybody, over all pages', async () => {
    const many = Array.from({ length: 450 }, (_, n) => ({ id: `U1${n}`, name: `user-${n}` }))
    const big = await startFakeSlack({ users: [...users, ...many], channels: [] })
    const all = await createDirectory({
      client: createWebClient({ token: big.botToken, apiUrl: big.apiUrl }),
      teamId: big.teamId,
      log: pino({ level: 'silent' }),
    }).all()
    expect(all).toHaveLength(450 + users.length)
    expect(all[0]).toEqual(annaProfile)
    await big.stop()
  })

  test('says nothing of people that are not there', async () => {
    expect(await directory.bySlackId('U0NOBODY')).toBeNull()
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
