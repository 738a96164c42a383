import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Desk, Reply } from '../../../../src/adapters/slack/features/feature.ts'
import { findLead } from '../../../../src/adapters/slack/features/lead-story/find.ts'
import { openHistory } from '../../../../src/adapters/slack/features/lead-story/history.ts'
import {
  buildFound,
  buildNotFound,
  buildStoryMessage,
  buildStoryWindow,
} from '../../../../src/adapters/slack/features/lead-story/message.ts'
import type { Click, Command } from '../../../../src/adapters/slack/payloads.ts'
import { type Locale, locales } from '../../../../src/domain/agreement.ts'
import { type FoundLead, type Round, tellStory } from '../../../../src/domain/story.ts'
import { acceptHandoff } from '../../../../src/use-cases/accept-handoff.ts'
import type { Result } from '../../../../src/use-cases/act.ts'
import { contestReturn } from '../../../../src/use-cases/contest-return.ts'
import { correctAttempt } from '../../../../src/use-cases/correct-attempt.ts'
import { handOffLead } from '../../../../src/use-cases/hand-off-lead.ts'
import { storyOfHandoff, type ToldStory } from '../../../../src/use-cases/lead-story.ts'
import { logAttempt } from '../../../../src/use-cases/log-attempt.ts'
import { pauseHandoff } from '../../../../src/use-cases/pause-handoff.ts'
import { reassignHandoff } from '../../../../src/use-cases/reassign-handoff.ts'
import { reportDeal } from '../../../../src/use-cases/report-deal.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import { ruleOnReturn } from '../../../../src/use-cases/rule-on-return.ts'
import { aLead, aMember, anAgreement, aPause, minutesAfter } from '../../../support/builders.ts'
import { createMemoryWorld, type MemoryWorld } from '../../../support/memory-world.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../../support/slack-limits.ts'
import { drawn, foreignControls, textsIn } from '../messages/showing.ts'
import {
  anna,
  benMember,
  luca,
  mario,
  saraMember,
  startWorkplace,
  type Workplace,
  workspaceId,
} from './workplace.ts'

const agreement = anAgreement({ pause: aPause() })
const email = 'maria@officineverdi.example'
const guest = aMember({ id: 'per_guest', slackId: 'U0GUEST', name: 'Gina Ospite', external: true })
const stranger = aMember({ id: 'per_x', slackId: 'U0X', email: 'x@acme.example', name: 'Xenia' })

const handoffIn = (result: Result): string => {
  if (result.kind !== 'done') throw new Error(JSON.stringify(result))
  return result.handoff.id
}

const worldWith = (): MemoryWorld =>
  createMemoryWorld({
    agreement,
    members: [anna, luca, benMember, saraMember, mario, guest, stranger],
  })

const deskOf = (world: MemoryWorld): Desk => ({
  world,
  workspaceId,
  refreshCard: async () => undefined,
  log: pino({ level: 'silent' }),
})

const asker = (userId: string) => ({ userId, name: userId })

const find = (world: MemoryWorld, userId: string, text: string): Promise<Reply> => {
  const command: Command = {
    ...{ id: '/handoff', text: `find ${text}`, asker: asker(userId), triggerId: '1.1' },
    ...{ responseUrl: undefined, channelId: 'C0SQL' },
  }
  return findLead(command, text, deskOf(world))
}

const history = (world: MemoryWorld, userId: string, value: string): Promise<Reply> => {
  const click: Click = {
    ...{ id: 'lead.history', asker: asker(userId), value, triggerId: '1.1' },
    ...{ responseUrl: undefined, channelId: 'C0SQL', threadTs: undefined, form: undefined },
  }
  return openHistory(click, deskOf(world))
}

const messageIn = (reply: Reply) => {
  if (reply.kind !== 'tell') throw new Error(`not told: ${reply.kind}`)
  expect(faultsOf(messageBlocksSchema, reply.message.blocks ?? [])).toEqual([])
  return reply.message
}

const viewIn = (reply: Reply) => {
  if (reply.kind !== 'open') throw new Error(`not opened: ${reply.kind}`)
  expect(faultsOf(viewSchema, reply.view)).toEqual([])
  return reply.view
}

