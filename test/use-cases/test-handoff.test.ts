import { describe, expect, test } from 'vitest'
import type { TestHandoff } from '../../src/domain/test-handoff.ts'
import type { TestMessenger } from '../../src/use-cases/ports/test-handoffs.ts'
import { answerTest, removeTests, sendTest } from '../../src/use-cases/test-handoff.ts'
import { aMember, anAgreement } from '../support/builders.ts'
import { calmTestMessenger } from '../support/memory-test-handoffs.ts'
import { createMemoryWorld } from '../support/memory-world.ts'

const workspaceId = 'T0ACME'
const rita = aMember({ id: 'per_rita', email: 'rita@acme.example', slackAdmin: true })
const anna = aMember({ id: 'per_anna', email: 'anna@acme.example' })
const guest = aMember({ id: 'per_guest', email: 'guest@else.example', external: true })
const never = { kind: 'never', error: 'not_in_channel' } as const
const later = {
  kind: 'later',
  afterMs: null,
  error: 'timeout',
  ambiguous: true,
  whole: false,
} as const

function aTest(answers: Partial<TestMessenger> = {}) {
  const deleted: string[] = []
  const drawn: TestHandoff[] = []
  const posted: TestHandoff[] = []
  const failures: string[] = []
  const agreement = anAgreement({ people: [{ email: 'anna@acme.example', role: 'rep' }] })
  const world = createMemoryWorld({ agreement, members: [rita, anna, guest] })
  const failed = ({ error }: { error: string }): void => void failures.push(error)
  const testMessenger: TestMessenger = {
    ...calmTestMessenger,
    async post(card) {
      posted.push(card)
      return calmTestMessenger.post(card)
    },
    async redraw(card) {
      drawn.push(card)
      return calmTestMessenger.redraw(card)
    },
    async delete(place) {
      deleted.push(place.ts)
      return calmTestMessenger.delete(place)
    },
    ...answers,
  }
  const testing = { ...world, testMessenger }
  return {
    ...{ world, deleted, drawn, posted, failures },
    send: (by = rita) => sendTest(testing, workspaceId, by),
    answer: (id: string, by = anna, kind: 'accepted' | 'returned' = 'accepted') =>
      answerTest(testing, { workspaceId, id, by, kind }),
    later: async (ms: number) => {
      world.clock.now = new Date(world.clock.now.getTime() + ms)
      await removeTests({ ...testing, now: world.now, failed }, workspaceId)
    },
  }
}

const minute = 60_000

describe('a test handoff', () => {
  test('is sent by who manages or administers, one at a time', async () => {
    const { send, posted } = aTest()
    expect(await send(anna)).toEqual({ kind: 'may-not' })
    expect(await send(guest)).toEqual({ kind: 'may-not' })
    expect(await send()).toMatchObject({ kind: 'sent' })
    expect(await send()).toEqual({ kind: 'one-is-there' })
    expect(posted).toHaveLength(1)
    expect(posted[0]?.id).toMatch(/^hof_test/)
  })

  test('is answered once, by anyone of the workspace, and is gone a minute after', async () => {
    const { send, answer, later: pass, posted, drawn, deleted } = aTest()
    await send()
    const id = posted[0]?.id ?? ''
    expect(await answer(id, guest)).toEqual({ kind: 'outsider' })
    expect(await answer(id)).toEqual({ kind: 'answered' })
    expect(await answer(id, rita, 'returned')).toEqual({
      kind: 'answered-before',
      answer: 'accepted',
    })
    expect(drawn.map((one) => one.answer?.kind)).toEqual(['accepted'])
    await pass(minute - 1)
    expect(deleted).toEqual([])
    await pass(1)
    expect(deleted).toEqual(['1.1'])
    expect(await answer(id)).toEqual({ kind: 'gone' })
    expect(await send()).toMatchObject({ kind: 'sent' })
  })

  test('goes away after ten minutes that nobody answered in', async () => {
    const { send, answer, later: pass, posted, deleted } = aTest()
    await send()
    await pass(10 * minute - 1)
    expect(deleted).toEqual([])
    await pass(1)
    expect(deleted).toEqual(['1.1'])
    expect(await answer(posted[0]?.id ?? '')).toEqual({ kind: 'gone' })
  })

  test('leaves no trace among leads, notices, clocks and messages', async () => {
    const { world, send, answer, posted } = aTest()
    await send()
    await answer(posted[0]?.id ?? '')
    const { items } = await world.handoffs.page(
      workspaceId,
      { status: undefined, owner: undefined, leadType: undefined },
      { cursor: undefined, limit: 10 },
    )
    expect(items).toEqual([])
    expect([world.notices, world.wakeUps, world.streams, world.scorings]).toEqual([[], [], [], []])
  })

  test('that Slack refuses is forgotten, and its sender hears why', async () => {
    const { send } = aTest({ post: async () => never })
    expect(await send()).toMatchObject({ kind: 'not-taken', error: 'not_in_channel' })
    expect(await send()).toMatchObject({ kind: 'not-taken' })
  })

  test('whose answer of Slack was lost is looked for, and deleted', async () => {
    const {
      send,
      later: pass,
      deleted,
    } = aTest({
      post: async () => later,
      find: async () => ({ kind: 'done', channelId: 'C0SALES', ts: '2.2' }),
    })
    expect(await send()).toMatchObject({ kind: 'not-taken' })
    await pass(0)
    expect(deleted).toEqual(['2.2'])
  })

  test('that can’t be deleted now is tried again; what Slack never will is forgotten', async () => {
    const said = [later, never]
    const { send, later: pass, failures } = aTest({ delete: async () => said.shift() ?? never })
    await send()
    await pass(10 * minute)
    await pass(minute - 1)
    expect(failures).toEqual(['timeout'])
    expect(await send()).toEqual({ kind: 'one-is-there' })
    await pass(1)
    expect(failures).toEqual(['timeout', 'not_in_channel'])
    expect(await send()).toMatchObject({ kind: 'sent' })
  })
})
