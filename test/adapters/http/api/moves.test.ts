import { beforeEach, describe, expect, test } from 'vitest'
import { anAgreement, minutesAfter } from '../../../support/builders.ts'
import { createMemoryWorld, type MemoryWorld } from '../../../support/memory-world.ts'
import { aHandOff, anApi, keys } from '../support.ts'

const handoffs = '/api/v1/handoffs'
const [anna, luca, ben, sara, mario] = ['anna', 'luca', 'ben', 'sara', 'mario'].map(
  (name) => `${name}@acme.example`,
)

let world: MemoryWorld
let ask: ReturnType<typeof anApi>['ask']
let id: string

const post = (verb: string, body: unknown, headers: Record<string, string> = {}) =>
  ask('POST', `${handoffs}/${id}/${verb}`, { body, headers })
const read = async () => (await ask('GET', `${handoffs}/${id}`)).body
const at = (minutes: number) => {
  world.clock.now = minutesAfter(minutes)
}

async function begin(agreement = anAgreement()) {
  world = createMemoryWorld({ agreement })
  ask = anApi({ world }).ask
  id = (await ask('POST', handoffs, { body: aHandOff() })).body.id
}
beforeEach(() => begin())

const accept = () => post('accept', { by: anna })
const giveBack = (said = {}) =>
  post('return', { by: anna, reason: 'not-ready', readyWhen: 'the budget is there', ...said })
const contest = () => post('contest', { by: ben, why: 'The budget was approved' })
const rule = (by: string | undefined, ruling = 'uphold', more = {}) =>
  post('rule', { by, ruling, ...more })

/** What comes again under its key is answered with the same, and done once. */
async function cameAgain(verb: string, body: unknown) {
  const headers = { 'idempotency-key': `${verb} once` }
  const first = await post(verb, body, headers)
  const again = await post(verb, body, headers)
  expect([first.status, again.status]).toEqual([200, 200])
  expect(first.headers.get('idempotency-replayed')).toBeNull()
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(again.body).toEqual(first.body)
  const other = await post(verb, { ...Object(body), more: 1 }, headers)
  expect(other.status).toBe(422)
  return first.body
}

describe('a return', () => {
  const agreement = anAgreement({
    return_reasons: [
      {
        id: 'wrong-data',
        name: { en: 'Wrong data', it: 'Dati errati' },
        status: 'Returned – wrong data',
        stage: 'mql',
        needs: ['field'],
      },
      {
        id: 'duplicate',
        name: { en: 'Duplicate', it: 'Doppione' },
        status: 'Returned – duplicate',
        stage: 'lead',
        needs: ['other_lead'],
      },
      {
        id: 'unresponsive',
        name: { en: 'Unresponsive', it: 'Non risponde' },
        status: 'Unresponsive',
        stage: 'mql',
        needs: ['attempts'],
      },
    ],
  })
  beforeEach(() => begin(agreement))

  test('names the field that is wrong, and shows everything that was said', async () => {
    const answer = await giveBack({ reason: 'wrong-data', field: 'phone', readyWhen: undefined })
    expect(answer.status).toBe(200)
    expect(answer.body.returned).toEqual({
      reason: 'wrong-data',
      criterion: null,
      readyOn: null,
      readyWhen: null,
      field: 'phone',
      duplicateOf: null,
      note: null,
      by: anna,
      at: '2026-11-23T09:00:00.000Z',
      answer: null,
      contest: null,
      readySince: null,
    })
  })

  test('names the other lead', async () => {
    const other = 'paola@officineverdi.example'
    const lead = { email: other, name: 'Paola Verdi' }
    await ask('POST', handoffs, { body: aHandOff({ lead }) })
    const answer = await giveBack({
      reason: 'duplicate',
      duplicateOf: ' Paola@officineverdi.example',
    })
    expect(answer).toMatchObject({ status: 200, body: { returned: { duplicateOf: other } } })
  })

  test.each([
    [{ reason: 'wrong-data' }, 422, 'needed', '/field'],
    [{ reason: 'wrong-data', field: 'other' }, 422, 'needed', '/note'],
    [{ reason: 'wrong-data', field: 'shoe size' }, 422, undefined, '/field'],
    [{ reason: 'duplicate' }, 422, 'needed', '/duplicateOf'],
    [{ reason: 'duplicate', duplicateOf: 'x' }, 422, undefined, '/duplicateOf'],
    [{ reason: 'duplicate', duplicateOf: 'nobody@b.example' }, 422, 'unknown-lead', '/duplicateOf'],
    [
      { reason: 'duplicate', duplicateOf: 'maria@officineverdi.example' },
      422,
      'same-lead',
      '/duplicateOf',
    ],
    [{ reason: 'unresponsive' }, 409, 'attempts-first', '/reason'],
  ])('that says %j is refused with %i', async (said, status, code, pointer) => {
    const answer = await giveBack(said)
    expect(answer).toMatchObject({ status, body: { errors: [{ pointer }] } })
    expect(answer.body.code).toBe(code)
    expect((await read()).status).toBe('offered')
  })
})