const hand = async (
  world: MemoryWorld,
  lead: { email: string; name: string; company?: string } = { email, name: 'Maria Verdi' },
  whatChanged?: string,
): Promise<string> =>
  handoffIn(
    await handOffLead(world, {
      workspaceId,
      lead: {
        email: lead.email,
        name: lead.name,
        company: { name: lead.company ?? 'Officine Verdi' },
      },
      reason: 'Asked for a quote for two presses',
      priority: 'hot',
      owner: undefined,
      by: benMember,
      whatChanged,
    }),
  )

const giveBack = (world: MemoryWorld, handoffId: string, readyWhen: string): Promise<Result> =>
  returnHandoff(
    world,
    { workspaceId, handoffId, by: anna },
    {
      ...{ reason: 'not-ready', criterion: undefined, readyOn: '2027-01-15', readyWhen },
      ...{ field: undefined, duplicateOf: undefined, note: undefined },
    },
  )

/** Returned, contested, ruled on, handed over again, accepted late, won: in two rounds. */
async function wholeHistory(world: MemoryWorld): Promise<string> {
  const later = (minutes: number): void => {
    world.clock.now = minutesAfter(minutes, world.clock.now)
  }
  const first = await hand(world)
  later(30)
  handoffIn(await giveBack(world, first, 'the budget is approved'))
  later(30)
  const target = { workspaceId, handoffId: first }
  const why = 'The budget was approved last week'
  handoffIn(await contestReturn(world, { ...target, by: benMember }, { why }))
  later(30)
  const overturn = { ruling: 'overturn', words: 'It was approved in writing' } as const
  handoffIn(await ruleOnReturn(world, { ...target, by: saraMember }, overturn))
  later(5)
  const uphold = { ruling: 'uphold', words: 'Approved is not budgeted' } as const
  handoffIn(await ruleOnReturn(world, { ...target, by: mario }, uphold))
  later(5)
  handoffIn(
    await ruleOnReturn(world, { ...target, by: saraMember }, { ...uphold, words: undefined }),
  )
  later(60 * 24 * 60)
  const second = await hand(world, undefined, 'The budget for 2027 is approved')
  const next = { workspaceId, handoffId: second, by: anna }
  later(24 * 60)
  handoffIn(await acceptHandoff(world, next))
  later(5)
  const call = { channel: 'call', outcome: 'no-answer', note: 'Rang twice', at: undefined } as const
  handoffIn(await logAttempt(world, next, call))
  later(5)
  handoffIn(
    await correctAttempt(world, next, {
      ...{ number: 1, channel: undefined, outcome: 'connected', at: undefined },
      ...{ note: 'She called back', void: undefined },
    }),
  )
  later(5)
  handoffIn(await reassignHandoff(world, { ...next, by: saraMember }, { to: luca }))
  later(60)
  const deal = { lostReason: undefined, note: undefined, fromProgram: false }
  const own = { ...next, by: luca }
  handoffIn(await reportDeal(world, own, { ...deal, stage: 'exploration' }))
  later(3_000)
  handoffIn(await reportDeal(world, own, { ...deal, stage: 'closed-won', note: 'Two presses' }))
  return second
}

