import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { Desk, FormReply, Reply } from '../../../../src/adapters/slack/features/feature.ts'
import { features, tablesOf } from '../../../../src/adapters/slack/features/index.ts'
import {
  type Click,
  clickSchema,
  commandSchema,
  type Form,
  shortcutSchema,
} from '../../../../src/adapters/slack/payloads.ts'
import { type Agreement, type Role, roles } from '../../../../src/domain/agreement.ts'
import { deadlineKinds, type Handoff } from '../../../../src/domain/handoff.ts'
import { type Member, personOf } from '../../../../src/domain/person.ts'
import { propose } from '../../../../src/domain/proposal.ts'
import { proposeTerm, suggestTerm } from '../../../../src/domain/term-proposal.ts'
import { newTest } from '../../../../src/domain/test-handoff.ts'
import {
  accepted,
  aHandoff,
  aLead,
  aMember,
  anAgreement,
  aPause,
  ben,
  contested,
  mario,
  minutesAfter,
  paused,
  returned,
  ruled,
  sara,
  withAttempt,
  withDeal,
} from '../../../support/builders.ts'
import { createMemoryWorld, type MemoryWorld } from '../../../support/memory-world.ts'
import { term, wording } from '../../../support/terms.ts'

/**
 * Everything that is registered, asked for by somebody of outside who was somebody here: named with
 * a role, head of sales, owner of the leads and the one who handed them over. Each payload is one
 * that does something for the same person before they left, so none is refused for another reason.
 */

const tables = tablesOf(features)
const workspaceId = 'ws_1'

const leaver = aMember({
  id: 'per_lea',
  slackId: 'U0LEA',
  email: 'lea@acme.example',
  name: 'Lea Leaver',
  slackAdmin: true,
})
const outside: Member = { ...leaver, external: true }

const agreementWith = (role: Role | null): Agreement =>
  anAgreement({
    pause: aPause(),
    people: [
      ...(role === null ? [] : [{ email: 'lea@acme.example', role, head_of: 'sales' as const }]),
      { email: 'anna@acme.example', role: 'rep' },
      { email: 'sara@acme.example', role: 'sales_manager' },
      { email: 'mario@acme.example', role: 'marketing_manager', head_of: 'marketing' },
    ],
  })

const headed = agreementWith('rep')

/** A fresh installation, in which everyone of the workspace is a rep. */
const nobodyNamed = anAgreement({ pause: aPause(), people: [] })

/** Handoffs in every state, each of a lead of its own, owned and handed over by the leaver. */
function handoffs(agreement: Agreement): Handoff[] {
  const person = personOf(leaver)
  const terms = { agreement }
  const offered = (): Handoff => aHandoff({}, agreement)
  const taken = (): Handoff => accepted(offered(), terms)
  const disputed = (): Handoff => contested(returned(offered(), {}, terms), terms)
  const states: Record<string, Handoff> = {
    offered: offered(),
    accepted: taken(),
    attempted: withAttempt(taken(), {}, agreement),
    paused: paused(taken(), terms),
    qualified: withDeal('exploration', taken(), terms),
    closed: withDeal('closed-won', taken(), terms),
    returned: returned(offered(), {}, terms),
    contested: disputed(),
    ruled: ruled('uphold', disputed(), terms),
  }
  return Object.entries(states).map(([name, handoff]) => ({
    ...handoff,
    id: `hof_${name}`,
    lead: aLead({ id: `lead_${name}`, email: `${name}@verdi.example` }),
    owner: handoff.owner && person,
    handedOffBy: person,
    version: 1,
  }))
}

/** Read and completed once, since that takes long. */
const draft = await createMemoryWorld({ agreement: headed }).proposals.draft(
  workspaceId,
  'title: Another',
  'test.yml',
)

interface Scene {
  world: MemoryWorld
  desk: Desk
  ids: string[]
  /** Everything that anybody could have changed. */
  stand(): Promise<string>
}

