import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAgreement, readAgreementSource } from '../src/adapters/agreement-file.ts'
import { createAgreements } from '../src/adapters/postgres/agreements.ts'
import { connect, type Database } from '../src/adapters/postgres/client.ts'
import { createWorkspaces } from '../src/adapters/postgres/workspaces.ts'
import { shippedAgreement } from '../src/shipped.ts'
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

const email = 'maria@example.com'
const names = async () =>
  (await database.pool.query('select name from leads order by created_at, id')).rows.map(
    ({ name }) => name,
  )

test('a lead is exported, forgotten, kept out of files, and let in again', async () => {
  const file = join(folder, 'leads.csv')
  writeFileSync(file, `Email,Name\n${email},Maria Canary\nrita@example.com,Rita\n`)
  expect((await baton('import', file, '--yes')).code).toBe(0)

  const printed = await baton('export', ` ${email.toUpperCase()} `)
  expect(JSON.parse(printed.out)).toMatchObject({ lead: { email, name: 'Maria Canary' } })
  const out = join(folder, 'maria.json')
  expect((await baton('export', email, '--out', out)).code).toBe(0)
  expect(readFileSync(out, 'utf8')).toBe(printed.out)
  expect(statSync(out).mode & 0o077).toBe(0)

  const forgotten = await baton('forget', email, '--yes', '--json')
  expect(JSON.parse(forgotten.out)).toMatchObject({ handoffs: 0 })
  expect((await names()).sort()).toEqual(['Erased lead', 'Rita'])
  expect((await baton('forget', email)).out).toMatch(/^It was erased before, on /)
  expect(await baton('export', email)).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no lead with this e-mail address'),
  })

  const again = await baton('import', file, '--yes')
  expect(again.code).toBe(1)
  expect(readFileSync(`${file}.bad.csv`, 'utf8')).toContain('This lead was erased on')
  expect((await names()).sort()).toEqual(['Erased lead', 'Rita'])

  expect((await baton('forget', email, '--lift')).out).toMatch(/^Lifted/)
  expect((await baton('forget', email, '--lift')).code).toBe(1)
  expect((await baton('import', file, '--yes')).code).toBe(0)
  expect((await names()).sort()).toEqual(['Erased lead', 'Maria Canary', 'Rita'])
}, 120_000)