describe('/handoff find', () => {
  test('tells the whole story of the one lead, in the language of the reader', async () => {
    const world = worldWith()
    await wholeHistory(world)
    const english = messageIn(await find(world, 'U0ANNA', email))
    expect(english.text).toMatchSnapshot()
    expect(drawn(english.blocks)).toMatchSnapshot()
    const italian = messageIn(await find(world, 'U0LUCA', 'officine'))
    expect(drawn(italian.blocks)).toMatchSnapshot()
    expect(JSON.stringify([english, italian])).not.toMatch(/<@|lead\.history/)
  })

  test('lists several leads, each with a button to its story', async () => {
    const world = worldWith()
    const ids = [
      await hand(world, { email: 'maria@verdi.example', name: 'Maria Verdi' }),
      await hand(world, { email: 'carlo@verdi.example', name: 'Carlo Verdi', company: 'Torni' }),
    ]
    const by = { workspaceId, handoffId: ids[0] ?? '', by: anna }
    handoffIn(await acceptHandoff(world, by))
    const { text, blocks } = messageIn(await find(world, 'U0ANNA', 'verdi'))
    expect({ text, blocks }).toMatchSnapshot()
    const list = messageIn(await find(world, 'U0LUCA', 'verdi'))
    expect(drawn(list.blocks)).toMatchSnapshot()
    for (const id of ids) {
      expect(JSON.stringify(blocks)).toContain(`"action_id":"lead.history"`)
      expect(JSON.stringify(blocks)).toContain(`"value":"${id}"`)
      viewIn(await history(world, 'U0ANNA', id))
    }
  })

  test('says so where there are more than it lists', async () => {
    const world = worldWith()
    for (let index = 0; index < 12; index++) {
      await hand(world, { email: `maria${index}@verdi.example`, name: `Maria ${index}` })
    }
    const { blocks = [] } = messageIn(await find(world, 'U0ANNA', 'maria'))
    expect(JSON.stringify(blocks).match(/lead\.history/g)).toHaveLength(10)
    expect(drawn(blocks).at(-1)).toContain('There are more')
  })

  test('finds nobody, and says what to try', async () => {
    const world = worldWith()
    expect(drawn(messageIn(await find(world, 'U0ANNA', 'nobody')).blocks)).toMatchSnapshot()
    expect(drawn(messageIn(await find(world, 'U0LUCA', '')).blocks)).toMatchSnapshot()
  })

  test.each(['x'.repeat(30_000), '\u0000', '\ud800', '<!channel>', '%', '@', '__proto__'])(
    'any text has an answer (%#)',
    async (text) => {
      const world = worldWith()
      await hand(world)
      const { text: said, blocks } = messageIn(await find(world, 'U0ANNA', text))
      expect(foreignControls(said)).toEqual([])
      expect(JSON.stringify(blocks)).not.toContain('<!channel>')
    },
  )

  test('is for those who have a role here', async () => {
    const world = worldWith()
    await hand(world)
    expect(messageIn(await find(world, 'U0X', email)).text).toMatch(/name you in the agreement/)
    expect(messageIn(await find(world, 'U0GUEST', email)).text).toMatch(/^Guests and people/)
    expect(messageIn(await find(world, 'U0GUEST', 'nobody')).text).toMatch(/^Guests and people/)
    expect(messageIn(await find(world, 'U0BEN', email)).text).toContain('Maria Verdi')
  })
})

describe('History', () => {
  let place: Workplace
  beforeEach(async () => {
    place = await startWorkplace({ agreement })
  })
  afterEach(() => place.stop())

  test('opens the story in a window, from the menu of a card and from a list', async () => {
    const { handoff, card } = await place.offerAccepted()
    for (const [actionId, value] of [
      ['lead.history', handoff.id],
      ['handoff.more', `history:${handoff.id}`],
    ] as const) {
      const message = {
        ...card,
        blocks: [
          {
            type: 'actions',
            block_id: 'b',
            elements: [
              {
                type: 'button',
                action_id: actionId,
                value,
                text: { type: 'plain_text', text: 'History' },
              },
            ],
          },
        ],
      }
      await place.slack.clickButton({ user: 'U0LUCA', actionId, value, message })
      const view = await place.slack.nextView()
      expect(view).toMatchObject({ type: 'modal', title: { text: 'Cronologia' } })
      expect(JSON.stringify(view.blocks)).toContain('Accettato da Anna Rossi in 0 s')
    }
  })

  test('of a handoff that is not there says so', async () => {
    const world = worldWith()
    for (const value of ['hof_gone', 'nonsense', '']) {
      const { text } = messageIn(await history(world, 'U0ANNA', value))
      expect(text).toMatch(/not there any more/)
    }
  })

  test('is for those who have a role here', async () => {
    const world = worldWith()
    const id = await hand(world)
    expect(messageIn(await history(world, 'U0X', id)).text).toMatch(/name you in the agreement/)
    expect(messageIn(await history(world, 'U0GUEST', id)).text).toMatch(/^Guests and people/)
    expect(viewIn(await history(world, 'U0LUCA', id)).title.text).toBe('Cronologia')
  })

  test('tells each round in the words of its own agreement', async () => {
    const world = worldWith()
    const id = await hand(world)
    world.clock.now = minutesAfter(30)
    handoffIn(await giveBack(world, id, 'in spring'))
    const renamed = anAgreement({
      return_reasons: [
        {
          ...{ id: 'not-ready', name: { en: 'Too early', it: 'Troppo presto' } },
          ...{ status: 'Returned – too early', stage: 'mql' },
        },
      ],
      icp: [],
    })
    world.agreements = {
      inForce: async () => ({ version: 2, agreement: renamed, inForceFrom: minutesAfter(60) }),
      version: async (_, version) => (version === 1 ? agreement : renamed),
    }
    const view = viewIn(await history(world, 'U0ANNA', id))
    expect(JSON.stringify(view)).toContain('Returned as “Not ready”')
    expect(JSON.stringify(view)).not.toContain('Too early')
  })
})

