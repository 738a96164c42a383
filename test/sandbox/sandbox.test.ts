import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { startSampleLeads, welcome } from '../../src/sandbox/sandbox.ts'
import {
  channels,
  people,
  type SampleHandoff,
  sampleHandoffs,
} from '../../src/sandbox/workspace.ts'

const minute = 60_000
const log = { warn: vi.fn() }
let arrived: SampleHandoff[]
let visited: number

beforeEach(() => {
  vi.useFakeTimers()
  arrived = []
  visited = 0
})
afterEach(() => {
  vi.useRealTimers()
})

const handOff = async (body: SampleHandoff) => {
  arrived.push(body)
}
const visit = async () => {
  visited += 1
}

test('the first sample lead arrives after some seconds, the others minutes apart', async () => {
  await startSampleLeads({ handOff, visit, hasHandoffs: async () => false, log })
  expect(arrived).toEqual([])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(arrived).toEqual(sampleHandoffs.slice(0, 1))
  expect(visited).toBe(0)
  await vi.advanceTimersByTimeAsync(60 * minute)
  expect(arrived).toEqual(sampleHandoffs)
  expect(visited).toBe(1)
})

test('no sample lead arrives where there are handoffs already', async () => {
  await startSampleLeads({ handOff, visit, hasHandoffs: async () => true, log })
  await vi.advanceTimersByTimeAsync(60 * minute)
  expect(arrived).toEqual([])
})

test('no sample lead arrives after the stop', async () => {
  const stop = await startSampleLeads({ handOff, visit, hasHandoffs: async () => false, log })
  await vi.advanceTimersByTimeAsync(5_000)
  stop()
  await vi.advanceTimersByTimeAsync(60 * minute)
  expect(arrived).toHaveLength(1)
})

test('a sample lead that is refused does not keep the others back', async () => {
  const refuse = async (body: SampleHandoff) => {
    await handOff(body)
    throw new Error('not now')
  }
  await startSampleLeads({ handOff: refuse, visit, hasHandoffs: async () => false, log })
  await vi.advanceTimersByTimeAsync(60 * minute)
  expect(arrived).toHaveLength(sampleHandoffs.length)
  expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('not now'))
})

test('the sample leads are handed over by people of the workspace, each lead once', () => {
  const known = new Set<string>(people.map((person) => person.email))
  expect(sampleHandoffs.every((body) => known.has(body.handedOffBy))).toBe(true)
  expect(new Set(sampleHandoffs.map((body) => body.lead.email)).size).toBe(sampleHandoffs.length)
})

test('the agreement knows the sample leads and people, the workspace its channels', () => {
  const read = (path: string) => parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
  const shipped = z
    .object({
      managers_channel: z.string(),
      lead_types: z.array(z.object({ id: z.string(), channel: z.string() })),
    })
    .parse(read('../../src/content/agreement.yml'))
  const sandbox = z
    .object({ people: z.array(z.object({ email: z.string() })) })
    .parse(read('../../src/sandbox/agreement.yml'))
  const types = shipped.lead_types.map((type) => type.id)
  const wanted = [shipped.managers_channel, ...shipped.lead_types.map((type) => type.channel)]
  expect(types).toEqual(expect.arrayContaining(sampleHandoffs.map((body) => body.lead.type)))
  expect(channels.map((channel) => channel.name)).toEqual(expect.arrayContaining(wanted))
  expect(sandbox.people.map((person) => person.email).sort()).toEqual(
    people.map((person) => person.email).sort(),
  )
})

test('the welcome says where to go, what to try and how to stop', () => {
  const text = welcome({
    slackUrl: 'http://127.0.0.1:3001',
    batonUrl: 'http://127.0.0.1:3000',
    apiKey: 'sandbox-key',
    isFirstStart: true,
  })
  for (const part of ['http://127.0.0.1:3001', '/glossary MQL', 'Bearer sandbox-key', 'Ctrl-C']) {
    expect(text).toContain(part)
  }
  expect(text.split('\n').every((line) => line.length <= 100)).toBe(true)
})