describe('the outcome', () => {
  test('makes an opportunity, and later a customer', async () => {
    await accept()
    const open = await post('outcome', { by: anna, dealStage: 'exploration', note: 'On Friday' })
    expect(open).toMatchObject({
      status: 200,
      body: {
        status: 'qualified',
        leadStatus: 'Open deal',
        lifecycleStage: 'opportunity',
        deal: {
          stage: 'exploration',
          lostReason: null,
          note: 'On Friday',
          at: '2026-11-23T09:00:00.000Z',
        },
      },
    })
    const won = await cameAgain('outcome', { by: anna, dealStage: 'closed-won' })
    expect(won).toMatchObject({
      status: 'closed',
      leadStatus: 'Closed won',
      lifecycleStage: 'customer',
      deal: { stage: 'closed-won' },
    })
    expect(won.events.at(-1)).toMatchObject({
      type: 'DealStageReported',
      by: anna,
      data: { stage: 'closed-won', from: 'exploration' },
    })
  })

  test('is taken from a program that does not know why a deal was lost', async () => {
    await accept()
    const lost = await post('outcome', { by: sara, dealStage: 'closed-lost' })
    expect(lost).toMatchObject({ status: 200, body: { deal: { lostReason: null } } })
  })

  test('tells why a deal was lost', async () => {
    await accept()
    const said = { by: anna, dealStage: 'closed-lost', lostReason: 'price' }
    expect((await post('outcome', said)).body.deal).toMatchObject({ lostReason: 'price' })
  })

  test('of a handoff without a deal is null', async () => {
    expect((await read()).deal).toBeNull()
  })

  test.each([
    [{ dealStage: 'exploration' }, 422, undefined, '/by'],
    [{ by: anna }, 422, undefined, '/dealStage'],
    [{ by: anna, dealStage: 'golf' }, 422, 'unknown-deal-stage', '/dealStage'],
    [
      { by: anna, dealStage: 'closed-lost', lostReason: 'rain' },
      422,
      'unknown-lost-reason',
      '/lostReason',
    ],
    [{ by: luca, dealStage: 'quote' }, 403, 'owned-by', undefined],
    [{ by: ben, dealStage: 'quote' }, 403, 'role-required', undefined],
  ])('%j is refused with %i', async (said, status, code, pointer) => {
    await accept()
    const answer = await post('outcome', said)
    expect(answer.status).toBe(status)
    expect(answer.body.code).toBe(code)
    expect(answer.body.errors?.[0].pointer).toBe(pointer)
    expect((await read()).deal).toBeNull()
  })

  test('is not possible before acceptance, twice the same, or after a return', async () => {
    const said = { by: anna, dealStage: 'quote' }
    expect(await post('outcome', said)).toMatchObject({
      status: 409,
      body: { code: 'not-accepted-yet', handoff: { status: 'offered' } },
    })
    await accept()
    await post('outcome', said)
    expect(await post('outcome', said)).toMatchObject({
      status: 409,
      body: {
        code: 'deal-stage-already',
        errors: [{ pointer: '/dealStage' }],
        handoff: { deal: { stage: 'quote' } },
      },
    })
    await begin()
    await giveBack()
    expect(await post('outcome', said)).toMatchObject({
      status: 409,
      body: { code: 'moved-on', handoff: { status: 'returned' } },
    })
  })
})

