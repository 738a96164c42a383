import { describe, expect, test } from 'vitest'
import { scoreReason } from '../../src/content/words/score-reason.ts'
import type { Agreement } from '../../src/domain/agreement.ts'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import { keepNews } from '../../src/use-cases/keep-lead.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { recordActivities } from '../../src/use-cases/record-activities.ts'
import { returnHandoff } from '../../src/use-cases/return-handoff.ts'
import { scoreLeads } from '../../src/use-cases/score-leads.ts'
import { aMember, anAgreement, minutesAfter } from '../support/builders.ts'
import { createMemoryWorld, type MemoryWorld } from '../support/memory-world.ts'

const ws = 'ws_acme'
const email = 'maria@b.example'
const dayMinutes = 24 * 60

const named = (name: string) => ({ en: name, it: `${name} (it)` })

const scored = (
  overrides: Partial<NonNullable<Agreement['scoring']>> = {},
  language: 'en' | 'it' = 'en',
): Agreement => {
  const agreement = anAgreement({
    language,
    scoring: {
      threshold: 70,
      mql: 30,
      rules: [
        { id: 'quote', name: named('Asked for a quote'), activity: 'quote', points: 40 },
        {
          ...{ id: 'page', name: named('Pricing page'), activity: 'page', points: 10 },
          half_life: '7d',
        },
        {
          ...{ id: 'title', name: named('Decides'), points: 20 },
          when: { field: 'title', contains: 'owner' },
        },
      ],
    },
  })
  return agreement.scoring === undefined
    ? agreement
    : { ...agreement, scoring: { ...agreement.scoring, ...overrides } }
}

/** With something to lose points by. */
const fallible = (): Agreement => {
  const rules = scored().scoring?.rules ?? []
  const loss = { id: 'left', name: named('Left'), activity: 'unsubscribe', points: -100 } as const
  return scored({ rules: [...rules, { ...loss, times: 'once' }] })
}

let keys = 0
const did = (world: World, ...types: string[]) =>
  recordActivities(
    world,
    ws,
    types.map((type) => ({ email, type, key: `key_${++keys}`, properties: {} })),
  )
const score = (world: World) =>
  scoreLeads(world, { workspaceId: ws, limit: 100, reasonOf: scoreReason })
const pages = Array<string>(8).fill('page')

/** A lead that came over the threshold, and its handoff. */
async function crossed(agreement = scored()) {
  const world = createMemoryWorld({ agreement, members: [aMember()] })
  await did(world, 'quote', ...pages)
  expect(await score(world)).toEqual({ taken: 1, handedOver: 1, refused: [] })
  return { world, handoff: await handoffOf(world) }
}

async function handoffOf(world: MemoryWorld) {
  const handoff = await world.handoffs.lastOfLead(ws, email)
  if (handoff === undefined) throw new Error('nothing was handed over')
  return handoff
}

const countOf = async (world: World) =>
  (await world.handoffs.page(ws, {}, { limit: 100 })).items.length

async function giveBack(world: MemoryWorld, handoffId: string) {
  const by = aMember()
  await acceptHandoff(world, { workspaceId: ws, handoffId, by })
  const said = {
    ...{ reason: 'not-ready', readyWhen: 'spring', readyOn: undefined, note: undefined },
    ...{ criterion: undefined, field: undefined, duplicateOf: undefined },
  }
  const back = await returnHandoff(world, { workspaceId: ws, handoffId, by }, said)
  expect(back.kind).toBe('done')
}

describe('a lead that is due', () => {
  test('gets its score and stands where it did where the score is low', async () => {
    const world = createMemoryWorld({ agreement: scored() })
    await did(world, 'page')
    expect(await score(world)).toEqual({ taken: 1, handedOver: 0, refused: [] })
    expect(world.leadOf(ws, email)).toMatchObject({
      score: { total: 10, threshold: 70, lines: [{ rule: 'page', points: 10, times: 1 }] },
      stage: 'lead',
      standing: { above: false, crossings: 0 },
      dueAt: null,
    })
    expect(await score(world)).toMatchObject({ taken: 0 })
  })

  test('becomes an MQL with the points of one', async () => {
    const world = createMemoryWorld({ agreement: scored() })
    await did(world, 'quote')
    expect(await score(world)).toMatchObject({ handedOver: 0 })
    expect(world.leadOf(ws, email)).toMatchObject({
      stage: 'mql',
      changes: [{ what: 'stage', from: 'lead', to: 'mql', rule: 'scoring.mql' }],
    })
  })

  test('stays what marketing says it is, with the points of an MQL', async () => {
    const world = createMemoryWorld({ agreement: scored() })
    await did(world, 'quote')
    await score(world)
    await keepNews(world, ws, { email, lifecycleStage: 'lead' })
    await score(world)
    expect(world.leadOf(ws, email)?.stage).toBe('lead')
  })

  test('is left alone by an agreement that scores nothing', async () => {
    const world = createMemoryWorld()
    await did(world, 'quote')
    expect(await score(world)).toEqual({ taken: 1, handedOver: 0, refused: [] })
    expect(world.leadOf(ws, email)).toMatchObject({ score: null, dueAt: null })
  })
})

