import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Offer, offerOf } from '../../../../src/adapters/slack/features/handoff-owner/offer.ts'
import { buildOwnerForm } from '../../../../src/adapters/slack/features/handoff-owner/owner.ts'
import { type Agreement, locales } from '../../../../src/domain/agreement.ts'
import type { Actor } from '../../../../src/domain/decide/decision.ts'
import type { Duty } from '../../../../src/domain/duty.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import type { Member } from '../../../../src/domain/person.ts'
import { acceptHandoff } from '../../../../src/use-cases/accept-handoff.ts'
import { handOffLead } from '../../../../src/use-cases/hand-off-lead.ts'
import type { World } from '../../../../src/use-cases/ports/world.ts'
import { giveBack, reassignHandoff } from '../../../../src/use-cases/reassign-handoff.ts'
import { reportDeal } from '../../../../src/use-cases/report-deal.ts'
import { accepted, anActor, anAgreement, aPerson, minutesAfter } from '../../../support/builders.ts'
import type { FakeMessage, FakeView } from '../../../support/fake-slack.ts'
import type { MemoryWorld } from '../../../support/memory-world.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'
import {
  anna,
  benMember,
  luca,
  saraMember,
  startWorkplace,
  type Workplace,
  workspaceId,
} from './workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace()
})
afterEach(() => place.stop())

/** The same with another agreement. */
async function under(agreement: Agreement, through?: (world: MemoryWorld) => World) {
  await place.stop()
  place = await startWorkplace({ agreement, ...(through && { through }) })
}

const choose = (user: string, handoff: string, card: FakeMessage) => {
  const value = `owner:${handoff}`
  const options = [{ text: { type: 'plain_text', text: 'Owner' }, value }]
  const elements = [{ type: 'overflow', action_id: 'handoff.more', options }]
  const message = { ...card, blocks: [{ type: 'actions', block_id: 'more', elements }] }
  return place.slack.clickButton({ user, actionId: 'handoff.more', value, message })
}

async function openFor(user: string, { handoff, card }: { handoff: Handoff; card: FakeMessage }) {
  expect((await choose(user, handoff.id, card)).status).toBe(200)
  return place.slack.nextView()
}

/** What is said to the one who asked, where no form opens. */
async function refusedTo(user: string, { handoff, card }: { handoff: Handoff; card: FakeMessage }) {
  const sent = await choose(user, handoff.id, card)
  return (await sent.nextResponse()).body.text
}

const submit = (view: FakeView, to: string | null, user = 'U0ANNA') =>
  place.slack.submitView({ user, view, values: { to } })

/** The options of the form, as `value: label`. */
function offeredBy(view: Pick<FakeView, 'blocks'>): string[] {
  const options: { value: string; text: { text: string } }[] = JSON.parse(
    JSON.stringify(view.blocks[0]?.element),
  ).options
  return options.map(({ value, text }) => `${value}: ${text.text}`)
}

/** A lead that one person hands over and another accepts. */
async function handedOver(by: Member, to: Member, email = 'maria@officineverdi.example') {
  const result = await handOffLead(place.world, {
    workspaceId,
    lead: { email, name: 'Maria Verdi' },
    reason: 'Asked for a quote',
    priority: 'standard',
    owner: undefined,
    by,
    whatChanged: undefined,
  })
  if (result.kind !== 'done') throw new Error(result.kind)
  const { id } = result.handoff
  await acceptHandoff(place.world, { workspaceId, handoffId: id, by: to })
  const card: FakeMessage = {
    channel: 'C0SQL',
    ts: '1.1',
    user: '',
    text: '',
    blocks: [],
    updates: 0,
  }
  return { handoff: await place.handoff(id), card }
}

const ownerOf = async ({ id }: Handoff) => (await place.handoff(id)).owner?.id ?? null
const targetOf = ({ id }: Handoff) => ({ workspaceId, handoffId: id, by: anna })

