import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseAgreement, readAgreementSource } from '../../../src/adapters/agreement-file.ts'
import { openCsv } from '../../../src/adapters/csv/reader.ts'
import { createAgreements } from '../../../src/adapters/postgres/agreements.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createImports } from '../../../src/adapters/postgres/imports.ts'
import { createWorkspaces } from '../../../src/adapters/postgres/workspaces.ts'
import { commandWorld } from '../../../src/commands/command-world.ts'
import { headingsOf, mappingOf } from '../../../src/domain/csv-mapping.ts'
import { shippedAgreement } from '../../../src/shipped.ts'
import { type BadRow, importLeads } from '../../../src/use-cases/import-leads.ts'
import type { CsvRow } from '../../../src/use-cases/ports/imports.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
let folder: string
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url)
  folder = mkdtempSync(join(tmpdir(), 'baton-import-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await database.close()
  await fresh.drop()
})

let workspaces = 0
/** A workspace of its own, and ways to import into it and to look at it. */
async function aWorkspace() {
  workspaces += 1
  const workspaceId = `T${workspaces}`
  await createWorkspaces(database).adopt({ id: workspaceId, name: 'Acme' })
  await createAgreements(database, parseAgreement).adopt(workspaceId, () =>
    readAgreementSource(shippedAgreement),
  )
  const world = { ...commandWorld(database), imports: createImports(database) }
  const bad: BadRow[] = []

  async function run(
    headings: string[],
    rows: AsyncIterable<CsvRow>,
    options: { sha256?: string; handOver?: boolean; dryRun?: boolean } = {},
  ) {
    const mapping = mappingOf(headingsOf(headings))
    if (!mapping.ok) throw new Error(mapping.refusal.code)
    const result = await importLeads(world, {
      workspaceId,
      sha256: options.sha256 ?? 'a-file',
      asked: 'so',
      columns: mapping.columns,
      rows,
      handOver: options.handOver ?? false,
      by: null,
      dryRun: options.dryRun ?? false,
      bad: async () => ({ add: async (more) => bad.push(...more) }),
    })
    if (result.kind !== 'done') throw new Error(result.kind)
    return result
  }
  return {
    world,
    workspaceId,
    bad,
    run,
    counts: async (
      headings: string[],
      cells: (string[] | null)[],
      options: Parameters<typeof run>[2] = {},
    ) => {
      const { progress } = await run(headings, rowsOf(cells), options)
      const { created, changed, unchanged, bad: badOnes } = progress
      return [created, changed, unchanged, badOnes]
    },
    lead: async (email: string) => (await world.leads.byEmail(workspaceId, email))?.lead,
    count: async (table: string) => {
      const { rows } = await database.pool.query(
        `select count(*)::int as n from ${table} where workspace_id = $1`,
        [workspaceId],
      )
      return z.object({ n: z.int() }).parse(rows[0]).n
    },
  }
}

async function* rowsOf(cells: (string[] | null)[], failAt?: number): AsyncGenerator<CsvRow> {
  for (const [index, one] of cells.entries()) {
    if (index === failAt) throw new Error('pulled out')
    yield { row: index + 1, cells: one }
  }
}

const headings = ['Email', 'Name', 'Company', 'Employees', 'Press model']
const maria = ['maria@officineverdi.example', 'Maria Verdi', 'Officine Verdi', '120', 'P 40']