/** `button` is the one that is asked for: a test handoff can be sent only where there is none. */
async function aScene(member: Member, agreement: Agreement, button?: string): Promise<Scene> {
  const luca = aMember({ id: 'per_luca', slackId: 'U0LUCA', email: 'luca@acme.example' })
  const world = createMemoryWorld({
    agreement,
    members: [member, aMember(), aMember(ben), aMember(sara), aMember(mario), luca],
    terms: [term()],
  })
  world.clock.now = minutesAfter(100)
  const all = handoffs(agreement)
  for (const handoff of all) {
    const decision = { handoff, events: [], notices: [], changes: [], redraw: false }
    expect(await world.handoffs.commit(null, decision)).toBe('committed')
  }
  const proposing = { id: 'prop_1', workspaceId, agreement: draft.agreement, base: draft.base }
  // it was proposed while there were two heads, also where there are none now
  const context = { inForce: headed, newest: draft.base, now: world.now() }
  await world.proposals.add(draft, workspaceId, () =>
    propose({ ...proposing, from: undefined, by: null }, context),
  )
  const dropped = { id: 'drop_1', fileId: 'F1', channelId: 'D1', byId: member.id }
  await world.drops.add({ ...dropped, workspaceId }, world.now())
  world.drops.put({ id: 'drop_1', state: 'offered', columns: [{ heading: 'E', target: 'email' }] })
  const hook = { id: 'hook_1', url: 'https://crm.example/', events: [], createdAt: world.now() }
  await world.webhooks.add(workspaceId, { ...hook, secret: 'whsec_a-secret' }, 20)
  const another = { ...term(), en: wording({ definition: 'Another.' }) }
  const asked = { workspaceId, term: another, owner: null, note: null, baseVersion: 1, by: null }
  for (const [id, rule] of [
    ['term_open', proposeTerm],
    ['term_suggested', suggestTerm],
  ] as const) {
    await world.termProposals.add(workspaceId, { id, termId: another.id }, (stands) =>
      rule({ ...asked, id }, { ...stands, inForce: headed, now: world.now() }),
    )
  }
  const tested = { id: 'hof_test1', workspaceId, agreementVersion: 1 }
  const toTry = newTest(agreement, tested, world.now())
  if (toTry !== undefined && button !== 'test.send') await world.testHandoffs.add(toTry)
  return {
    world,
    ids: all.map(({ id }) => id),
    desk: {
      world,
      workspaceId,
      refreshCard: async () => undefined,
      log: pino({ level: 'silent' }),
    },
    stand: async () =>
      JSON.stringify([
        await world.handoffs.page(workspaceId, {}, { limit: 1_000 }),
        world.notices,
        world.wakeUps,
        world.streams,
        await world.proposals.open(workspaceId),
        await world.proposals.history(workspaceId, 100),
        await world.members.roleRecords(workspaceId, []),
        await world.termProposals.history(workspaceId, 'warm-lead', 100),
        await world.termProposals.history(workspaceId, 'churn', 100),
        await world.drops.byId(workspaceId, 'drop_1'),
        await world.testHandoffs.takeDue(workspaceId, minutesAfter(1_000), 0),
        await world.webhooks.list(workspaceId),
        await world.webhooks.log(workspaceId, 'hook_1', { limit: 10 }),
      ]),
  }
}

const user = { id: 'U0LEA', name: 'lea' }

// Payloads, by the id that they are for

const menu = ['why_due', 'pause', 'resume', 'correct', 'owner', 'history', 'ready', 'contest']

function valuesFor(id: string, ids: readonly string[]): string[] {
  if (id === 'handoff.more')
    return ids.flatMap((handoff) => menu.map((what) => `${what}:${handoff}`))
  if (id === 'handoff.snooze') {
    return ids.flatMap((handoff) => deadlineKinds.map((kind) => `${kind}:${handoff}`))
  }
  if (id.startsWith('agreement.')) return ['prop_1']
  if (id.startsWith('webhooks.')) return ['hook_1']
  if (id.startsWith('report.')) return ['month|']
  if (id.startsWith('file.')) return ['drop_1']
  if (id.startsWith('test.')) return ['hof_test1']
  if (id === 'glossary.sign' || id === 'glossary.withdraw') return ['term_open']
  if (id === 'glossary.take_up' || id === 'glossary.decline') return ['term_suggested']
  return id.startsWith('glossary.') ? ['warm-lead:en'] : [...ids]
}