describe('Owner', () => {
  test('the owner passes the lead on to a colleague, or offers it to everyone again', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    expect(view.callback_id).toBe('handoff.reassign')
    expect(offeredBy(view)).toEqual([
      'everyone: Offer it to everyone again',
      'per_luca: Luca Bianchi',
      'per_sara: Sara Conti',
    ])
    expect((await submit(view, 'per_luca')).body).toBe('')
    expect(await ownerOf(offered.handoff)).toBe('per_luca')
    expect(place.world.notices.at(-1)?.notice).toMatchObject({
      type: 'reassigned',
      by: 'per_anna',
      to: 'per_luca',
    })
  })

  test('everyone again: the lead is offered anew', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    expect((await submit(view, 'everyone')).body).toBe('')
    expect(await place.handoff(offered.handoff.id)).toMatchObject({
      status: 'offered',
      owner: null,
    })
  })

  test('a lead with a deal is not given back', async () => {
    const offered = await place.offerAccepted()
    const deal = { stage: 'quote', lostReason: undefined, note: undefined, fromProgram: false }
    await reportDeal(place.world, targetOf(offered.handoff), deal)
    const view = await openFor('U0ANNA', offered)
    expect(offeredBy(view).join()).not.toContain('everyone')
    const sent = await submit({ ...view, blocks: [withOption(view, 'everyone')] }, 'everyone')
    expect(sent.body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/moved on.*Open deal/) } }] },
    })
    expect(await ownerOf(offered.handoff)).toBe('per_anna')
  })

  test('a colleague may only take over what is overdue', async () => {
    const offered = await place.offerAccepted()
    expect(await refusedTo('U0LUCA', offered)).toMatch(/^Questo lead è di Anna Rossi/)
    place.world.clock.now = minutesAfter(120)
    const view = await openFor('U0LUCA', offered)
    expect(offeredBy(view)).toEqual(['per_luca: A me'])
    expect((await submit(view, null, 'U0LUCA')).body).toBe('')
    expect(await ownerOf(offered.handoff)).toBe('per_luca')
  })

  test('a manager comes first in the list, and may do all of it', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0SARA', offered)
    expect(offeredBy(view)).toEqual([
      'per_sara: Me',
      'everyone: Offer it to everyone again',
      'per_luca: Luca Bianchi',
    ])
    await submit(view, 'per_sara', 'U0SARA')
    expect(await ownerOf(offered.handoff)).toBe('per_sara')
  })

  test('a manager passes a lead on that nobody has yet', async () => {
    const offered = await place.offer()
    const view = await openFor('U0SARA', offered)
    expect(offeredBy(view)).toEqual(['per_anna: Anna Rossi', 'per_luca: Luca Bianchi'])
    await submit(view, 'per_luca', 'U0SARA')
    expect(await ownerOf(offered.handoff)).toBe('per_luca')
  })

  test('no form opens for whoever may do nothing', async () => {
    const open = await place.offer()
    expect(await refusedTo('U0ANNA', open)).toMatch(/^Nobody has this lead yet: accept it/)
    await expect.poll(() => place.refreshed).toEqual([open.handoff.id])
    for (const user of ['U0BEN', 'U0MARIO', 'U0GUEST']) {
      expect(await refusedTo(user, open)).toMatch(/^Only sales/)
    }
    const { card } = open
    await acceptHandoff(place.world, targetOf(open.handoff))
    const won = { stage: 'closed-won', lostReason: undefined, note: undefined, fromProgram: false }
    await reportDeal(place.world, targetOf(open.handoff), won)
    expect(await refusedTo('U0SARA', open)).toMatch(/moved on.*Closed won/)
    const sent = await choose('U0ANNA', 'hof_none', card)
    expect((await sent.nextResponse()).body.text).toMatch(/^This handoff is not there/)
    expect(place.slack.callsOf('views.open')).toEqual([])
  })

  test('what is decided is decided when the form is sent, for the one who sends it', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    for (const [user, sentence] of [
      ['U0BEN', /^Only sales/],
      ['U0LUCA', /^Questo lead è di Anna Rossi/],
    ] as const) {
      expect((await submit(view, 'everyone', user)).body).toMatchObject({
        response_action: 'update',
        view: { blocks: [{ text: { text: expect.stringMatching(sentence) } }] },
      })
    }
    expect(await ownerOf(offered.handoff)).toBe('per_anna')
  })
})