describe('an MQL that crosses the threshold', () => {
  test('is handed over once, in the words of its score', async () => {
    const { world, handoff } = await crossed()
    expect(handoff).toMatchObject({
      status: 'offered',
      reason: 'Score 120 reached 70: Pricing page ×8 +80, Asked for a quote +40',
      whatChanged: null,
      handedOffBy: null,
      cameFrom: 'mql',
      score: { total: 120 },
    })
    await did(world, 'quote')
    expect(await score(world)).toEqual({ taken: 1, handedOver: 0, refused: [] })
    expect(await countOf(world)).toBe(1)
    expect(world.leadOf(ws, email)).toMatchObject({
      stage: 'sql',
      standing: { above: true, crossings: 1 },
    })
  })

  test('is handed over in the language of the agreement', async () => {
    const { handoff } = await crossed(scored({}, 'it'))
    expect(handoff.reason).toMatch(/^Il punteggio 120 ha raggiunto 70: Pricing page \(it\) ×8/)
  })

  test('crosses it by news too', async () => {
    const world = createMemoryWorld({ agreement: scored({ threshold: 60 }) })
    await did(world, 'quote')
    await score(world)
    await keepNews(world, ws, { email, title: 'Owner' })
    expect(await score(world)).toMatchObject({ handedOver: 1 })
  })

  test('waits until it is one', async () => {
    const { mql: _, ...scoring } = scored().scoring ?? { threshold: 70, again: 'never', rules: [] }
    const world = createMemoryWorld({ agreement: { ...scored(), scoring } })
    await did(world, 'quote', ...pages)
    expect(await score(world)).toMatchObject({ handedOver: 0 })
    await keepNews(world, ws, { email, lifecycleStage: 'mql' })
    expect(await score(world)).toMatchObject({ handedOver: 1 })
  })

  test('is handed over again after a drop, with what changed', async () => {
    const { world, handoff } = await crossed()
    await giveBack(world, handoff.id)
    await did(world, 'page')
    expect(await score(world)).toMatchObject({ handedOver: 0 })
    world.clock.now = minutesAfter(30 * dayMinutes)
    expect(await score(world)).toMatchObject({ taken: 1, handedOver: 0 })
    expect(world.leadOf(ws, email)?.standing).toEqual({ above: false, crossings: 1 })
    await did(world, 'quote')
    expect(await score(world)).toMatchObject({ handedOver: 1 })
    const again = await handoffOf(world)
    expect(again).toMatchObject({ round: 2, previous: { handoffId: handoff.id } })
    expect(again.whatChanged).toBe(again.reason)
    expect(world.leadOf(ws, email)?.standing).toEqual({ above: true, crossings: 2 })
  })

  test('is not, where the agreement says never', async () => {
    const { world, handoff } = await crossed(scored({ again: 'never' }))
    await giveBack(world, handoff.id)
    world.clock.now = minutesAfter(60 * dayMinutes)
    await score(world)
    await did(world, 'quote')
    expect(await score(world)).toMatchObject({ handedOver: 0 })
    expect(await countOf(world)).toBe(1)
  })

  test('stays where the rules do not let it be handed over', async () => {
    const world = createMemoryWorld({ agreement: scored() })
    await keepNews(world, ws, { email, name: 'Maria', type: 'unheard-of' })
    await did(world, 'quote', ...pages)
    const round = await score(world)
    const leadId = world.leadOf(ws, email)?.lead.id
    expect(round).toEqual({
      ...{ taken: 1, handedOver: 0 },
      refused: [{ leadId, code: 'unknown-lead-type' }],
    })
    expect(world.leadOf(ws, email)?.standing).toEqual({ above: true, crossings: 1 })
    world.clock.now = minutesAfter(2)
    expect(await score(world)).toMatchObject({ taken: 0 })
  })
})

const crash = async () => Promise.reject(new Error('crash'))
const crashing = (world: World, when: string): World =>
  when === 'before'
    ? { ...world, handoffs: { ...world.handoffs, commitAll: crash } }
    : { ...world, scores: { ...world.scores, settle: crash } }

