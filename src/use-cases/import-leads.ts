import type { Agreement } from '../domain/agreement.ts'
import {
  type Column,
  type RowHandOver,
  type RowProblem,
  type RowReader,
  rowReader,
} from '../domain/csv-mapping.ts'
import type { Refusal } from '../domain/decide/decision.ts'
import type { LeadNews } from '../domain/decide/keep-lead.ts'
import type { Member } from '../domain/person.ts'
import { unlessErased } from './erase-lead.ts'
import { handOffLead } from './hand-off-lead.ts'
import type { CsvRow, ImportProgress, ImportRun, Imports } from './ports/imports.ts'
import type { World } from './ports/world.ts'

/** Why a row did not do what it was to do; a lead that can't be handed over is kept all the same. */
export type BadRow = { row: number; cells: readonly string[]; problem: ImportProblem }
export type ImportProblem =
  | RowProblem
  | { code: 'not-handed-over'; refusal: Refusal }
  | { code: 'erased'; refusal: Refusal }

export interface ImportRequest {
  workspaceId: string
  /** Of the file: rows of the same file are handed over once. */
  sha256: string
  /** What was asked of the file, as a key: with another mapping it is another import. */
  asked: string
  columns: readonly Column[]
  rows: AsyncIterable<CsvRow>
  /** Rows with a reason are handed over to sales. */
  handOver: boolean
  by: Member | null
  /** Nothing is written, and what would happen is told. */
  dryRun: boolean
  /** Opens where bad rows go, at where the import begins; `add` answers how long that is now. */
  bad: (begun: ImportProgress) => Promise<{ add(rows: readonly BadRow[]): Promise<number> }>
  /** Heard of after every batch. */
  onProgress?: (progress: ImportProgress) => void
}

export type ImportResult =
  | { kind: 'done'; progress: ImportProgress; wentOnAfter: number }
  /** Somebody else imports the same file now. */
  | { kind: 'busy' }

const rowsAtOnce = 1_000

/**
 * Creates and updates leads by the rows of a file, in batches, of which the next is read while the
 * database is at one; with `handOver` those with a reason
 * are handed over. One that was ended goes on after the last batch that was done, and does nothing
 * of it twice.
 */
export async function importLeads(
  world: World & { imports: Imports },
  asked: ImportRequest,
): Promise<ImportResult> {
  const { workspaceId, sha256 } = asked
  const run = asked.dryRun
    ? await world.imports.rehearse(workspaceId)
    : await world.imports.open(workspaceId, { sha256, asked: asked.asked }, world.now())
  if (run === undefined) return { kind: 'busy' }
  try {
    const { doneRows: wentOnAfter } = run.progress
    const bad = await asked.bad(run.progress)
    const { agreement } = await world.agreements.inForce(workspaceId)
    for await (const batch of oneAhead(batchesRead(asked, agreement, wentOnAfter))) {
      const { last } = batch
      const { problems, ...handed } = await importBatch(world, asked, { run, batch })
      const { progress } = run
      await run.settle({
        doneRows: last,
        badBytes: await bad.add(problems),
        bad: progress.bad + problems.length,
        handedOver: progress.handedOver + handed.over,
        handedBefore: progress.handedBefore + handed.before,
      })
      if (!asked.dryRun) world.scorer.due()
      asked.onProgress?.(run.progress)
    }
    await run.finish()
    return { kind: 'done', progress: run.progress, wentOnAfter }
  } finally {
    await run.close()
  }
}

interface GoodRow {
  row: number
  cells: readonly string[]
  news: LeadNews
  handOver: RowHandOver | null
}

/** Rows as far as the file alone tells what they are. */
interface Batch {
  /** The number of its last row. */
  last: number
  good: GoodRow[]
  problems: BadRow[]
}

/** The batches that are not done yet. */
async function* batchesRead(
  { columns, rows }: Pick<ImportRequest, 'columns' | 'rows'>,
  agreement: Agreement,
  doneRows: number,
): AsyncGenerator<Batch> {
  const read = rowReader(columns, agreement)
  let batch: Batch = { last: 0, good: [], problems: [] }
  let count = 0
  for await (const { row, cells } of rows) {
    if (row <= doneRows) continue
    addRow(batch, { row, cells }, read)
    count += 1
    if (count % rowsAtOnce > 0) continue
    yield batch
    batch = { last: 0, good: [], problems: [] }
  }
  if (batch.last > 0) yield batch
}

