import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
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

let files = 0
function fileOf(text: string): string {
  files += 1
  const file = join(folder, `leads-${files}.csv`)
  writeFileSync(file, text)
  return file
}

async function imported(file: string, ...options: string[]) {
  const env = { DATABASE_URL: fresh.url, BATON_DATA_DIR: folder }
  const running = program.start({ run: ['cli', 'import', file, ...options], env })
  const code = await running.ended
  return { code, out: running.out(), err: running.err() }
}

async function aBatchIsDone(): Promise<boolean> {
  const { rows } = await database.pool.query('select from imports where done_rows > 0')
  return rows.length > 0
}

/** The server lets go of a connection as soon as it learns that its program is gone. */
async function locksAreGone(): Promise<boolean> {
  const { rows } = await database.pool.query(
    `select from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`,
  )
  return rows.length === 0
}

describe('import', () => {
  test('shows the mapping first, and then what it did', async () => {
    const file = fileOf('Nome;Cognome;E-mail;Modello\nMaria;Verdi;maria@verdi.example;P 40\n')
    const { code, out } = await imported(file)
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual([
      'COLUMN   FIELD               EXAMPLE',
      'Nome     firstName           Maria',
      'Cognome  lastName            Verdi',
      'E-mail   email               maria@verdi.example',
      'Modello  attributes.Modello  P 40',
      '',
      'Imported: 1 new, 0 changed, 0 unchanged, 0 bad',
    ])
  })

  test('has exit code 1 where rows are bad, and puts them into a file', async () => {
    const file = fileOf('Email,Name,Notes\nnobody,Nobody,=1+1\nluca@bruni.example,Luca Bruni,x\n')
    const { code, out } = await imported(file, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      created: 1,
      bad: 1,
      rows: 2,
      dryRun: false,
      badRows: `${file}.bad.csv`,
      problems: [{ row: 1, problem: 'Email: expects an e-mail address' }],
      mapping: [{ column: 'Email', field: 'email', example: 'nobody' }, {}, {}],
    })
    expect(readFileSync(`${file}.bad.csv`, 'utf8')).toBe(
      '\uFEFF"Email","Name","Notes","problem"\n' +
        `"nobody","Nobody","'=1+1","Email: expects an e-mail address"\n`,
    )
  })

  test('tried dry writes nothing and names the bad rows', async () => {
    const file = fileOf('Email,Name\nanna@dry.example,Anna\nnobody,\n')
    const { code, out } = await imported(file, '--dry-run')
    expect(code).toBe(1)
    expect(out).toContain('It would be: 1 new, 0 changed, 0 unchanged, 1 bad')
    expect(out).toContain('row 2: Email: expects an e-mail address')
    expect(() => readFileSync(`${file}.bad.csv`)).toThrow('ENOENT')
    expect(await database.prisma.lead.count({ where: { email: 'anna@dry.example' } })).toBe(0)
  })

  test('hands over what has a reason', async () => {
    const file = fileOf('Contact,Name,Reason\nsara@bianchi.example,Sara Bianchi,Wants a quote\n')
    const options = ['--map', 'Contact=email', '--hand-over', '--json']
    expect(JSON.parse((await imported(file, ...options)).out)).toMatchObject({ handedOver: 1 })
    const again = await imported(file, ...options)
    expect(JSON.parse(again.out)).toMatchObject({ handedOver: 0, handedBefore: 1 })
    expect(await database.prisma.handoff.count()).toBe(1)
  })

  test('that was killed goes on where it was, and says so', async () => {
    const lines = Array.from({ length: 40_000 }, (_, n) => `lead${n}@killed.example,Lead ${n}`)
    const file = fileOf(`Email,Name\n${lines.join('\n')}\n`)
    const env = { DATABASE_URL: fresh.url, BATON_DATA_DIR: folder }
    const running = program.start({ run: ['cli', 'import', file], env })
    await vi.waitUntil(aBatchIsDone, { timeout: 20_000, interval: 10 })
    running.signal('SIGKILL')
    await running.ended
    await vi.waitUntil(locksAreGone, { timeout: 20_000 })
    const where = { email: { endsWith: '@killed.example' } }
    const { code, out, err } = await imported(file, '--json')
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ rows: 40_000, created: 40_000, changed: 0, unchanged: 0 })
    expect(answer.wentOnAfter).toBeGreaterThan(0)
    expect(err).toContain('goes on where it was ended')
    expect(await database.prisma.lead.count({ where })).toBe(40_000)
  }, 60_000)

  test.each([
    [['--map', 'Email'], '--map: expects a column and a field'],
    [['--map', 'Mail=email'], '--map: the file has no column “Mail”'],
    [['--map', 'Email=post'], '--map: there is no field “post”'],
    [['--by', 'anna'], '--by: expects an e-mail address'],
  ])('with %j is refused in a line', async (options, message) => {
    const { code, out, err } = await imported(fileOf('Email\na@b.example\n'), ...options)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(`baton: ${message}`)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  test('of what is no CSV file is refused in a line', async () => {
    const workbook = await imported(fileOf('PK\u0003\u0004'))
    expect(workbook).toMatchObject({ code: 1, out: '' })
    expect(workbook.err).toContain('is no CSV file: save the table as CSV')
    const nameless = await imported(fileOf('Name\nMaria\n'))
    expect(nameless.err).toContain('no column is known to hold e-mail addresses')
    expect((await imported(join(folder, 'none.csv'))).err).toMatch(/^baton: ENOENT/)
  })
})
