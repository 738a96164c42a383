import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebClient } from '../../../../src/adapters/slack/client.ts'
import { createTermMessenger } from '../../../../src/adapters/slack/features/glossary/messenger.ts'
import { personOf } from '../../../../src/domain/person.ts'
import type { TermMessenger, TermRedraw } from '../../../../src/use-cases/ports/glossary.ts'
import { aMember, anAgreement, fixedNow, sara } from '../../../support/builders.ts'
import { type FakeSlack, startFakeSlack } from '../../../support/fake-slack.ts'
import { createMemoryWorld, type MemoryWorld } from '../../../support/memory-world.ts'
import { term, wording } from '../../../support/terms.ts'

const luca = aMember({
  id: 'per_luca',
  slackId: 'U0LUCA',
  email: 'luca@acme.example',
  locale: 'it',
})
const agreement = anAgreement({
  managers_channel: 'sales-managers',
  people: [{ email: 'sara@acme.example', role: 'sales_manager', head_of: 'sales' }],
})

let slack: FakeSlack
let world: MemoryWorld
let messenger: TermMessenger

beforeEach(async () => {
  slack = await startFakeSlack({
    users: [{ id: 'U0LUCA', name: 'luca' }],
    channels: [{ id: 'C0MANAGERS', name: 'sales-managers' }],
  })
  world = createMemoryWorld({ agreement, members: [luca, aMember(sara)] })
  const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl })
  messenger = createTermMessenger({ client, ...world, log: { warn: () => {} } })
})
afterEach(() => slack.stop())

const redraw = (overrides: Partial<TermRedraw> = {}, state: 'open' | 'suggested' = 'open') => ({
  proposal: {
    id: 'prop_1',
    workspaceId: 'ws',
    term: { ...term(), en: wording({ definition: 'Another.' }) },
    owner: null,
    note: null,
    baseVersion: 1,
    state,
    version: null,
    proposedBy: sara,
    proposedAt: fixedNow,
    settledBy: null,
    settledAt: null,
    signatures: [],
  },
  base: term(),
  owner: null,
  revision: 1,
  shownAt: null,
  uncertain: false,
  ...overrides,
})

describe('a proposed term', () => {
  test('is shown in the managers’ channel, and drawn again in its place', async () => {
    const said = await messenger.post(redraw())
    expect(said).toMatchObject({ kind: 'done', channelId: 'C0MANAGERS' })
    const [message] = slack.messages('C0MANAGERS')
    expect(message?.text).toContain('Another definition is proposed: Warm lead.')
    expect(JSON.stringify(message?.blocks)).toContain('Sales: waits for <@U0SARA>')
    if (said.kind !== 'done') return
    await messenger.update(redraw({ revision: 2 }), said)
    expect(slack.messages('C0MANAGERS')).toMatchObject([{ updates: 1 }])
  })

  test('is found again where the answer was lost', async () => {
    expect(await messenger.find(redraw())).toEqual({ kind: 'absent' })
    await messenger.post(redraw())
    expect(await messenger.find(redraw())).toMatchObject({ kind: 'done', channelId: 'C0MANAGERS' })
  })
})

describe('a suggested term', () => {
  test('goes to whoever keeps the term, in their language, and is found there', async () => {
    const kept = redraw({ owner: personOf(luca) }, 'suggested')
    expect(await messenger.post(kept)).toMatchObject({ kind: 'done', channelId: 'D0LUCA' })
    expect(slack.messages('D0LUCA')[0]?.text).toContain('Suggerimento di una definizione')
    expect(await messenger.find(kept)).toMatchObject({ kind: 'done', channelId: 'D0LUCA' })
    expect(slack.messages('C0MANAGERS')).toEqual([])
  })

  test('goes to the heads where nobody keeps it', async () => {
    await messenger.post(redraw({}, 'suggested'))
    const [message] = slack.messages('C0MANAGERS')
    expect(JSON.stringify(message?.blocks)).toContain('For <@U0SARA> to answer')
  })

  test('goes to the heads where Slack does not let Baton write to who keeps it', async () => {
    const gone = personOf({ ...luca, slackId: 'U0GONE' })
    world.members.byId = async () => ({ ...luca, slackId: 'U0GONE' })
    const said = await messenger.post(redraw({ owner: gone }, 'suggested'))
    expect(said).toMatchObject({ kind: 'done' })
  })
})