describe('the owner', () => {
  test('passes the lead on, to be shown by address, in the events too', async () => {
    await accept()
    const answer = await cameAgain('reassign', { by: anna, to: luca })
    expect(answer.owner).toBe(luca)
    expect(answer.events.at(-1)).toMatchObject({
      type: 'Reassigned',
      by: anna,
      data: { from: anna, to: luca },
    })
  })

  test('is shown by address where only an event names them', async () => {
    const body = aHandOff({
      lead: { email: 'paola@b.example', name: 'Paola' },
      owner: luca,
    })
    id = (await ask('POST', handoffs, { body })).body.id
    await post('reassign', { by: sara, to: anna })
    const { events } = await read()
    expect(events.map(({ data }: { data: object }) => data)).toMatchObject([
      { owner: luca },
      { from: luca, to: anna },
    ])
  })

  test('gives it back, so that everyone may accept it', async () => {
    await accept()
    const answer = await post('reassign', { by: anna, to: null })
    expect(answer).toMatchObject({ status: 200, body: { status: 'offered', owner: null } })
    expect(answer.body.events.at(-1).data).toMatchObject({ from: anna, to: null })
    expect((await post('accept', { by: luca })).body.owner).toBe(luca)
  })

  test('loses a lead that is overdue to whoever takes it over', async () => {
    await accept()
    expect(await post('reassign', { by: luca, to: luca })).toMatchObject({
      status: 403,
      body: { code: 'owned-by' },
    })
    at(60)
    expect(await post('reassign', { by: luca, to: luca })).toMatchObject({
      status: 200,
      body: { owner: luca },
    })
  })

  test.each([
    [{ by: anna }, 422, undefined, '/to'],
    [{ by: anna, to: 'x' }, 422, undefined, '/to'],
    [{ to: luca }, 422, undefined, '/by'],
    [{ by: anna, to: anna }, 422, 'yours-already', '/to'],
    [{ by: sara, to: anna }, 422, 'theirs-already', '/to'],
    [{ by: anna, to: ben }, 422, 'cannot-sell', '/to'],
    [{ by: luca, to: sara }, 403, 'owned-by', undefined],
    [{ by: ben, to: luca }, 403, 'role-required', undefined],
  ])('%j is refused with %i', async (said, status, code, pointer) => {
    await accept()
    const answer = await post('reassign', said)
    expect(answer.status).toBe(status)
    expect(answer.body.code).toBe(code)
    expect(answer.body.errors?.[0].pointer).toBe(pointer)
    expect((await read()).owner).toBe(anna)
  })

  test('is nobody who is off or has as many leads as agreed', async () => {
    const people = [
      { email: 'anna@acme.example', role: 'rep' as const },
      { email: 'luca@acme.example', role: 'rep' as const, off: ['2026-11-23/2026-11-27'] },
      { email: 'carla@acme.example', role: 'rep' as const, cap: 1 },
      { email: 'ben@acme.example', role: 'marketing' as const },
    ]
    await begin(anAgreement({ people }))
    const lead = { email: 'paola@b.example', name: 'Paola' }
    await ask('POST', handoffs, { body: aHandOff({ lead, owner: 'carla@acme.example' }) })
    await accept()
    for (const [to, code] of [
      [luca, 'off-duty'],
      ['carla@acme.example', 'full'],
    ]) {
      expect(await post('reassign', { by: anna, to })).toMatchObject({
        status: 422,
        body: { code, errors: [{ pointer: '/to' }] },
      })
    }
  })

  test('can be nobody’s to give back, and nothing moves once it is returned', async () => {
    expect(await post('reassign', { by: anna, to: null })).toMatchObject({
      status: 409,
      body: { code: 'nobody-has-it', handoff: { owner: null } },
    })
    await giveBack()
    expect(await post('reassign', { by: sara, to: luca })).toMatchObject({
      status: 409,
      body: { code: 'moved-on', handoff: { status: 'returned' } },
    })
  })
})