describe('days off and caps', () => {
  const staff = (luca: object, sara: object = {}) =>
    anAgreement({
      people: [
        { email: 'anna@acme.example', role: 'rep' },
        { email: 'luca@acme.example', role: 'rep', ...luca },
        { email: 'sara@acme.example', role: 'sales_manager', ...sara },
      ],
      reassignment: { take_over: 'always' },
    })

  test('who is off is shown as such, and refused under the field', async () => {
    await under(staff({ off: ['2026-11-20/2027-01-07'] }))
    const offered = await handedOver(saraMember, anna)
    const view = await openFor('U0ANNA', offered)
    expect(offeredBy(view)).toContain('per_luca: Luca Bianchi, off until 7 January 2027')
    expect((await submit(view, 'per_luca')).body).toEqual({
      response_action: 'errors',
      errors: { to: 'Luca Bianchi is off until 7 January 2027: choose somebody else.' },
    })
    expect((await submit(view, 'per_sara')).body).toBe('')
  })

  test('who has as many leads as agreed is shown as such, also in their own form', async () => {
    await under(staff({ cap: 1 }, { cap: 20 }))
    await handedOver(saraMember, luca, 'rosa@acciai.example')
    const offered = await handedOver(saraMember, anna)
    const view = await openFor('U0ANNA', offered)
    expect(offeredBy(view)).toEqual([
      'everyone: Offer it to everyone again',
      'per_luca: Luca Bianchi, has 1 open lead',
      'per_sara: Sara Conti',
    ])
    expect((await submit(view, 'per_luca')).body).toMatchObject({
      errors: { to: expect.stringMatching(/^Luca Bianchi has 1 open lead, the most/) },
    })
    const own = await openFor('U0LUCA', offered)
    expect(offeredBy(own)).toEqual(['per_luca: A me, ha 1 lead aperto'])
    expect((await submit(own, 'per_luca', 'U0LUCA')).body).toMatchObject({
      errors: { to: expect.stringMatching(/^Luca Bianchi ha 1 lead aperto/) },
    })
  })

  test('whoever takes over is there: their days off are not in the way', async () => {
    await under(staff({ off: ['2026-11-23'] }))
    const offered = await handedOver(saraMember, anna)
    const view = await openFor('U0LUCA', offered)
    expect(offeredBy(view)).toEqual(['per_luca: A me'])
    expect((await submit(view, 'per_luca', 'U0LUCA')).body).toBe('')
  })
})

describe('a form that is stale', () => {
  test('says that the lead has moved on, in place of the form, and the card is refreshed', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    await giveBack(place.world, targetOf(offered.handoff))
    for (const [to, sentence] of [
      ['everyone', /^Nobody has this lead yet/],
      ['per_luca', /^Only a manager can do this/],
    ] as const) {
      expect((await submit(view, to)).body).toMatchObject({
        response_action: 'update',
        view: { blocks: [{ text: { text: expect.stringMatching(sentence) } }] },
      })
    }
    await expect.poll(() => place.refreshed).toEqual([offered.handoff.id])
  })

  test('whoever got the lead meanwhile is not given it again', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0SARA', offered)
    const target = { ...targetOf(offered.handoff), by: saraMember }
    await reassignHandoff(place.world, target, { to: luca })
    expect((await submit(view, 'per_luca', 'U0SARA')).body).toMatchObject({
      response_action: 'errors',
      errors: { to: 'This lead is Luca Bianchi’s already: choose somebody else.' },
    })
    await reassignHandoff(place.world, target, { to: saraMember })
    expect((await submit(view, 'per_sara', 'U0SARA')).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: 'This lead is yours already.' } }] },
    })
  })

  test('sent again it has one effect', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    await submit(view, 'per_luca')
    const { version } = await place.handoff(offered.handoff.id)
    expect((await submit(view, 'per_luca')).body).toBe('')
    expect((await place.handoff(offered.handoff.id)).version).toBe(version)
    expect((await submit(view, 'per_sara')).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/^This form was sent before/) } }] },
    })
  })

  test.each([null, 'per_nobody', 'x y', '__proto__', `usr_${'x'.repeat(200)}`])(
    'nobody whom Baton knows (%j) is no choice',
    async (to) => {
      const offered = await place.offerAccepted()
      const view = await openFor('U0ANNA', offered)
      const blocks = to === null ? view.blocks : [withOption(view, to)]
      expect((await submit({ ...view, blocks }, to)).body).toEqual({
        response_action: 'errors',
        errors: { to: 'Choose who gets this lead.' },
      })
    },
  )

  test('and one of marketing can not get it', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    const blocks = [withOption(view, benMember.id)]
    expect((await submit({ ...view, blocks }, benMember.id)).body).toMatchObject({
      errors: { to: expect.stringMatching(/^Ben Marsh is not in sales/) },
    })
  })

  test('tampered with, it changes nothing', async () => {
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    for (const private_metadata of ['', '[]', '{"handoff":"../x"}', 'nul\u0000']) {
      const sent = await submit({ ...view, private_metadata }, 'per_luca')
      expect(sent.body).toMatchObject({ response_action: 'update' })
    }
    expect(await ownerOf(offered.handoff)).toBe('per_anna')
  })
})

