import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../src/adapters/postgres/handoffs.ts'
import type { Baton } from '../../src/compose.ts'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import type { Handoffs } from '../../src/use-cases/ports/handoffs.ts'
import { channels, type RunningBaton, startBaton } from '../support/baton.ts'
import { aMember, anAgreement } from '../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import type { Sent } from '../support/fake-slack.ts'
import { createMemoryWorld } from '../support/memory-world.ts'
import { many, report, timeoutMs } from './support/figures.ts'

/** A crowd accepts one lead at the same moment: one of them owns it. */

const crowd = many(60, 1_000)
const leads = many(3, 20)
const person = (index: number) => ({
  id: `U0P${index}`,
  name: `person${index}`,
  email: `person${index}@acme.example`,
})

describe('a lead that a crowd accepts at once, in two processes', () => {
  let running: RunningBaton
  let other: Baton
  beforeAll(async () => {
    running = await startBaton({
      // nobody is named, so whoever is in the channel may accept
      agreement: 'calendar: { timezone: Europe/Rome, hours: always }\npeople: []\n',
      others: Array.from({ length: crowd }, (_, index) => person(index)),
    })
    other = await running.another()
  }, timeoutMs)
  afterAll(() => running.stop(), timeoutMs)

  async function accept(id: string): Promise<Sent[]> {
    const card = await running.card(id)
    const processes = [running.baton, other]
    return Promise.all(
      Array.from({ length: crowd }, (_, index) => {
        running.slack.sendTo(`${processes[index % 2]?.url}/slack/events`)
        return running.slack.clickButton({
          user: person(index).id,
          channel: channels.sql.id,
          actionId: 'handoff.accept',
          value: id,
          message: card,
        })
      }),
    )
  }

  test('has one owner, and everybody else is told who it is', {
    timeout: timeoutMs,
  }, async (context) => {
    let doubled = 0
    let lost = 0
    for (let round = 0; round < leads; round += 1) {
      const { body } = await running.api('POST', '/api/v1/handoffs', {
        lead: { email: `lead${round}@crowd${round}.example`, name: 'A lead' },
        reason: 'Asked for a quote',
      })
      const id = String(body.id)
      const sent = await accept(id)
      expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([200]))
      const story = (await running.api('GET', `/api/v1/handoffs/${id}`)).body
      const owner = Array.from({ length: crowd }, (_, index) => person(index)).find(
        ({ email }) => email === story.owner,
      )
      const accepted = JSON.stringify(story.events).match(/"Accepted"/g)?.length ?? 0
      doubled += Math.max(0, accepted - 1)
      if (owner === undefined || accepted === 0) lost += 1
      const others = sent.filter((_, index) => person(index).id !== owner?.id)
      const told = await Promise.all(others.map((one) => one.nextResponse()))
      expect(
        told.filter(({ body }) => !String(body.text).startsWith(`${owner?.name} was faster`)),
      ).toEqual([])
    }
    report(context, 1, {
      fault: 'a crowd accepts at once',
      rounds: leads,
      faults: leads * crowd,
      lost,
      doubled,
    })
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
  })
})

describe('how many win is counted so that it can fail', () => {
  let fresh: FreshDatabase
  let database: Database
  beforeAll(async () => {
    fresh = await freshDatabase()
    database = connect(fresh.url, { max: 20 })
  })
  afterAll(async () => {
    await database.close()
    await fresh.drop()
  })

  /** How many of some people who accept at once are told that the lead is theirs. */
  async function winnersWith(store: (real: Handoffs) => Handoffs): Promise<number> {
    const members = Array.from({ length: 20 }, (_, index) =>
      aMember({ id: `per_${index}`, slackId: `U0P${index}`, email: person(index).email }),
    )
    await database.prisma.user.createMany({
      data: members.map(({ id, slackId, email, name }) => ({
        id,
        slackId,
        email,
        name,
        workspaceId: 'ws_1',
      })),
      skipDuplicates: true,
    })
    const agreement = anAgreement({ people: [] })
    const handoffs = store(createHandoffs(database))
    const world = { ...createMemoryWorld({ agreement, members }), handoffs }
    const made = await handOffLead(world, {
      workspaceId: 'ws_1',
      lead: { email: `${crypto.randomUUID()}@verdi.example`, name: 'Maria Verdi' },
      priority: 'standard',
      reason: 'Asked for a quote',
      whatChanged: undefined,
      owner: undefined,
      by: null,
    })
    if (made.kind !== 'done') throw new Error(made.kind)
    const { id } = made.handoff
    const results = await Promise.all(
      members.map((by) => acceptHandoff(world, { workspaceId: 'ws_1', handoffId: id, by })),
    )
    return results.filter(({ kind }) => kind === 'done').length
  }

  test('with the store as it is there is one', async () => {
    expect(await winnersWith((real) => real)).toBe(1)
  })

  test('with a store that reads and then writes, comparing nothing, there are several', async () => {
    const careless = (real: Handoffs): Handoffs => ({
      ...real,
      async commit(before, decision, request) {
        const now = before && (await real.byId(before.workspaceId, before.id))
        if (now === null || now === undefined) return real.commit(before, decision, request)
        const handoff = { ...decision.handoff, version: now.version + 1 }
        const outcome = await real.commit(now, { ...decision, handoff }, request)
        return outcome === 'moved' ? this.commit(before, decision, request) : outcome
      },
    })
    expect(await winnersWith(careless)).toBeGreaterThan(1)
  })
})