describe('marketing', () => {
  test('acknowledges a return', async () => {
    await giveBack()
    const answer = await cameAgain('acknowledge', { by: ben })
    expect(answer.returned).toMatchObject({ answer: 'acknowledged' })
    expect(await post('acknowledge', { by: ben })).toMatchObject({
      status: 409,
      body: { code: 'answered-already', handoff: { returned: { answer: 'acknowledged' } } },
    })
  })

  test('contests a return, and says why', async () => {
    await giveBack()
    at(30)
    const answer = await cameAgain('contest', { by: ben, why: 'The budget was approved' })
    expect(answer.returned).toMatchObject({
      answer: 'contested',
      contest: {
        by: ben,
        at: '2026-11-23T09:30:00.000Z',
        why: 'The budget was approved',
        term: expect.any(String),
        votes: [],
        ruling: null,
      },
    })
  })

  test('marks that what a return waited for has come', async () => {
    await giveBack()
    at(90)
    const answer = await cameAgain('ready', { by: mario })
    expect(answer.returned.readySince).toBe('2026-11-23T10:30:00.000Z')
    expect(await post('ready', { by: ben })).toMatchObject({
      status: 409,
      body: { code: 'ready-already', handoff: { status: 'returned' } },
    })
  })

  test('hands over again, and says what changed', async () => {
    await giveBack()
    at(120)
    expect(await ask('POST', handoffs, { body: aHandOff() })).toMatchObject({
      status: 422,
      body: { code: 'needed', errors: [{ pointer: '/whatChanged' }] },
    })
    const headers = { 'idempotency-key': 'round two' }
    const body = aHandOff({ whatChanged: 'The budget is there' })
    const next = await ask('POST', handoffs, { body, headers })
    expect(next.status).toBe(201)
    expect(next.body).toMatchObject({
      round: 2,
      whatChanged: 'The budget is there',
      previous: {
        handoff: id,
        leadStatus: 'Returned – not ready',
        reason: 'not-ready',
        criterion: null,
        readyOn: null,
        readyWhen: 'the budget is there',
        field: null,
        duplicateOf: null,
        note: null,
        at: '2026-11-23T09:00:00.000Z',
      },
    })
    expect(await ask('POST', handoffs, { body, headers })).toMatchObject({
      status: 200,
      body: { id: next.body.id },
    })
    const before = await read()
    expect(before).toMatchObject({ round: 1, previous: null, whatChanged: null })
    expect(before.returned.answer).toBe('handed-over-again')
    expect(before.events.at(-1)).toMatchObject({
      type: 'ReturnAnswered',
      data: { handoff: next.body.id },
    })
    expect(await post('acknowledge', { by: ben })).toMatchObject({ status: 409 })
  })

  test('hands a lead over again whose deal is closed, without a word on a return', async () => {
    await accept()
    await post('outcome', { by: anna, dealStage: 'closed-won' })
    const next = await ask('POST', handoffs, { body: aHandOff() })
    expect(next).toMatchObject({
      status: 201,
      body: { round: 2, whatChanged: null, previous: null },
    })
  })

  test.each([
    ['acknowledge', {}],
    ['contest', { why: 'x' }],
    ['ready', {}],
  ])('alone may %s, and only what is back', async (verb, said) => {
    expect(await post(verb, { by: ben, ...said })).toMatchObject({
      status: 409,
      body: { code: 'moved-on', handoff: { status: 'offered' } },
    })
    await giveBack()
    expect(await post(verb, { by: luca, ...said })).toMatchObject({
      status: 403,
      body: { code: 'role-required' },
    })
    expect(await post(verb, said)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/by', detail: 'is required' }] },
    })
  })

  test('contests neither without saying why nor after the time', async () => {
    await giveBack()
    for (const why of [undefined, '', ' ', 'x'.repeat(2_001)]) {
      expect(await post('contest', { by: ben, why })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/why' }] },
      })
    }
    at(60 * 24 * 3)
    expect(await contest()).toMatchObject({
      status: 409,
      body: { code: 'contest-too-late', handoff: { returned: { contest: null } } },
    })
  })

  test('contests nothing that nobody could rule on', async () => {
    await begin(
      anAgreement({
        people: [
          { email: 'anna@acme.example', role: 'rep' },
          { email: 'ben@acme.example', role: 'marketing' },
        ],
      }),
    )
    await giveBack()
    expect(await contest()).toMatchObject({ status: 409, body: { code: 'nobody-to-rule' } })
  })
})

