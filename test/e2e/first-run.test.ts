import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { channels, eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'
import type { FakeView } from '../support/fake-slack.ts'

/** The first run, in a workspace where the agreement names nobody. */

let running: RunningBaton
const rita = {
  id: 'U0RITA',
  name: 'rita',
  realName: 'Rita Root',
  email: 'rita@acme.example',
  isAdmin: true,
}
const { anna, luca, ben, sara, mario, guest } = people

beforeAll(async () => {
  running = await startBaton({
    agreement: 'calendar: { timezone: Europe/Rome, hours: always }\npeople: []\n',
    others: [rita, { ...rita, id: 'U0RON', name: 'ron', email: 'ron@acme.example' }],
  })
}, 60_000)
afterAll(() => running.stop(), 30_000)

const openHome = async (user: { id: string }): Promise<void> => {
  const event = { type: 'app_home_opened', user: user.id, channel: 'D0HOME', tab: 'home' }
  expect(await running.slack.sendEvent(event)).toMatchObject({ status: 200 })
}
const saidTo = (user: { id: string }): string[] =>
  running.slack
    .callsOf('chat.postMessage')
    .filter(({ args }) => args.channel === user.id)
    .map(({ args }) => String(args.text))
const homeOf = (user: { id: string }): string =>
  JSON.stringify(running.slack.homeOf(user.id)?.blocks ?? [])
const nextWindow = async (): Promise<FakeView> => {
  for (;;) {
    const view = await running.slack.nextView()
    if (view.callback_id === 'setup') return view
  }
}
const inForce = async () => (await running.api('GET', '/api/v1/agreement')).body
/** The values of the people in the form, by name. */
const choiceOf = (view: FakeView, block: string, name: string): string => {
  const text = JSON.stringify(view.blocks.find((one) => one.block_id === block))
  const found = new RegExp(`"text":"${name}[^"]*"[^{}]*},"value":"([^"]+)"`).exec(text)
  if (found?.[1] === undefined) throw new Error(`${block} does not offer ${name}: ${text}`)
  return found[1]
}

describe('whoever administers the workspace', () => {
  test('is greeted once, and nobody else is bothered', async () => {
    await openHome(anna)
    await openHome(guest)
    await openHome(rita)
    await eventually(() => saidTo(rita).length === 1 || undefined)
    await openHome(rita)
    await openHome({ id: 'U0RON' })
    await eventually(() => homeOf({ id: 'U0RON' }).includes('setup.open') || undefined)
    expect(saidTo(rita)).toEqual([expect.stringContaining('Set up Baton')])
    expect(saidTo({ id: 'U0RON' })).toEqual([])
    expect(saidTo(anna)).toEqual([])
    expect(homeOf(anna)).not.toContain('setup.open')
    expect(homeOf(rita)).toContain('setup.open')
  })

  test('others are told whom to ask', async () => {
    const { body } = await running.slack.sendCommand({
      user: anna.id,
      command: '/handoff',
      text: 'setup',
    })
    expect(JSON.stringify(body)).toContain('whoever administers this Slack workspace')
  })

  test('fills in one form, and it counts at once', async () => {
    await running.slack.clickInHome({ user: rita.id, actionId: 'setup.open', value: 'setup' })
    const view = await nextWindow()
    expect(view.callback_id).toBe('setup')
    const choice = (block: string, name: string) => choiceOf(view, block, name)
    const values = {
      'channel_new-equipment': channels.service.id,
      head_sales: choice('head_sales', 'Sara Conti'),
      head_marketing: choice('head_marketing', 'Mario Bruni'),
      marketing: [choice('marketing', 'Ben Marsh')],
      reps: [choice('reps', 'Anna Rossi'), choice('reps', 'Luca Bianchi')],
      zone: 'Europe/London',
    }
    const wrong = await running.slack.submitView({
      user: rita.id,
      view,
      values: { ...values, head_marketing: values.head_sales, hours: 'nine to five' },
    })
    expect(JSON.stringify(wrong)).toContain('Write hours such as')
    const sent = await running.slack.submitView({
      user: rita.id,
      view,
      values: { ...values, hours: '9-12:30 13:30-18' },
    })
    expect(JSON.stringify(sent)).toContain('Baton is set up')
    const { version, ...agreement } = await inForce()
    expect(version).toBe(2)
    const text = JSON.stringify(agreement)
    for (const { email } of [anna, luca, ben, sara, mario]) expect(text).toContain(email)
    expect(text).toContain('Europe/London')
    expect(text).toContain(channels.service.id)
  })

  test('hears how Baton stands to the channels, and the home asks no more', async () => {
    await eventually(() => saidTo(rita).length === 2 || undefined)
    expect(saidTo(rita)[1]).toContain(`<#${channels.service.id}>: Baton is in it`)
    await openHome(rita)
    await eventually(() => !homeOf(rita).includes('setup.open') || undefined)
  })

  test('once people are named the form is a proposal, for those who may propose', async () => {
    const setup = (user: string) =>
      running.slack.sendCommand({ user, command: '/sla', text: 'setup' })
    expect(JSON.stringify((await setup(rita.id)).body)).toContain('Only managers and admins')
    await setup(sara.id)
    const view = await nextWindow()
    expect(JSON.stringify(view.blocks)).toContain('09:00-12:30 13:30-18:00')
    const sent = await running.slack.submitView({
      user: sara.id,
      view,
      values: { hours: '10:00-18:00' },
    })
    expect(JSON.stringify(sent)).toContain('both signatures')
    expect((await inForce()).version).toBe(2)
    await eventually(
      () =>
        running.slack
          .messages(channels.managers.id)
          .find(({ blocks }) => JSON.stringify(blocks).includes('agreement.sign')) !== undefined ||
        undefined,
      40_000,
    )
  }, 60_000)
})
