import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAgreement, readAgreementSource } from '../src/adapters/agreement-file.ts'
import { createAgreements } from '../src/adapters/postgres/agreements.ts'
import { connect, type Database } from '../src/adapters/postgres/client.ts'
import { createHandoffs } from '../src/adapters/postgres/handoffs.ts'
import { createWorkspaces } from '../src/adapters/postgres/workspaces.ts'
import { handOff } from '../src/domain/decide/hand-off.ts'
import { shippedAgreement } from '../src/shipped.ts'
import { aHandOff, aLead, anAgreement, decisionOf, fixedNow } from './support/builders.ts'
import { type FreshDatabase, freshDatabase } from './support/database.ts'
import { createProgram, type Program } from './support/program.ts'

let program: Program
let fresh: FreshDatabase
let database: Database
let folder: string
beforeAll(async () => {
  program = createProgram()
  folder = program.newDataDir()
  mkdirSync(folder)
  fresh = await freshDatabase()
  database = connect(fresh.url)
  await createWorkspaces(database).adopt({ id: 'T1', name: 'Acme' })
  await createAgreements(database, parseAgreement).adopt('T1', () =>
    readAgreementSource(shippedAgreement),
  )
  for (const [id, source] of [
    ['1', '=webinar'],
    ['2', 'website'],
  ] as const) {
    const lead = aLead({ id: `lead_${id}`, email: `lead${id}@example.com`, source })
    const asked = aHandOff({ id: `hof_${id}`, workspaceId: 'T1', lead })
    const made = handOff(asked, null, { agreement: anAgreement(), now: fixedNow })
    await createHandoffs(database).commit(null, decisionOf(made))
  }
}, 60_000)
afterAll(async () => {
  await program.remove()
  await database.close()
  await fresh.drop()
})

async function baton(...run: string[]) {
  const env = { DATABASE_URL: fresh.url, BATON_DATA_DIR: folder }
  const running = program.start({ run: ['cli', ...run], env })
  const code = await running.ended
  return { code, out: running.out(), err: running.err() }
}
const days = ['--from', '2026-11-01', '--to', '2026-11-30']

test('a report is printed for people, as JSON and as a table', async () => {
  const { code, out } = await baton('report', ...days, '--by', 'source')
  expect(code).toBe(0)
  expect(out).toMatch(/2/)
  expect(out.split('\n')).toContain('website')
  expect(out).not.toContain('*')

  const json = JSON.parse((await baton('report', ...days, '--by', 'source', '--json')).out)
  expect(json).toMatchObject({ from: '2026-11-01', to: '2026-11-30', groupBy: 'source' })
  expect(json.total.handoffs).toBe(2)
  expect(json.groups.map(({ name }: { name: string }) => name).sort()).toEqual([
    '=webinar',
    'website',
  ])

  const { out: csv } = await baton('report', ...days, '--by', 'source', '--csv')
  expect(csv).toContain(`"'=webinar",1,`)
})

test('a period has its name, and one without leads says so', async () => {
  const { code, out } = await baton('report', 'last', 'quarter')
  expect(code).toBe(0)
  expect(out.split('\n').length).toBeGreaterThan(1)
})

test.each([
  [['report', 'yesteryear'], 'is no period'],
  [['report', '--by', 'colour'], '--by takes one of'],
  [['report', '--from', '2026-11-01'], 'both --from and --to'],
  [['report', ...days, '--csv', '--json'], 'one of them'],
  [['report', '--from', '2026-11-30', '--to', '2026-11-01'], 'baton: '],
])('%j is refused in a line', async (words, said) => {
  const { code, err } = await baton(...words)
  expect(code).toBe(1)
  expect(err).toContain(said)
  expect(err.trim().split('\n')).toHaveLength(1)
})