/** The field with an option that the form does not offer. */
function withOption(view: FakeView, value: string): Record<string, unknown> {
  const [block] = view.blocks
  const element = { type: 'static_select', action_id: 'value', options: [{ value }] }
  return { ...block, element }
}

describe('who is offered', () => {
  test('also the owners of the lead type, and whoever has a role by other means', async () => {
    const types = anAgreement().lead_types.map(({ id, name, channel }) => ({
      id,
      name,
      channel,
      owners: { rotate: ['anna@acme.example', 'mario@acme.example', 'rita@acme.example'] },
    }))
    await under(
      anAgreement({
        lead_types: types,
        people: [{ email: 'mario@acme.example', role: 'marketing_manager' }],
      }),
      (world) => ({
        ...world,
        members: {
          ...world.members,
          assigned: async () => [{ person: luca, role: 'rep' }],
        },
      }),
    )
    const handoff = await handedOver(anna, anna)
    expect(offeredBy(await openFor('U0ANNA', handoff))).toEqual([
      'everyone: Offer it to everyone again',
      'per_luca: Luca Bianchi',
      expect.stringMatching(/: rita@acme\.example$/),
    ])
  })

  test('anybody, by the picker of Slack, where the agreement names nobody', async () => {
    await under(anAgreement({ people: [] }))
    const offered = await place.offerAccepted()
    const view = await openFor('U0ANNA', offered)
    expect(view.blocks).toMatchObject([
      {
        block_id: 'to',
        optional: true,
        hint: { text: 'Left empty, the lead is offered to everyone again.' },
        element: { type: 'users_select', action_id: 'value' },
      },
    ])
    expect(faultsOf(viewSchema, view)).toEqual([])
    expect((await submit(view, 'U0LUCA')).body).toBe('')
    expect(await ownerOf(offered.handoff)).toBe('per_luca')
    const again = await openFor('U0LUCA', offered)
    expect((await submit(again, null, 'U0LUCA')).body).toBe('')
    expect(await ownerOf(offered.handoff)).toBeNull()
  })

  test('the picker takes oneself for nobody new, and must be filled in where nothing else goes', async () => {
    await under(anAgreement({ people: [] }))
    const offered = await place.offerAccepted()
    const deal = { stage: 'quote', lostReason: undefined, note: undefined, fromProgram: false }
    await reportDeal(place.world, targetOf(offered.handoff), deal)
    const view = await openFor('U0ANNA', offered)
    expect(view.blocks[0]).toMatchObject({ optional: false })
    expect((await submit(view, null)).body).toMatchObject({
      errors: { to: 'Choose who gets this lead.' },
    })
    expect((await submit(view, 'U0ANNA')).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: 'This lead is yours already.' } }] },
    })
  })

  test('nobody, where there is no other: it says so instead of an empty list', async () => {
    await under(anAgreement({ people: [{ email: 'anna@acme.example', role: 'rep' }] }))
    const offered = await handedOver(anna, anna)
    const deal = { stage: 'quote', lostReason: undefined, note: undefined, fromProgram: false }
    await reportDeal(place.world, targetOf(offered.handoff), deal)
    expect(await refusedTo('U0ANNA', offered)).toMatch(/^The agreement names nobody else of sales/)
    expect(place.slack.callsOf('views.open')).toEqual([])
  })
})