describe('a crash', () => {
  test.each(['before', 'after'])('%s the handoff makes one handoff', async (when) => {
    const world = createMemoryWorld({ agreement: scored() })
    await did(world, 'quote', ...pages)
    await expect(score(crashing(world, when))).rejects.toThrow('could not be handed over')
    expect(await countOf(world)).toBe(when === 'before' ? 0 : 1)
    expect(await score(world)).toMatchObject({ taken: 0 })
    world.clock.now = minutesAfter(2)
    expect(await score(world)).toMatchObject({ taken: 1 })
    expect(await countOf(world)).toBe(1)
    expect(world.leadOf(ws, email)?.standing).toEqual({ above: true, crossings: 1 })
  })

  test.each(['before', 'after'])(
    '%s the handoff makes one, though the score falls meanwhile, and the next crossing another',
    async (when) => {
      const world = createMemoryWorld({ agreement: fallible(), members: [aMember()] })
      await did(world, 'quote', ...pages)
      await expect(score(crashing(world, when))).rejects.toThrow('could not be handed over')
      await did(world, 'unsubscribe')
      world.clock.now = minutesAfter(0.5)
      await score(world)
      await score(world)
      const first = await handoffOf(world)
      expect(first).toMatchObject({
        reason: 'Score 120 reached 70: Pricing page ×8 +80, Asked for a quote +40',
        score: { total: 120 },
      })
      expect(await countOf(world)).toBe(1)
      expect(world.leadOf(ws, email)).toMatchObject({
        score: { total: 20 },
        standing: { above: false, crossings: 1 },
      })

      await giveBack(world, first.id)
      await did(world, 'quote', 'quote')
      expect(await score(world)).toMatchObject({ handedOver: 1 })
      expect(await handoffOf(world)).toMatchObject({ round: 2, score: { total: 100 } })
      expect(await countOf(world)).toBe(2)
      expect(world.leadOf(ws, email)?.standing).toEqual({ above: true, crossings: 2 })
    },
  )

  test('before the handoff, of one that marketing takes back, hands nothing over', async () => {
    const world = createMemoryWorld({ agreement: fallible() })
    await did(world, 'quote', ...pages)
    await expect(score(crashing(world, 'before'))).rejects.toThrow('could not be handed over')
    await keepNews(world, ws, { email, lifecycleStage: 'lead' })
    await did(world, 'unsubscribe')
    expect(await score(world)).toMatchObject({ taken: 1, handedOver: 0 })
    expect(await countOf(world)).toBe(0)
    expect(world.leadOf(ws, email)?.standing).toEqual({ above: false, crossings: 0 })
  })
})

describe('a lead that was handed over by hand', () => {
  const byHand = async (agreement: Agreement) => {
    const world = createMemoryWorld({ agreement, members: [aMember()] })
    await did(world, 'quote', ...pages)
    const result = await handOffLead(world, {
      ...{ workspaceId: ws, lead: { email, name: 'Maria' }, reason: 'Called', by: null },
      ...{ priority: 'standard', owner: undefined, whatChanged: undefined },
    })
    expect(result.kind).toBe('done')
    return world
  }

  test('is scored, and is not handed over by itself as well', async () => {
    const world = await byHand(scored())
    expect(await score(world)).toEqual({ taken: 1, handedOver: 0, refused: [] })
    expect(await handoffOf(world)).toMatchObject({ version: 1, reason: 'Called', news: null })
    expect(await countOf(world)).toBe(1)
    expect(world.leadOf(ws, email)).toMatchObject({
      stage: 'sql',
      score: { total: 120 },
      standing: { above: true, crossings: 1 },
    })
  })

  test('between two rounds of scoring is not handed over by a crossing of before', async () => {
    const world = createMemoryWorld({ agreement: scored(), members: [aMember()] })
    await did(world, 'quote', ...pages)
    await expect(score(crashing(world, 'before'))).rejects.toThrow('could not be handed over')
    await handOffLead(world, {
      ...{ workspaceId: ws, lead: { email, name: 'Maria' }, reason: 'Called', by: null },
      ...{ priority: 'standard', owner: undefined, whatChanged: undefined },
    })
    world.clock.now = minutesAfter(2)
    expect(await score(world)).toEqual({ taken: 1, handedOver: 0, refused: [] })
    expect(await handoffOf(world)).toMatchObject({ version: 1, news: null })
    expect(world.leadOf(ws, email)?.standing).toEqual({ above: true, crossings: 1 })
  })
})