/** A story of so many rounds, each a copy of one with so many commits. */
async function longStory(
  many: { rounds: number; commits: number },
  text = 'Rang twice',
): Promise<ToldStory> {
  const world = worldWith()
  const id = await hand(world)
  const target = { workspaceId, handoffId: id, by: anna }
  world.clock.now = minutesAfter(5)
  handoffIn(await acceptHandoff(world, target))
  handoffIn(await pauseHandoff(world, target, { reason: 'on-hold' }))
  for (let number = 1; number <= many.commits - 4; number++) {
    world.clock.now = minutesAfter(5 + number)
    const made = { channel: 'call', outcome: 'no-answer', note: text, at: undefined } as const
    handoffIn(await logAttempt(world, target, made))
  }
  handoffIn(await giveBack(world, id, text))
  const answer = await storyOfHandoff(world, { workspaceId, handoffId: id, by: anna })
  if (answer.kind !== 'story') throw new Error(answer.kind)
  const { story, agreements } = answer.told
  const [round] = story.rounds
  if (round === undefined) throw new Error('no round')
  const rounds = Array.from({ length: many.rounds }, (_, index): Round => {
    const handoff = { ...round.handoff, id: `hof_${index + 1}`, round: index + 1, reason: text }
    return { ...round, handoff }
  })
  const changes = rounds.flatMap(({ handoff }) =>
    story.changes.map((change) => ({ ...change, handoffId: handoff.id })),
  )
  const long = { ...story, rounds, changes }
  return { story: long, chapters: tellStory(long), agreements }
}

const viewOf = (locale: Locale) => ({
  locale,
  zone: 'Europe/Rome',
  now: minutesAfter(60),
  inForce: agreement,
})