const churn = {
  name: 'Churn',
  definition: 'Customers who leave.',
  example: 'Two left.',
  chapter: 'warm-lead',
}

/** What is filled in; a form that is not here is one that this test does not know yet. */
const answers: Record<string, Record<string, string>> = {
  'handoff.new': { email: 'new@verdi.example', name: 'New', reason: 'Asked for a quote' },
  'handoff.return': { reason: 'wrong-data', note: 'The number is wrong' },
  'handoff.attempt': { channel: 'call', outcome: 'no-answer' },
  'handoff.correct': { attempt: '1', channel_1: 'email', outcome_1: 'sent', happened_1: 'yes' },
  'handoff.pause': { reason: 'on-hold' },
  'handoff.outcome': { deal_stage: 'quote' },
  'handoff.reassign': { to: 'per_anna' },
  'handoff.roles': { person: 'per_luca', role: 'marketing' },
  'webhooks.add': { url: 'https://new.example/hooks', events: 'Accepted' },
  'return.contest': { why: 'The budget is approved' },
  'return.clarify': { words: 'A budget counts once it is approved' },
  'file.columns': { column_0: 'email' },
  'glossary.edit': churn,
  'glossary.suggest': churn,
  setup: { hours: '10:00-18:00' },
  'agreement.propose': {
    accept_within: '3h',
    hard_limit: '24h',
    first_hot: '15m',
    first_standard: '2h',
    attempts_count: '6',
    attempts_within: '10d',
    attempts_channels: '2',
    attempts_gap: '4h',
  },
}

function formOf(view: string, handoff: string): Form {
  const attempt = { number: 1, channel: 'call', outcome: 'no-answer', happened: 'yes' }
  const remembered =
    view === 'file.columns'
      ? { id: 'drop_1' }
      : view === 'handoff.new'
        ? {}
        : { handoff, reason: 'wrong-data', version: 1, ...attempt }
  return {
    id: 'V1',
    hash: `hash.${handoff}`,
    callbackId: view,
    metadata: JSON.stringify(remembered),
    shown: [],
    fields: new Map(Object.entries(answers[view] ?? {})),
  }
}

const clickOn = (id: string, value: string): Click => {
  const [view = id] = id.split('/')
  const click = clickSchema.parse({
    user,
    trigger_id: 't.1',
    channel: { id: 'C0SQL' },
    actions: [{ action_id: id, value }],
  })
  return { ...click, id, form: id.includes('/') ? formOf(view, value) : undefined }
}

/** What shows something and changes nothing. */
const looks: readonly string[] = [
  'handoff.why_due',
  'lead.history',
  'glossary.show',
  'glossary.share',
  'glossary.chapter',
  'glossary.related_0',
  'glossary.related_1',
  'glossary.related_2',
  'glossary.related_3',
  'webhooks.log',
]

/** What turns the pages of the own home, which shows somebody of outside what Baton is. */
const turns: readonly string[] = ['home.page', 'home.page_back']

/** A sentence, or nothing to fill in. */
function isNoForm(reply: Reply | FormReply): boolean {
  if (reply.kind === 'open' || reply.kind === 'update') return reply.view.submit === undefined
  return reply.kind !== 'done'
}

function sentenceIn(reply: Reply | FormReply): string {
  if (reply.kind === 'tell') return reply.message.text
  if (reply.kind === 'errors') return Object.values(reply.errors).join(' ')
  return reply.kind === 'update' && reply.view.submit === undefined
    ? JSON.stringify(reply.view.blocks)
    : ''
}

const asked: [string, Agreement][] = [
  ...[...roles, null].map((role): [string, Agreement] => [`once ${role}`, agreementWith(role)]),
  ['in a fresh installation', nobodyNamed],
]
const buttons = [...tables.actions.keys()].filter((id) => !id.includes('/') && !turns.includes(id))
const reports = [...tables.actions.keys()].filter((id) => id.includes('/'))
const insider = agreementWith('admin')