describe('an import', () => {
  test('creates leads, changes them, and leaves alone what is as the file says', async () => {
    const { counts, lead, count } = await aWorkspace()
    expect(await counts(headings, [maria])).toEqual([1, 0, 0, 0])
    expect(await counts(headings, [maria])).toEqual([0, 0, 1, 0])
    expect(await counts(['Email', 'Employees', 'Notes'], [[maria[0] ?? '', '130', 'x']])).toEqual([
      ...[0, 1, 0, 0],
    ])
    expect(await lead('maria@officineverdi.example')).toMatchObject({
      name: 'Maria Verdi',
      company: { name: 'Officine Verdi', employees: 130 },
      attributes: { 'Press model': 'P 40', Notes: 'x' },
    })
    expect(await count('lead_changes')).toBe(1)
  })

  test('has leads scored that are new or changed, and no others', async () => {
    const { counts, workspaceId } = await aWorkspace()
    const due = async () => {
      const where = { workspaceId, scoreDueAt: { not: null } }
      return database.prisma.lead.count({ where })
    }
    await counts(headings, [maria])
    expect(await due()).toBe(1)
    await database.prisma.lead.updateMany({ where: { workspaceId }, data: { scoreDueAt: null } })
    await counts(headings, [maria])
    expect(await due()).toBe(0)
  })

  test('takes the same address for one lead: the last row wins for what it fills', async () => {
    const { counts, lead } = await aWorkspace()
    const rows = [
      maria,
      ['MARIA@officineverdi.example', '', 'Verdi SpA', '', ''],
      ['maria@officineverdi.example', '', '', '', 'P 50'],
      ['maria@officineverdi.example', '', '', '', 'P 50'],
    ]
    expect(await counts(headings, rows)).toEqual([1, 2, 1, 0])
    expect(await lead('maria@officineverdi.example')).toMatchObject({
      name: 'Maria Verdi',
      company: { name: 'Verdi SpA', employees: 120 },
      attributes: { 'Press model': 'P 50' },
    })
  })

  test('tells bad rows with their numbers, and imports the others', async () => {
    const { counts, bad } = await aWorkspace()
    const rows = [['nobody'], maria, ['new@acme.example', ''], null]
    expect(await counts(headings, rows)).toEqual([1, 0, 0, 3])
    expect(bad.map(({ row, problem }) => [row, problem.code])).toEqual([
      [1, 'bad-value'],
      [3, 'name-needed'],
      [4, 'unreadable'],
    ])
  })

  test('tried dry tells the same and changes nothing', async () => {
    const { counts, count } = await aWorkspace()
    await counts(headings, [maria])
    const rows = [
      ...Array.from({ length: 1_100 }, (_, n) => [`lead${n}@acme.example`, `Lead ${n}`]),
      ['lead7@acme.example', 'Lead 7'],
      [maria[0] ?? '', '', '', '7'],
      ['no address'],
      ['x@acme.example'],
    ]
    const dry = await counts(headings, rows, { dryRun: true })
    expect(dry).toEqual([1_100, 1, 1, 2])
    expect(await count('leads')).toBe(1)
    expect(await count('imports')).toBe(0)
    expect(await counts(headings, rows)).toEqual(dry)
    expect(await count('leads')).toBe(1_101)
  })

  test('hands over what has a reason, once for a row of a file', async () => {
    const { run, count } = await aWorkspace()
    const columns = ['Email', 'Name', 'Reason', 'Priority']
    const rows = [
      ['maria@officineverdi.example', 'Maria Verdi', 'Asked for a quote', 'hot'],
      ['luca@acme.example', 'Luca Bruni', '', ''],
    ]
    const again = async (options: { sha256?: string; dryRun?: boolean } = {}) => {
      const { progress } = await run(columns, rowsOf(rows), { handOver: true, ...options })
      return [progress.handedOver, progress.handedBefore, await count('handoffs')]
    }
    expect(await again({ dryRun: true })).toEqual([1, 0, 0])
    expect(await again()).toEqual([1, 0, 1])
    expect(await again()).toEqual([0, 1, 1])
  })

  test('of a lead that sales gave back is told why it was not handed over', async () => {
    const { run, bad, lead, world, workspaceId } = await aWorkspace()
    const columns = ['Email', 'Name', 'Reason']
    const rows = [['maria@officineverdi.example', 'Maria Verdi', 'Asked for a quote']]
    await run(columns, rowsOf(rows), { handOver: true })
    await database.prisma.handoff.updateMany({
      where: { workspaceId },
      data: { status: 'returned' },
    })
    const { progress } = await run(columns, rowsOf(rows), { handOver: true, sha256: 'another' })
    expect(progress).toMatchObject({ unchanged: 1, bad: 1, handedOver: 0 })
    expect(bad).toMatchObject([{ row: 1, problem: { code: 'not-handed-over' } }])
    expect(await lead('maria@officineverdi.example')).toBeDefined()
    expect(await world.handoffs.openOfLead(workspaceId, rows[0]?.[0] ?? '')).toBeUndefined()
  })

  test('that was ended goes on after the last batch, and counts nothing twice', async () => {
    const { run, count, bad } = await aWorkspace()
    const rows = Array.from({ length: 2_500 }, (_, n) =>
      n % 500 === 0 ? ['bad'] : [`lead${n}@acme.example`, `Lead ${n}`],
    )
    await expect(run(headings, rowsOf(rows, 2_200))).rejects.toThrow('pulled out')
    expect([await count('leads'), await count('imports')]).toEqual([1_996, 1])
    const { progress, wentOnAfter } = await run(headings, rowsOf(rows))
    expect(wentOnAfter).toBe(2_000)
    expect(progress).toMatchObject({ created: 2_495, unchanged: 0, bad: 5, doneRows: 2_500 })
    expect([await count('leads'), await count('imports'), bad.length]).toEqual([2_495, 0, 5])
  })

  test('killed between keeping a batch and noting it down counts it once', async () => {
    const { world, workspaceId, run } = await aWorkspace()
    const opened = await world.imports.open(
      workspaceId,
      { sha256: 'a-file', asked: 'so' },
      new Date(),
    )
    const news = { email: 'maria@officineverdi.example', name: 'Maria Verdi' }
    await opened?.keep([{ row: 1, news }], 1, new Date())
    await opened?.close()
    const { progress } = await run(['Email', 'Name'], rowsOf([[news.email, news.name]]))
    expect(progress).toMatchObject({ created: 1, changed: 0, unchanged: 0 })
  })

  test('of the same file is done by one at a time', async () => {
    const { world, workspaceId, run } = await aWorkspace()
    const file = { sha256: 'a-file', asked: 'so' }
    const opened = await world.imports.open(workspaceId, file, new Date())
    await expect(run(headings, rowsOf([maria]))).rejects.toThrow('busy')
    await opened?.close()
    expect((await run(headings, rowsOf([maria]))).progress.created).toBe(1)
  })

  test('of 20,000 rows takes no more memory than one of few', async () => {
    const { run, count } = await aWorkspace()
    const file = join(folder, 'many.csv')
    const handle = await open(file, 'w')
    await handle.write('Email,Name,Company,Employees,Notes\n')
    for (let n = 0; n < 20_000; n += 100) {
      const lines = Array.from({ length: 100 }, (_, i) => lineOf(n + i))
      await handle.write(lines.join(''))
    }
    await handle.close()
    const csv = await openCsv(file)
    let most = 0
    let first = 0
    async function* watched(): AsyncGenerator<CsvRow> {
      for await (const row of csv.rows()) {
        if (row.row % 2_000 === 0) {
          globalThis.gc?.()
          const { heapUsed } = process.memoryUsage()
          if (first === 0) first = heapUsed
          most = Math.max(most, heapUsed)
        }
        yield row
      }
    }
    const { progress } = await run(csv.headings, watched())
    expect(progress).toMatchObject({ created: 20_000, bad: 0 })
    expect(await count('leads')).toBe(20_000)
    // the file alone is 8 MB, and what is not collected yet is counted too
    expect(most - first).toBeLessThan(64 * 1_024 * 1_024)
  }, 60_000)
})

const lineOf = (n: number): string =>
  `lead${n}@acme.example,Lead ${n},Company ${n},${n % 500},"${'notes, '.repeat(50)}"\n`
