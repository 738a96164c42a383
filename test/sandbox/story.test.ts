import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { chapters, chaptersLeft, type Stage, tellStory } from '../../src/sandbox/story.ts'
import { chapterLine, welcome } from '../../src/sandbox/welcome.ts'
import { channels, people, sampleHandoffs } from '../../src/sandbox/workspace.ts'

const minute = 60_000
const log = { warn: vi.fn() }
let happened: string[]
let told: string[]

beforeEach(() => {
  vi.useFakeTimers()
  happened = []
  told = []
})
afterEach(() => {
  vi.useRealTimers()
})

const tell = (line: string) => {
  told.push(line)
}
const takes = async (what: string) => {
  happened.push(what)
  return true
}
const stage: Stage = {
  handOff: ({ lead }) => takes(`${lead.name} is handed over`),
  visit: ({ lead, activities }, nth) => takes(`${lead.name}: ${activities[nth]?.type}`),
  accept: (lead) => takes(`${lead} is accepted`),
  call: (lead) => takes(`${lead} is called`),
  rounds: async () => 0,
}

test('the hot lead comes at once, the others within a minute, each with one line', async () => {
  tellStory(chapters, { stage, tell, log })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(happened).toEqual(['Maria Verdi is handed over'])
  expect(told).toEqual([expect.stringContaining('Maria Verdi')])
  await vi.advanceTimersByTimeAsync(minute)
  expect(happened).toEqual(
    expect.arrayContaining([
      'James Holt is handed over',
      'Eva Lindqvist is handed over',
      'Greta Lind: quote-request',
      'Clara Weiss is handed over',
    ]),
  )
  await vi.advanceTimersByTimeAsync(10 * minute)
  expect(told).toHaveLength(chapters.length)
  expect(new Set(happened).size).toBeGreaterThanOrEqual(chapters.length)
})

test('the activities of a lead come one by one, in their order', async () => {
  tellStory(chapters, { stage, tell, log })
  await vi.advanceTimersByTimeAsync(10 * minute)
  expect(happened.filter((one) => one.startsWith('Greta'))).toEqual([
    'Greta Lind: webinar',
    'Greta Lind: page-view',
    'Greta Lind: page-view',
    'Greta Lind: quote-request',
  ])
})

test('nothing of it is told twice, and the rest begins at once after another start', async () => {
  const rounds = async (lead: string) =>
    ['p.greco@studiogreco.example', 'greta.lind@nordlicht.example'].includes(lead) ? 0 : 2
  const left = await chaptersLeft({ rounds })
  expect(left.map(({ lead }) => lead)).toEqual([
    'greta.lind@nordlicht.example',
    'p.greco@studiogreco.example',
  ])
  tellStory(left, { stage, tell, log })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(happened).toEqual(['Greta Lind: webinar'])
  expect(await chaptersLeft({ rounds: async () => 2 })).toEqual([])
})

test('the lead that comes back does so only where it was returned before', async () => {
  const clara = 'clara.weiss@weisswerke.example'
  const leads = async (rounds: number) =>
    (await chaptersLeft({ rounds: async () => rounds })).map(({ lead }) => lead)
  expect(await leads(0)).not.toContain(clara)
  expect(await leads(1)).toEqual([clara])
})

test('nothing happens any more after the stop', async () => {
  const stop = tellStory(chapters, { stage, tell, log })
  await vi.advanceTimersByTimeAsync(2_000)
  stop()
  await vi.advanceTimersByTimeAsync(60 * minute)
  expect(happened).toHaveLength(1)
})

test('a lead that is refused or fails has no line, and does not keep the others back', async () => {
  const handOff: Stage['handOff'] = async ({ lead }) => {
    if (lead.name === 'Maria Verdi') throw new Error('not now')
    return lead.name !== 'James Holt'
  }
  tellStory(chapters, { stage: { ...stage, handOff }, tell, log })
  await vi.advanceTimersByTimeAsync(60 * minute)
  expect(told).toHaveLength(chapters.length - 2)
  expect(told.join()).not.toMatch(/Maria|James/)
  expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('not now'))
})

test('the sample leads are handed over by people of the workspace, each lead once', () => {
  const known = new Set<string>(people.map((person) => person.email))
  expect(sampleHandoffs.every((body) => known.has(body.handedOffBy))).toBe(true)
  expect(new Set(chapters.map(({ lead }) => lead)).size).toBe(chapters.length)
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
    .object({ people: z.array(z.object({ email: z.string(), role: z.string() })) })
    .parse(read('../../src/sandbox/agreement.yml'))
  const types = shipped.lead_types.map((type) => type.id)
  const wanted = [shipped.managers_channel, ...shipped.lead_types.map((type) => type.channel)]
  expect(types).toEqual(expect.arrayContaining(sampleHandoffs.map((body) => body.lead.type)))
  expect(channels.map((channel) => channel.name)).toEqual(expect.arrayContaining(wanted))
  expect(sandbox.people.map((person) => person.email).sort()).toEqual(
    people.map((person) => person.email).sort(),
  )
  expect(new Set(sandbox.people.map(({ role }) => role)).size).toBe(5)
})

const words = {
  slackUrl: 'http://127.0.0.1:3001',
  batonUrl: 'http://127.0.0.1:3000',
  apiKey: 'sandbox-key',
  chaptersLeft: chapters.length,
  isFirstStart: true,
}

test('the welcome says first where to go, then what to try, and how to stop', () => {
  const text = welcome(words)
  for (const part of ['/glossary MQL', '/sla report', 'Bearer sandbox-key', 'Ctrl-C']) {
    expect(text).toContain(part)
  }
  expect(text.trimStart()).toMatch(/^Open\s+http:\/\/127\.0\.0\.1:3001\n/)
  const tries = text.slice(text.indexOf('  Try\n'), text.indexOf('  From another')).trim()
  expect(tries.split('\n').length - 1).toBeLessThanOrEqual(8)
  const lines = chapters.flatMap(({ beats }) => beats.flatMap(({ line }) => line ?? []))
  expect(lines).toHaveLength(chapters.length)
  const all = [...text.split('\n'), ...lines.map(chapterLine)]
  expect(all.filter((line) => line.length > 100)).toEqual([])
})

test('the welcome of a later start tells whether the story goes on', () => {
  const later = { ...words, isFirstStart: false }
  expect(welcome(later)).toMatch(/the story goes on:\n$/)
  expect(welcome({ ...later, chaptersLeft: 0 })).toMatch(/as you left it\.\n$/)
})