describe('a ruling', () => {
  beforeEach(async () => {
    await giveBack()
    await contest()
  })

  test('is that of both managers', async () => {
    const first = await rule(sara, 'clarify', { words: 'A budget counts once approved' })
    expect(first).toMatchObject({ status: 200 })
    expect(first.body.returned.contest).toMatchObject({
      ruling: null,
      votes: [
        {
          side: 'sales',
          ruling: 'clarify',
          words: 'A budget counts once approved',
          by: sara,
          at: '2026-11-23T09:00:00.000Z',
        },
      ],
    })
    const both = await cameAgain('rule', { by: mario, ruling: 'clarify', words: 'So it is' })
    expect(both.returned.contest).toMatchObject({
      ruling: 'clarify',
      votes: [{ by: sara }, { by: mario }],
    })
    expect(both.events.at(-1)).toMatchObject({
      type: 'ReturnRuled',
      data: { ruling: 'clarify', by: [sara, mario] },
    })
  })

  test('that overturns the return reopens the handoff', async () => {
    await rule(sara, 'overturn')
    expect(await rule(mario, 'overturn')).toMatchObject({
      status: 200,
      body: { status: 'offered', leadStatus: 'New', lifecycleStage: 'sql', returned: null },
    })
  })

  test('is shown as it stands where they disagree, and may be changed', async () => {
    await rule(sara, 'uphold')
    const split = await rule(mario, 'overturn')
    expect(split.body).toMatchObject({
      status: 'returned',
      returned: { contest: { ruling: null, votes: [{ side: 'sales' }, { side: 'marketing' }] } },
    })
    expect((await rule(sara, 'overturn')).body.status).toBe('offered')
  })

  test('is refused where it says what was said, or nothing', async () => {
    await rule(sara)
    expect(await rule(sara)).toMatchObject({ status: 409, body: { code: 'ruled-so-already' } })
    expect(await rule(mario, 'clarify')).toMatchObject({
      status: 422,
      body: { code: 'needed', errors: [{ pointer: '/words' }] },
    })
    expect(await rule(mario, 'perhaps')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/ruling' }] },
    })
    await rule(mario)
    expect(await rule(mario, 'overturn')).toMatchObject({
      status: 409,
      body: { code: 'ruled-already', handoff: { returned: { contest: { ruling: 'uphold' } } } },
    })
  })

  test('is not asked for any more once the lead is handed over again', async () => {
    await ask('POST', handoffs, { body: aHandOff({ whatChanged: 'The budget is there' }) })
    expect(await rule(sara)).toMatchObject({
      status: 409,
      body: { code: 'not-contested', handoff: { returned: { answer: 'handed-over-again' } } },
    })
  })

  test('is for managers who have no part in it', async () => {
    expect(await rule(luca)).toMatchObject({ status: 403, body: { code: 'role-required' } })
    await begin()
    await accept()
    await giveBack({ by: sara })
    expect(await rule(mario)).toMatchObject({ status: 409, body: { code: 'not-contested' } })
    const people = [
      { email: 'ada@acme.example', role: 'sales_manager' as const },
      ...anAgreement().people.map(({ email, role }) => ({ email, role })),
    ]
    await begin(anAgreement({ people }))
    await giveBack({ by: sara })
    await contest()
    expect(await rule(sara)).toMatchObject({ status: 403, body: { code: 'party-to-it' } })
  })
})

test.each([
  ['accept', {}],
  ['return', { reason: 'not-ready' }],
  ['outcome', { dealStage: 'quote' }],
  ['reassign', { to: luca }],
  ['acknowledge', {}],
  ['contest', { why: 'x' }],
  ['rule', { ruling: 'uphold' }],
  ['ready', {}],
])('%s finds no handoff that is not there, or is another workspace’s', async (verb, said) => {
  const body = { by: anna, ...said }
  const elsewhere = await ask('POST', `${handoffs}/${id}/${verb}`, { body, key: keys.other })
  const nowhere = await ask('POST', `${handoffs}/hof_none/${verb}`, { body })
  expect([elsewhere.status, nowhere.status]).toEqual([404, 404])
  expect(nowhere.headers.get('content-type')).toBe('application/problem+json')
})