describe.each(locales)('a story that is too long (%s)', (locale) => {
  const view = viewOf(locale)

  test('of 40 rounds of 30 events shows the newest, and how many are older', async () => {
    const told = await longStory({ rounds: 40, commits: 30 })
    const { text, blocks = [] } = buildStoryMessage(told, view)
    const window = buildStoryWindow(told, view)
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(faultsOf(viewSchema, window)).toEqual([])
    expect(text.length).toBeLessThanOrEqual(3_000)
    const headings = (of: readonly unknown[]): string[] =>
      textsIn(of).flatMap(({ type, text }) => (type === 'mrkdwn' ? [text] : []))
    for (const shown of [blocks, window.blocks]) {
      expect(headings(shown).at(-1)).toMatch(/(Handoff|Passaggio) 40,/)
      const left = 40 - headings(shown).length
      expect(left).toBeGreaterThan(0)
      expect(JSON.stringify(shown)).toMatch(
        new RegExp(`"${left} (older handoffs are|passaggi precedenti non)`),
      )
    }
    expect(headings(window.blocks).length).toBeGreaterThan(headings(blocks).length)
    expect(JSON.stringify(blocks.at(-1))).toContain('"value":"hof_40"')
  })

  test('says of rounds that were not even read that there are such', async () => {
    const told = await longStory({ rounds: 1, commits: 5 })
    const story = { ...told.story, olderRounds: 180 }
    const { blocks } = buildStoryMessage({ ...told, story }, view)
    expect(JSON.stringify(blocks)).toMatch(/180 (older|passaggi)/)
    expect(JSON.stringify(blocks)).toMatch(/181 (handoffs|passaggi)/)
  })

  test('of one round shows what happened last', async () => {
    const told = await longStory({ rounds: 1, commits: 200 }, 'x'.repeat(2_000))
    const { blocks = [] } = buildStoryMessage(told, view)
    const window = buildStoryWindow(told, view)
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(faultsOf(viewSchema, window)).toEqual([])
    for (const shown of [blocks, window.blocks]) {
      const texts = textsIn(shown).map(({ text }) => text)
      expect(texts.join('\n').length).toBeLessThan(42_000)
      expect(texts.join('\n')).toMatch(/What came before|successo prima/)
      expect(texts.join('\n')).toMatch(/Returned as|Restituito come/)
    }
    expect(
      textsIn(blocks)
        .map(({ text }) => text)
        .join('').length,
    ).toBeLessThan(12_000)
  })
})

describe('what people wrote', () => {
  const hostile = [
    '<!channel> <@U0ANNA> <#C0SQL|x> <https://evil.example|bank>',
    '*bold* _it_ ~no~ `code`\n> quote\n```block```',
    '\u202egnp.exe\u202c www.evil.example https://evil.example',
    'lone \ud800 surrogates',
    '&'.repeat(5_000),
    '<'.repeat(5_000),
    `e${'\u0301'.repeat(2_000)}`,
    '👩‍👩‍👧‍👦'.repeat(300),
  ]

  const everything = (text: string) => {
    const lead = aLead({ name: text, email: `"${text}"@evil.example`, company: { name: text } })
    return { lead, stage: 'sql', status: text, score: null, last: null } as const
  }

  const check = async (text: string): Promise<void> => {
    const told = await longStory({ rounds: 1, commits: 6 }, text)
    const known = { ...told.story.known, ...everything(text) }
    const [round] = told.story.rounds
    const events = round?.events.map((event) => ({
      ...event,
      by: event.by === null ? null : { ...event.by, name: text },
      data: event.type === 'Returned' ? { ...event.data, reason: text, note: text } : event.data,
    }))
    const handoff = round && { ...round.handoff, leadType: text, whatChanged: text }
    const rounds = round && events && handoff ? [{ ...round, handoff, events }] : []
    const changes = told.story.changes.map((change) => ({ ...change, to: text, rule: text }))
    const story = { ...told.story, known, rounds, changes }
    const evil = { ...told, story, chapters: tellStory(story) }
    const found: FoundLead = {
      ...everything(text),
      last: { handoffId: 'hof_1', owner: { ...anna, name: text } },
    }
    for (const locale of locales) {
      const window = buildStoryWindow(evil, viewOf(locale))
      expect(faultsOf(viewSchema, window)).toEqual([])
      const messages = [
        buildStoryMessage(evil, viewOf(locale)),
        buildFound({ leads: [found], more: true }, text, locale),
        buildNotFound(text, locale),
      ]
      for (const { text: said, blocks } of messages) {
        expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
        expect(foreignControls(said)).toEqual([])
      }
      for (const shown of textsIn([window.blocks, ...messages.map(({ blocks }) => blocks)])) {
        if (shown.type === 'mrkdwn') expect(foreignControls(shown.text)).toEqual([])
        else expect(shown.text).not.toMatch(/<[!@#a-z]|:\/\//)
        expect(shown.text.isWellFormed()).toBe(true)
      }
    }
  }

  test.each(hostile)('is shown as text, inside the limits (%#)', check)

  test('of any kind is shown as text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...'<>!@#|*_~`&:/\n>', '://', '<!', '<@U1>', '\u202e', 'x')),
        (parts) => check(`x${parts.join('')}`),
      ),
      { numRuns: 20 },
    ))
})