function addRow(batch: Batch, { row, cells }: CsvRow, read: RowReader): void {
  batch.last = row
  if (cells === null) {
    batch.problems.push({ row, cells: [], problem: { code: 'unreadable' } })
    return
  }
  const told = read(cells)
  if (told.ok) batch.good.push({ row, cells, news: told.news, handOver: told.handOver })
  else batch.problems.push({ row, cells, problem: told.problem })
}

async function importBatch(
  world: World,
  asked: ImportRequest,
  { run, batch: { last, good: read, problems } }: { run: ImportRun; batch: Batch },
): Promise<{ problems: BadRow[]; over: number; before: number }> {
  const { good, nameless, erased } = await keepGood(world, asked, { run, good: read, last })
  problems.push(...erased)
  let over = 0
  let before = 0
  for (const { row, cells, news, handOver } of good) {
    if (nameless.has(row)) problems.push({ row, cells, problem: { code: 'name-needed' } })
    if (nameless.has(row) || !asked.handOver || handOver === null) continue
    const came = await handOverRow(world, asked, { row, news, handOver })
    if (came === 'over') over += 1
    else if (came === 'before') before += 1
    else problems.push({ row, cells, problem: { code: 'not-handed-over', refusal: came } })
  }
  return { problems: problems.sort((a, b) => a.row - b.row), over, before }
}

/** Keeps the rows but for those of leads that were erased; again where one was erased meanwhile. */
async function keepGood(
  world: World,
  { workspaceId }: ImportRequest,
  { run, good: read, last }: { run: ImportRun; good: readonly GoodRow[]; last: number },
): Promise<{ good: GoodRow[]; nameless: Set<number>; erased: BadRow[] }> {
  const emails = read.map(({ news }) => news.email)
  for (;;) {
    const erasedAt = await world.erasures.among(workspaceId, emails)
    const good = read.filter(({ news }) => !erasedAt.has(news.email))
    const nameless = await run.keep(good, last, world.now()).catch(unlessErased)
    if (nameless === undefined) continue
    const erased = read.flatMap(({ row, cells, news }): BadRow[] => {
      const at = erasedAt.get(news.email)
      return at === undefined
        ? []
        : [{ row, cells, problem: { code: 'erased', refusal: { code: 'erased', at } } }]
    })
    return { good, nameless, erased }
  }
}

/** Hands a kept lead over; the refusal where that can't be. */
async function handOverRow(
  world: World,
  { workspaceId, sha256, by, dryRun }: ImportRequest,
  { row, news, handOver }: { row: number; news: LeadNews; handOver: RowHandOver },
): Promise<'over' | 'before' | Refusal> {
  const key = `import_${sha256}_${row}`
  if ((await world.handoffs.byRequest(workspaceId, key)) !== undefined) return 'before'
  if (dryRun) return 'over'
  const name = news.name ?? (await world.leads.byEmail(workspaceId, news.email))?.lead.name
  const { lifecycleStage: _, ...told } = news
  const result = await handOffLead(world, {
    workspaceId,
    lead: { ...told, name: name ?? news.email },
    ...handOver,
    owner: undefined,
    by,
    // the row is the request, whatever its columns were taken for
    request: { key, fingerprint: key },
  })
  switch (result.kind) {
    case 'done':
      return 'over'
    case 'repeated':
    case 'key-reused':
      return 'before'
    case 'refused':
      return result.refusal
    case 'unknown-handoff':
      throw new TypeError(result.kind)
  }
}

/**
 * The same items, of which the next one is got ready while the last one is worked on. A fault in
 * getting it is told when its turn comes.
 */
async function* oneAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const source = items[Symbol.asyncIterator]()
  let next = source.next()
  try {
    for (let item = await next; !item.done; item = await next) {
      next = source.next()
      // heard here, so that one that comes early does not end the process
      next.catch(() => undefined)
      yield item.value
    }
  } finally {
    await source.return?.()
  }
}
