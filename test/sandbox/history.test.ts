import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stageOn } from '../../src/sandbox/acting.ts'
import { playHistory } from '../../src/sandbox/history.ts'
import { past } from '../../src/sandbox/past.ts'
import { chaptersLeft } from '../../src/sandbox/story.ts'
import { claraAgain, greta } from '../../src/sandbox/workspace.ts'
import { channels, eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'

/** The weeks that the sandbox begins with; the audit at the stop finds nothing wrong with them. */

const agreement = readFileSync(new URL('../../src/sandbox/agreement.yml', import.meta.url), 'utf8')
const dayMs = 86_400_000
let running: RunningBaton

beforeAll(async () => {
  running = await startBaton({ agreement })
  const { world, workspaceId } = running.baton
  const handoffs = await playHistory(world, workspaceId)
  world.queue.deliver(handoffs.map(({ channel }) => ({ workspaceId, stream: channel })))
})
afterAll(() => running.stop())

test('figures are there at once, with deals, returns and lateness', async () => {
  const from = new Date(Date.now() - 40 * dayMs).toISOString().slice(0, 10)
  const to = new Date(Date.now() + dayMs).toISOString().slice(0, 10)
  const { status, body } = await running.api('GET', `/api/v1/reports/sla?from=${from}&to=${to}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ total: { handoffs: past.length, accepted: past.length } })
  const { baton } = running
  const { items } = await baton.world.handoffs.page(baton.workspaceId, {}, { limit: 50 })
  expect(items).toHaveLength(past.length)
  const statuses = new Set(items.map(({ handoff }) => handoff.status))
  expect(statuses).toEqual(new Set(['closed', 'returned', 'qualified']))
  expect(items.some(({ events }) => events.some(({ type }) => type === 'DeadlineMissed'))).toBe(
    true,
  )
  expect(items.filter(({ handoff }) => handoff.score !== null).length).toBeGreaterThan(5)
})

test('each lead of the past has its card, and nobody is told of anything', async () => {
  const { sql, service } = channels
  const posted = () => [sql, service].flatMap(({ id }) => running.slack.messages(id))
  await eventually(() => (posted().length >= past.length ? true : undefined))
  const threads = posted().filter(({ thread_ts: thread }) => thread !== undefined)
  // only the lead whose day has come today may be spoken of
  expect(threads.filter((message) => !JSON.stringify(message).includes('ready'))).toEqual([])
})

test('the story goes on from it: a lead that was not ready comes back, another by its score', async () => {
  const { world, workspaceId } = running.baton
  const stage = stageOn(world, workspaceId)
  expect(await stage.rounds(claraAgain.lead.email)).toBe(1)
  expect(await stage.handOff(claraAgain)).toBe(true)
  expect(await stage.rounds(claraAgain.lead.email)).toBe(2)
  for (const nth of greta.activities.keys()) expect(await stage.visit(greta, nth)).toBe(true)
  await eventually(async () => ((await stage.rounds(greta.lead.email)) === 1 ? true : undefined))
  expect(await stage.accept(greta.lead.email, people.luca.email)).toBe(true)
  expect(await stage.accept(greta.lead.email, people.anna.email)).toBe(false)
  expect(await stage.call(greta.lead.email, people.luca.email)).toBe(true)
  const left = (await chaptersLeft(stage)).map(({ lead }) => lead)
  expect(left).not.toContain(greta.lead.email)
  expect(left).not.toContain(claraAgain.lead.email)
})
