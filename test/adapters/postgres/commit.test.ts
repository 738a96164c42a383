import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import type { Decision, Turn } from '../../../src/domain/decide/decision.ts'
import { type HandOff, handOff } from '../../../src/domain/decide/hand-off.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import type { Lead, Score } from '../../../src/domain/lead.ts'
import type { Handoffs } from '../../../src/use-cases/ports/handoffs.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  ben,
  decisionOf,
  fixedNow,
  minutesAfter,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

/** What a decision writes beside the handoff itself. */

let fresh: FreshDatabase
let database: Database
let handoffs: Handoffs
const ws = 'T0ACME'
const agreement = anAgreement()
const score: Score = {
  total: 55,
  threshold: 50,
  lines: [{ rule: 'asked-for-a-quote', points: 55, times: 1 }],
}

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 8 })
  handoffs = createHandoffs(database)
  const people = [aPerson(), ben]
  await database.prisma.user.createMany({
    data: people.map((person) => ({ ...person, workspaceId: ws })),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(async () => {
  await database.prisma.webhookEndpoint.deleteMany()
  await database.prisma.rotation.deleteMany()
})

let counter = 0
const offer = (said: Partial<HandOff> = {}, lead: Partial<Lead> = {}): Decision => {
  counter += 1
  const told = aLead({ id: `lead_${counter}`, email: `lead${counter}@example.com`, ...lead })
  return decisionOf(
    handOff(
      aHandOff({ id: `hof_${counter}`, workspaceId: ws, lead: told, ...said }),
      anActor(ben, 'marketing'),
      { agreement, now: fixedNow },
    ),
  )
}

async function offered(said: Partial<HandOff> = {}, lead: Partial<Lead> = {}): Promise<Handoff> {
  const decision = offer(said, lead)
  expect(await handoffs.commit(null, decision)).toBe('committed')
  return decision.handoff
}

const accepting = (handoff: Handoff): Decision =>
  decisionOf(accept(handoff, anActor(), { agreement, now: minutesAfter(12) }))

/** A decision that leaves the handoff as it is but for what is told. */
const changed = (handoff: Handoff, news: Partial<Handoff>, more: Partial<Decision> = {}) => ({
  handoff: { ...handoff, version: handoff.version + 1, ...news },
  events: [{ type: 'NewsAdded' as const, at: minutesAfter(5), by: ben, data: {} }],
  notices: [],
  changes: [],
  redraw: false,
  ...more,
})

describe('a lead type and a score', () => {
  test('that came with the lead are read back with it', async () => {
    const start = await offered({ score }, { type: 'service' })
    expect(await handoffs.byId(ws, start.id)).toEqual(start)
    const known = await createLeads(database).byEmail(ws, start.lead.email)
    expect(known?.lead).toEqual(start.lead)
    const row = await database.prisma.lead.findUnique({ where: { id: start.lead.id } })
    expect(row).toMatchObject({ leadType: 'service', crossings: 0, aboveThreshold: false })
  })

  test('are none where none came, nor is there news', async () => {
    const start = await offered()
    expect(await handoffs.byId(ws, start.id)).toMatchObject({
      score: null,
      news: null,
      lead: { type: null },
    })
  })
})

describe('news', () => {
  const told = { reason: 'Called again', by: ben, at: minutesAfter(5), hotSince: minutesAfter(5) }

  test('moves the handoff and the fields of its lead in one go', async () => {
    const start = await offered({ priority: 'standard' })
    const lead = {
      ...start.lead,
      title: null,
      phone: '+39 02 5550199',
      company: { name: 'Officine Verdi', employees: 140 },
      attributes: { budget: '80k' },
      crm: null,
      journeyStage: null,
      type: 'service',
    }
    const decision = changed(start, { lead, news: told, priority: 'hot', score })
    expect(await handoffs.commit(start, decision)).toBe('committed')
    expect(await handoffs.byId(ws, start.id)).toEqual(decision.handoff)
    const known = await createLeads(database).byEmail(ws, lead.email)
    expect(known).toMatchObject({ lead, stage: 'sql', status: 'New' })
    const story = await handoffs.story(ws, start.id)
    expect(story?.events.at(-1)?.type).toBe('NewsAdded')
  })

  test('of a lead whose status moves at the same time keeps both', async () => {
    const start = await offered()
    const taken = accepting(start)
    const lead = { ...start.lead, name: 'Maria Verdi Rossi' }
    const decision = { ...taken, handoff: { ...taken.handoff, lead, news: told } }
    expect(await handoffs.commit(start, decision)).toBe('committed')
    expect(await createLeads(database).byEmail(ws, lead.email)).toMatchObject({
      lead: { name: 'Maria Verdi Rossi' },
      status: 'Accepted',
    })
  })

  test('for a handoff that has moved on changes nothing of its lead', async () => {
    const start = await offered()
    expect(await handoffs.commit(start, accepting(start))).toBe('committed')
    const late = changed(start, { lead: { ...start.lead, name: 'Late' }, news: told })
    expect(await handoffs.commit(start, late)).toBe('moved')
    const known = await createLeads(database).byEmail(ws, start.lead.email)
    expect(known).toMatchObject({ lead: { name: 'Maria Verdi' }, status: 'Accepted' })
  })
})

describe('a turn of a rotation', () => {
  const turn = (version: number, anna: number): Turn => ({
    leadType: 'new-equipment',
    version,
    turns: { 'anna@acme.example': anna },
  })
  const taken = () =>
    database.prisma.rotation.findMany({ select: { leadType: true, version: true, turns: true } })

  test('is taken with the handoff, one after the other', async () => {
    await offered({ turn: turn(0, 1) })
    await offered({ turn: turn(1, 2) })
    expect(await taken()).toEqual([{ ...turn(2, 2) }])
  })

  test('that somebody else took first takes nothing with it, not even the lead', async () => {
    await offered({ turn: turn(0, 1) })
    const late = offer({ turn: turn(0, 1) })
    const request = { key: 'late-turn', fingerprint: 'x' }
    expect(await handoffs.commit(null, late, request)).toBe('moved')
    expect(await handoffs.byId(ws, late.handoff.id)).toBeUndefined()
    expect(await createLeads(database).byEmail(ws, late.handoff.lead.email)).toBeUndefined()
    expect(await handoffs.byRequest(ws, 'late-turn')).toBeUndefined()
    expect(await taken()).toEqual([{ ...turn(1, 1) }])
  })

  test('is given to one of many who want it at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => handoffs.commit(null, offer({ turn: turn(0, 1) }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'moved')).toHaveLength(11)
    expect(await taken()).toEqual([{ ...turn(1, 1) }])
  })

  test('is given back where the lead is taken', async () => {
    const first = await offered()
    const again = offer({ turn: turn(0, 1) }, { id: first.lead.id, email: first.lead.email })
    expect(await handoffs.commit(null, again)).toBe('lead-taken')
    expect(await taken()).toEqual([])
  })
})

describe('whoever goes off duty', () => {
  const offDutyAt = async () =>
    (await database.prisma.user.findUnique({ where: { id: aPerson().id } }))?.offDutyAt

  test('is so from that moment, and only where the decision stands', async () => {
    const start = await offered()
    const decision = changed(start, {}, { offDuty: aPerson().id })
    const stale = { ...start, version: 7 }
    expect(await handoffs.commit(stale, changed(stale, {}, { offDuty: aPerson().id }))).toBe(
      'moved',
    )
    expect(await offDutyAt()).toBeNull()
    expect(await handoffs.commit(start, decision)).toBe('committed')
    expect(await offDutyAt()).toEqual(minutesAfter(5))
  })
})

describe('programs that are told', () => {
  const endpoint = (id: string, more: object = {}) =>
    database.prisma.webhookEndpoint.create({
      data: { id, workspaceId: ws, url: `https://${id}.example`, secret: 's', ...more },
    })
  const owed = async () =>
    (
      await database.pool.query(
        `select w.endpoint_id || ' ' || e.type as line from webhook_deliveries w
          join events e on e.id = w.event_id order by w.id`,
      )
    ).rows.map(({ line }) => line)

  test('are owed one row for each event that they asked for', async () => {
    await endpoint('all')
    await endpoint('accepted', { events: ['Accepted', 'Returned'] })
    await endpoint('gone', { disabledAt: fixedNow })
    await endpoint('others', { workspaceId: 'T0OTHER' })
    const start = await offered()
    await handoffs.commit(start, accepting(start))
    expect((await owed()).sort()).toEqual(['accepted Accepted', 'all Accepted', 'all HandedOff'])
    const [row] = await database.prisma.webhookDelivery.findMany({ take: 1 })
    expect(row).toMatchObject({ workspaceId: ws, state: 'pending', tries: 0, nextTryAt: fixedNow })
  })

  test('are owed nothing where there are none, or where the decision did not stand', async () => {
    const start = await offered()
    await endpoint('late')
    const stale = { ...start, version: 7 }
    expect(await handoffs.commit(stale, accepting(stale))).toBe('moved')
    expect(await owed()).toEqual([])
  })
})

describe("a lead's CRM", () => {
  const behind = (leadId: string) => database.prisma.crmWrite.findUnique({ where: { leadId } })

  test('is behind after every change, in one row that starts anew', async () => {
    const start = await offered()
    const { id } = start.lead
    expect(await behind(id)).toMatchObject({ workspaceId: ws, dueAt: fixedNow, tries: 0 })
    const failed = { tries: 4, error: 'away' }
    await database.prisma.crmWrite.update({ where: { leadId: id }, data: failed })
    await handoffs.commit(start, accepting(start))
    expect(await behind(id)).toMatchObject({ dueAt: minutesAfter(12), tries: 0, error: null })
  })

  test('is let be where the lead is in none', async () => {
    const start = await offered({}, { crm: null })
    await handoffs.commit(start, accepting(start))
    expect(await behind(start.lead.id)).toBeNull()
  })
})

describe('a lead that is handed over', () => {
  const dueOf = async (id: string) =>
    (await database.prisma.lead.findUniqueOrThrow({ where: { id } })).scoreDueAt

  test('is to be scored, as long as it has no score', async () => {
    const { lead } = await offered()
    expect(await dueOf(lead.id)).toEqual(fixedNow)
  })

  test('with a score is scored again only where something new is told of it', async () => {
    const { lead, id } = await offered()
    const close = { status: 'closed', updatedAt: fixedNow }
    await database.prisma.handoff.update({ where: { id }, data: close })
    const turn = minutesAfter(-30)
    const scored = { score, scoreDueAt: turn }
    await database.prisma.lead.update({ where: { id: lead.id }, data: scored })
    const again = decisionOf(
      handOff(aHandOff({ id: `${id}_again`, workspaceId: ws, lead }), anActor(ben, 'marketing'), {
        agreement,
        now: fixedNow,
      }),
    )
    const next = { ...again.handoff, round: 2 }
    expect(await handoffs.commit(null, { ...again, handoff: next })).toBe('committed')
    expect(await dueOf(lead.id)).toEqual(turn)

    const told = { lead: { ...lead, title: 'Owner' } }
    expect(await handoffs.commit(next, changed(next, told))).toBe('committed')
    expect(await dueOf(lead.id)).toEqual(minutesAfter(5))
  })
})
