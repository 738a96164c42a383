import { afterEach, expect, test } from 'vitest'
import { createHomeKeeper, type HomeKeeper } from '../../src/adapters/home-keeper.ts'
import type { TakenHome } from '../../src/use-cases/ports/home.ts'

let keeper: HomeKeeper | undefined
afterEach(() => keeper?.stop())

const homeOf = (userId: string): TakenHome => ({
  ...{ workspaceId: 'T0TEST', userId, page: 0, shown: null, stamp: '' },
})

/** Homes that wait in a list, and what became of them. */
function aKeeper(draw: (home: TakenHome) => Promise<string | undefined> = async () => undefined) {
  const waiting: string[] = []
  const told: string[] = []
  const drawn: string[] = []
  let looks = 0
  const log = {
    warn: (about: { error?: string }) => void told.push(about.error ?? 'fault'),
    debug: () => void told.push('later'),
  }
  const made = createHomeKeeper({
    homes: {
      open: async (_, userId) => void waiting.push(userId),
      turn: async (_, userId) => void waiting.push(userId),
      async take(_, { limit, userId }) {
        looks += 1
        const wanted = waiting.filter((one) => userId === undefined || one === userId)
        const taken = wanted.slice(0, limit)
        for (const one of taken) waiting.splice(waiting.indexOf(one), 1)
        return { homes: taken.map(homeOf), open: 1 }
      },
      notDrawn: async ({ userId }) => void waiting.push(userId),
    },
    async draw(home) {
      const error = await draw(home)
      drawn.push(home.userId)
      return error
    },
    workspaceId: 'T0TEST',
    now: () => new Date('2026-11-23T09:00:00Z'),
    log: { ...log },
  })
  keeper = made
  return { keeper: made, waiting, told, drawn, looks: () => looks }
}

test('a home is drawn when it is opened, also where nobody looks by themselves', async () => {
  const { keeper, drawn } = aKeeper()
  await keeper.opened('U0ANNA')
  await expect.poll(() => drawn).toEqual(['U0ANNA'])
})

test('a page that is turned, and what somebody does, draw their own home alone', async () => {
  const { keeper, drawn, waiting } = aKeeper()
  waiting.push('U0BEN')
  await keeper.turned('U0ANNA', 2)
  keeper.acted('U0LUCA')
  await expect.poll(() => drawn.toSorted()).toEqual(['U0ANNA', 'U0LUCA'])
  expect(waiting).toEqual(['U0BEN'])
})

test('whoever works draws all that are behind, a few side by side', async () => {
  let now = 0
  let most = 0
  const { keeper, drawn, waiting } = aKeeper(async () => {
    now += 1
    most = Math.max(most, now)
    await new Promise(setImmediate)
    now -= 1
    return undefined
  })
  waiting.push(...Array.from({ length: 10 }, (_, n) => `U${n}`))
  keeper.work()
  await expect.poll(() => drawn.length).toBe(10)
  expect(most).toBe(4)
})

test('what happens while it looks is looked for once more', async () => {
  const { keeper, drawn, waiting } = aKeeper(async ({ userId }) => {
    if (userId !== 'U0ANNA') return undefined
    waiting.push('U0BEN')
    keeper.changed()
    return undefined
  })
  waiting.push('U0ANNA')
  keeper.work()
  await expect.poll(() => drawn).toEqual(['U0ANNA', 'U0BEN'])
})

test('a change is no reason to look where nobody works, or nobody has a home open', async () => {
  const { keeper, looks } = aKeeper()
  keeper.changed()
  await new Promise(setImmediate)
  expect(looks()).toBe(0)
})

test('one that Slack does not take is told, and one that fails is tried again', async () => {
  let fails = true
  const { keeper, told, drawn } = aKeeper(async ({ userId }) => {
    if (userId === 'U0BEN') return 'user_not_found'
    if (fails) throw new Error('the database went away')
    return undefined
  })
  await keeper.opened('U0BEN')
  await expect.poll(() => told).toEqual(['user_not_found'])
  await keeper.opened('U0ANNA')
  await expect.poll(() => told).toContain('fault')
  fails = false
  keeper.work()
  await expect.poll(() => drawn).toContain('U0ANNA')
})

test('nothing is drawn after a stop, which waits for what is being drawn', async () => {
  let finish = (): void => {}
  const { keeper, drawn, looks } = aKeeper(
    () =>
      new Promise((resolve) => {
        finish = () => resolve(undefined)
      }),
  )
  await keeper.opened('U0ANNA')
  await expect.poll(looks).toBe(1)
  await new Promise(setImmediate)
  const stopped = keeper.stop()
  finish()
  await stopped
  expect(drawn).toEqual(['U0ANNA'])
  await keeper.opened('U0BEN')
  keeper.work()
  await new Promise(setImmediate)
  expect(looks()).toBe(1)
})
