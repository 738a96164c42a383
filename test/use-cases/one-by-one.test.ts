import { expect, test } from 'vitest'
import { oneByOne } from '../../src/use-cases/one-by-one.ts'

const owner = {}

/** Work that notes down when it begins and ends. */
const working =
  (seen: string[], name: string, fails = false) =>
  async () => {
    seen.push(`${name} begins`)
    await new Promise((next) => setImmediate(next))
    seen.push(`${name} ends`)
    if (fails) throw new Error(name)
    return name
  }

test('work of one line waits for what came before, also where that fails', async () => {
  const seen: string[] = []
  const all = await Promise.allSettled([
    oneByOne(owner, 'x', working(seen, 'first')),
    oneByOne(owner, 'x', working(seen, 'second', true)),
    oneByOne(owner, 'x', working(seen, 'third')),
  ])
  expect(seen.map((each) => each.split(' ')[0])).toEqual(
    ['first', 'second', 'third'].flatMap((name) => [name, name]),
  )
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('other lines wait for nothing', async () => {
  const seen: string[] = []
  await Promise.all([
    oneByOne(owner, 'x', working(seen, 'x')),
    oneByOne(owner, 'y', working(seen, 'y')),
    oneByOne({}, 'x', working(seen, 'z')),
  ])
  expect(seen.slice(0, 3).sort()).toEqual(['x begins', 'y begins', 'z begins'])
})