describe.each(asked)('somebody of outside, %s,', (_, agreement) => {
  test.each(buttons)('gets a sentence for the button %s, and nothing changes', async (id) => {
    const { desk, ids, stand } = await aScene(outside, agreement, id)
    const before = await stand()
    for (const value of valuesFor(id, ids)) {
      const reply = await tables.actions.get(id)?.(clickOn(id, value), desk)
      if (reply === undefined) throw new Error(id)
      if (looks.includes(id) || /^(why_due|history):/.test(value)) {
        expect(isNoForm(reply), value).toBe(true)
      } else {
        expect(reply.kind, value).toBe('tell')
        expect(sentenceIn(reply).length).toBeGreaterThan(20)
      }
      expect(await stand(), value).toBe(before)
    }
  })

  test.each(reports)('changes nothing by the field %s of a form', async (id) => {
    const { desk, ids, stand } = await aScene(outside, agreement)
    const before = await stand()
    for (const handoff of ids) await tables.actions.get(id)?.(clickOn(id, handoff), desk)
    expect(await stand()).toBe(before)
  })

  test.each([...tables.views.keys()])('gets a sentence for the form %s', async (id) => {
    const { desk, ids, stand } = await aScene(outside, agreement)
    const before = await stand()
    for (const handoff of ids) {
      const form = formOf(id, handoff)
      const reply = await tables.views.get(id)?.(
        { id, asker: { userId: user.id, name: user.name }, form },
        desk,
      )
      if (reply === undefined) throw new Error(id)
      expect(sentenceIn(reply).length, handoff).toBeGreaterThan(20)
      expect(await stand(), handoff).toBe(before)
    }
  })

  test('changes nothing by a command or a shortcut', async () => {
    const { desk, stand } = await aScene(outside, agreement)
    const before = await stand()
    const texts = [
      '',
      'help',
      'roles',
      'returns',
      'find verdi',
      'outcome accepted@verdi.example',
      'attempt accepted@verdi.example',
      'propose',
      'webhooks',
      'warm lead',
    ]
    for (const [id, handle] of tables.commands) {
      for (const text of texts) {
        const command = commandSchema.parse({
          command: id,
          text,
          user_id: user.id,
          channel_id: 'C0SQL',
        })
        const reply = await handle(command, desk)
        // the form of a new lead is filled in by whoever it is opened for, and answered at its end
        const isNew = id === '/handoff' && text === ''
        if (!isNew) expect(isNoForm(reply), `${id} ${text}`).toBe(true)
        expect(await stand(), `${id} ${text}`).toBe(before)
      }
    }
    for (const [id, handle] of tables.shortcuts) {
      const message = { text: 'Asked for a quote' }
      await handle(shortcutSchema.parse({ callback_id: id, user, message }), desk)
      expect(await stand(), id).toBe(before)
    }
  })
})

describe('the same payloads, while they were of the workspace,', () => {
  const acts = buttons.filter((id) => !looks.includes(id))
  test.each(acts)('of the button %s open a form, draw or change something', async (id) => {
    const effects: string[] = []
    for (const value of valuesFor(id, (await aScene(leaver, insider)).ids)) {
      const { desk, stand } = await aScene(leaver, insider, id)
      const before = await stand()
      const reply = await tables.actions.get(id)?.(clickOn(id, value), desk)
      const isShown = reply !== undefined && ['open', 'draw', 'file'].includes(reply.kind)
      if (isShown || (await stand()) !== before) effects.push(value)
    }
    expect(effects).not.toEqual([])
  })

  test.each([...tables.views.keys()])('of the form %s change something', async (id) => {
    expect(Object.keys(answers)).toContain(id)
    let changed = 0
    for (const handoff of (await aScene(leaver, insider)).ids) {
      const { desk, stand } = await aScene(leaver, insider)
      const before = await stand()
      const asker = { userId: user.id, name: user.name }
      await tables.views.get(id)?.({ id, asker, form: formOf(id, handoff) }, desk)
      if ((await stand()) !== before) changed += 1
    }
    expect(changed).toBeGreaterThan(0)
  })
})