describe('the list', () => {
  const crowd = anAgreement({
    people: Array.from({ length: 150 }, (_, place) => ({
      email: `rep${String(place).padStart(3, '0')}@acme.example`,
      role: 'rep' as const,
    })),
  })
  const standing = { handoff: accepted(), agreement: crowd, inForce: crowd }
  const offerFor = (asker: Actor | undefined, world: World = place.world) =>
    offerOf(standing, asker, { world, workspaceId }, 'en')

  test('holds as many as Slack takes, the first by name, and looks up no more', async () => {
    const { members, handoffs } = place.world
    const lookedUp = new Set<string>()
    const counting = { ...handoffs, openOf: async (_: string, id: string) => lookedUp.add(id).size }
    const offer = await offerFor(anActor(), { ...place.world, members, handoffs: counting })
    expect(offer).toMatchObject({ me: undefined, everyone: true, allOthers: 150 })
    expect(offer.others).toHaveLength(99)
    expect(offer.others[0]).toMatchObject({ person: { name: 'rep000@acme.example' } })
    expect(lookedUp.size).toBe(99)
    const form = buildOwnerForm('hof_1', offer, 'en')
    expect(faultsOf(viewSchema, form)).toEqual([])
    const manager = await offerFor(anActor({ id: 'per_boss' }, 'sales_manager'))
    expect(manager).toMatchObject({ me: { person: { id: 'per_boss' } }, allOthers: 150 })
    expect(manager.others).toHaveLength(98)
  })

  test('offers all but oneself to who can not be known in time', async () => {
    const offer = await offerFor(undefined)
    expect(offer).toMatchObject({ me: undefined, everyone: true, allOthers: 150 })
  })

  test('gives way to the picker of Slack where the people can not be known in time', async () => {
    vi.useFakeTimers()
    try {
      const members = { ...place.world.members, byEmail: () => new Promise<never>(() => {}) }
      const offer = offerFor(anActor(), { ...place.world, members })
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await offer).toMatchObject({ everyone: true, others: 'anybody' })
    } finally {
      vi.useRealTimers()
    }
  })
})

describe.each(locales)('the form of an owner (%s)', (locale) => {
  const candidate = (name: string, duty: Duty = { free: true }, id = `per_${name}`) => ({
    person: aPerson({ id, name, email: `${id}@acme.example` }),
    duty,
  })
  const offer = (parts: Partial<Offer>): Offer => {
    const others = parts.others ?? []
    return { me: undefined, everyone: false, others, allOthers: others.length, ...parts }
  }

  test('keeps within the limits of Slack and reads well', () => {
    const off: Duty = { free: false, why: 'off', until: '2027-01-07' }
    const forms = [
      offer({
        me: candidate('anna', off),
        everyone: true,
        others: [
          candidate('Luca Neri', off),
          candidate('Rita Sala', { free: false, why: 'full', cap: 20 }),
        ],
      }),
      offer({ me: candidate('anna') }),
      offer({ others: 'anybody', everyone: true }),
      offer({ others: 'anybody' }),
    ].map((one) => buildOwnerForm('hof_1', one, locale))
    for (const form of forms) expect(faultsOf(viewSchema, form)).toEqual([])
    expect(forms).toMatchSnapshot()
  })

  test('says how many of all the list has room for', () => {
    const others = Array.from({ length: 98 }, (_, place) => candidate(`Rep ${place}`))
    const parts = { me: candidate('anna'), everyone: true, others, allOthers: 1_234 }
    const form = buildOwnerForm('hof_1', offer(parts), locale)
    expect(faultsOf(viewSchema, form)).toEqual([])
    expect(JSON.stringify(form)).toContain(locale === 'en' ? '98 of 1,234' : '98 di 1234')
  })

  test('a long name leaves room for why not, and namesakes are told apart', () => {
    const off: Duty = { free: false, why: 'off', until: '2027-01-07' }
    const name = `<!channel> ${'W'.repeat(180)}`
    const others = [
      candidate(name, off, 'per_1'),
      candidate('Luca Neri', undefined, 'per_2'),
      candidate('Luca  Neri', undefined, 'per_3'),
    ]
    const form = buildOwnerForm('hof_1', offer({ others }), locale)
    expect(faultsOf(viewSchema, form)).toEqual([])
    const [first, ...rest] = offeredBy(JSON.parse(JSON.stringify(form)))
    expect(first).toMatch(/…, .*2027$/)
    expect(rest).toEqual([
      'per_2: Luca Neri (per_2@acme.example)',
      'per_3: Luca Neri (per_3@acme.example)',
    ])
  })
})
