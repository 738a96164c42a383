import { type Column, headingsOf, mappingOf } from '../domain/csv-mapping.ts'
import {
  type FileFault,
  faultOfFile,
  faultOfMapping,
  mayImport,
  mostTries,
  tellsReasons,
  waitMs,
} from '../domain/dropped-file.ts'
import type { Member } from '../domain/person.ts'
import { type ImportProblem, importLeads } from './import-leads.ts'
import type {
  CsvFiles,
  DropBox,
  DroppedFile,
  FileMessenger,
  FileProgress,
  NotFetched,
  OpenedCsv,
  SlackFiles,
} from './ports/dropped-files.ts'
import type { CsvRow, ImportProgress, ImportRun, Imports } from './ports/imports.ts'
import type { World } from './ports/world.ts'

/** What working off dropped files needs of the world. */
export interface TendWorld extends World {
  workspaceId: string
  imports: Imports
  dropBox: DropBox
  slackFiles: SlackFiles
  csvFiles: CsvFiles
  fileMessenger: FileMessenger
  problemWords(problem: ImportProblem, locale: Member['locale']): string
  /** Runs something again and again; gives the way to end that. */
  every(ms: number, run: () => Promise<void>): () => void
  /** Told of what failed and is tried again. */
  failed(about: { file: string; tries: number; error: string }): void
  /** Something was found, so there may be more: another run may take it meanwhile. */
  more?(): void
  /** Aborted when the process is to stop: an import goes on in the next one. */
  stopping: AbortSignal
}

/** What a process that died was at is taken up after it. */
const leaseMs = 30_000
const renewMs = 10_000
/** Another process is at the same import. */
const busyMs = 5_000

/** Works off everything that is to be done for dropped files; others may do the same beside it. */
export async function tendDroppedFiles(world: TendWorld): Promise<void> {
  const { dropBox, workspaceId, stopping, now } = world
  while (!stopping.aborted) {
    const file = await dropBox.take(workspaceId, now(), leaseMs)
    if (file === undefined) return
    world.more?.()
    const end = world.every(renewMs, () => dropBox.hold(file, now(), leaseMs))
    try {
      await tend(world, file)
    } catch (error) {
      if (stopping.aborted) return await dropBox.release(file)
      await again(world, file, { afterMs: null, error: nameOf(error) })
    } finally {
      end()
    }
  }
}

async function again(
  world: TendWorld,
  file: DroppedFile,
  { afterMs, error }: { afterMs: number | null; error: string },
): Promise<void> {
  const { dropBox, now } = world
  const over = file.tries >= mostTries
  world.failed({ file: file.id, tries: file.tries, error })
  if (over && file.state !== 'failed') {
    await dropBox.change(file, { state: 'failed', fault: 'gave-up' }, now())
    return dropBox.release(file)
  }
  // a message that can't be shown for so long is left as it is
  if (over) return dropBox.shown(file, file.ts, now())
  await dropBox.later(file, new Date(now().getTime() + (afterMs ?? waitMs(file.tries))))
}

/** Errors of the database quote what they are about, which is nobody's business. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error')

/** One step: what a file is, what is in it, and what came of it; then its message shows that. */
async function tend(world: TendWorld, file: DroppedFile): Promise<void> {
  switch (file.state) {
    case 'dropped':
      return afterwards(world, file, await read(world, file))
    case 'importing':
      return afterwards(world, file, await bringIn(world, file))
    case 'done': {
      const listed = await listBadRows(world, file)
      // without the list it is done nevertheless
      if (listed.kind === 'later') return again(world, file, listed)
      return show(world, listed.kind === 'listed' ? { ...file, badFileId: listed.fileId } : file)
    }
    default:
      return show(world, file)
  }
}

type Step =
  | NotFetched
  /** It stands otherwise now, and is to be shown so. */
  | { kind: 'shows'; file: DroppedFile; examples: readonly (string | null)[] }
  /** The next step follows. */
  | { kind: 'goes-on' }

async function afterwards(world: TendWorld, file: DroppedFile, step: Step): Promise<void> {
  switch (step.kind) {
    case 'later':
      return again(world, file, step)
    case 'goes-on':
      return world.dropBox.release(file)
    case 'shows':
      return show(world, step.file, step.examples)
    case 'never': {
      const change = { state: 'failed', fault: step.fault } as const
      const changed = await world.dropBox.change(file, change, world.now())
      return changed ? show(world, { ...file, ...change }) : world.dropBox.release(file)
    }
  }
}

async function show(
  world: TendWorld,
  file: DroppedFile,
  examples: readonly (string | null)[] = [],
): Promise<void> {
  const said = await world.fileMessenger.show(file, examples)
  if (said.kind === 'later') return again(world, file, said)
  await world.dropBox.shown(file, said.kind === 'done' ? said.ts : file.ts, world.now())
}

const never = (fault: FileFault): NotFetched => ({ kind: 'never', fault })

async function byOf({ members }: World, { workspaceId, byId }: DroppedFile): Promise<Member> {
  const member = await members.byId(workspaceId, byId)
  if (member === undefined) throw new Error('nobody has dropped this file')
  return member
}

/** Fetches a file, opens it, and removes the copy once it was used. */
async function withCsv<Answer>(
  { slackFiles, csvFiles }: TendWorld,
  { fileId }: DroppedFile,
  use: (csv: OpenedCsv, file: { name: string; path: string }) => Promise<Answer>,
): Promise<Answer | NotFetched> {
  const found = await slackFiles.about(fileId)
  if (found.kind !== 'found') return found
  const { name, size } = found.about
  const fault = faultOfFile(found.about)
  if (fault !== undefined) return never(fault)
  const fetched = await slackFiles.fetch(found.url, size)
  if (fetched.kind !== 'fetched') return fetched
  try {
    const csv = await csvFiles.open(fetched.path)
    return typeof csv === 'string' ? never(csv) : await use(csv, { name, path: fetched.path })
  } finally {
    await fetched.remove()
  }
}

/** Finds out what is in a file and what would become of it, and changes nothing. */
async function read(world: TendWorld, file: DroppedFile): Promise<Step> {
  const { workspaceId } = file
  const by = await byOf(world, file)
  const { agreement } = await world.agreements.inForce(workspaceId)
  if (!mayImport(agreement, by)) return never('may-not-import')
  return withCsv<Step>(world, file, async (csv, { name }) => {
    const mapping = mappingOf(headingsOf(csv.headings), saidOf(file.columns))
    if (!mapping.ok) return never(faultOfMapping(mapping.refusal))
    const { columns } = mapping
    const examples = new Map<number, string>()
    const result = await importLeads(world, {
      workspaceId,
      sha256: csv.sha256,
      asked: askedOf(file),
      columns,
      rows: seen(unlessStopped(csv.rows(), world.stopping), examples),
      handOver: tellsReasons(columns),
      by,
      dryRun: true,
      bad: async () => ({ add: async () => 0 }),
    })
    if (result.kind === 'busy') return { kind: 'later', afterMs: busyMs, error: 'busy' }
    const progress = progressOf(result.progress, result.progress.doneRows)
    if (progress.rows === 0) return never('empty')
    const change = { state: 'offered', name, columns, progress } as const
    if (!(await world.dropBox.change(file, change, world.now()))) return { kind: 'goes-on' }
    const shown = columns.map((_, place) => examples.get(place) ?? null)
    return { kind: 'shows', file: { ...file, ...change }, examples: shown }
  })
}

const saidOf = (columns: readonly Column[] | null): Map<string, string> =>
  new Map((columns ?? []).map(({ heading, target }) => [heading, target ?? '-']))

/** Imported by this drop: the same file dropped again is another import. */
const askedOf = ({ id }: DroppedFile): string => id

/** Imports a file, from where it was ended; its message shows how far it has come. */
async function bringIn(world: TendWorld, file: DroppedFile): Promise<Step> {
  const { workspaceId, handOver, columns } = file
  const { dropBox, now } = world
  if (columns === null) throw new Error('it was not offered')
  const by = await byOf(world, file)
  const bar = progressBar(world, file)
  return withCsv<Step>(world, file, async (csv) => {
    const result = await importLeads(
      { ...world, imports: withEnd(world, file) },
      {
        workspaceId,
        sha256: csv.sha256,
        asked: askedOf(file),
        columns,
        rows: unlessStopped(csv.rows(), world.stopping),
        handOver,
        by,
        dryRun: false,
        bad: async (begun) => {
          bar.at(begun)
          await dropBox.forgetFaults(file, begun.doneRows)
          return {
            async add(rows) {
              const told = rows.map(({ row, problem }) => ({
                row,
                problem: world.problemWords(problem, by.locale),
              }))
              await dropBox.addFaults(file, told)
              return 0
            },
          }
        },
        onProgress: bar.at,
      },
    )
    if (result.kind === 'busy') return { kind: 'later', afterMs: busyMs, error: 'busy' }
    await dropBox.hold(file, now(), leaseMs)
    return { kind: 'goes-on' }
  }).finally(bar.end)
}

/**
 * Notes down that a file is done before its import is forgotten: an import that is not known begins
 * anew, and would count everything as known already.
 */
function withEnd({ imports, dropBox, now }: TendWorld, file: DroppedFile): Imports {
  const noting = (run: ImportRun): ImportRun => ({
    get progress() {
      return run.progress
    },
    keep: (rows, upTo, at) => run.keep(rows, upTo, at),
    settle: (batch) => run.settle(batch),
    async finish() {
      const progress = progressOf(run.progress, run.progress.doneRows)
      await dropBox.change(file, { state: 'done', progress }, now())
      await run.finish()
    },
    close: () => run.close(),
  })
  return {
    ...imports,
    async open(...asked) {
      const run = await imports.open(...asked)
      return run && noting(run)
    },
  }
}

const progressOf = (progress: ImportProgress, rows: number): FileProgress => {
  const { badBytes: _, ...counts } = progress
  return { ...counts, rows }
}

/** A message is not changed more often than this. */
const barMs = 2_000

/** Shows how far an import has come: now and then, one after the other, and without it if need be. */
function progressBar({ fileMessenger, now }: TendWorld, file: DroppedFile) {
  let shownAt = Number.NEGATIVE_INFINITY
  let showing: Promise<unknown> | undefined
  return {
    at(progress: ImportProgress): void {
      const at = now().getTime()
      if (file.ts === null || showing !== undefined || at - shownAt < barMs) return
      shownAt = at
      const shown = { ...file, progress: progressOf(progress, file.progress.rows) }
      showing = fileMessenger.show(shown).finally(() => {
        showing = undefined
      })
    },
    end: async (): Promise<void> => {
      await showing
    },
  }
}

const rowsAtOnce = 1_000

/** Puts the bad rows, each with its problem, into the thread of the message. */
async function listBadRows(
  world: TendWorld,
  file: DroppedFile,
): Promise<{ kind: 'listed'; fileId: string } | { kind: 'none' } | NotFetched> {
  const { dropBox, slackFiles, now } = world
  const { badFileId, channelId, ts: threadTs, progress } = file
  if (progress.bad === 0 || threadTs === null) return { kind: 'none' }
  // it was uploaded, and the answer was lost
  if (badFileId !== null && (await slackFiles.isShared(badFileId))) {
    return { kind: 'listed', fileId: badFileId }
  }
  return withCsv(world, file, async (csv, { name, path }) => {
    const badPath = `${path}.bad`
    const bad = await csv.writeBad(badPath)
    try {
      for await (const rows of batchesOf(unlessStopped(csv.rows(), world.stopping))) {
        const [from, to] = [rows.at(0)?.row ?? 0, rows.at(-1)?.row ?? 0]
        const faults = await dropBox.faults(file, from, to)
        await bad.add(
          rows.flatMap(({ row, cells }) => {
            const problem = faults.get(row)
            return problem === undefined ? [] : [{ cells: cells ?? [], problem }]
          }),
        )
      }
    } finally {
      await bad.close()
    }
    const upload = { path: badPath, name: `${name.replace(/\.\w+$/, '')}.bad.csv` }
    return slackFiles.upload(upload, { channelId, threadTs }, (fileId) =>
      dropBox.change(file, { badFileId: fileId }, now()),
    )
  })
}

async function* batchesOf(rows: AsyncIterable<CsvRow>): AsyncGenerator<CsvRow[]> {
  let batch: CsvRow[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length === rowsAtOnce) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

/** Ends with a fault when the process is to stop, so that nothing takes it for the end of the file. */
async function* unlessStopped(
  rows: AsyncIterable<CsvRow>,
  stopping: AbortSignal,
): AsyncGenerator<CsvRow> {
  for await (const row of rows) {
    stopping.throwIfAborted()
    yield row
  }
}

/** Examples are looked for in the first rows. */
const rowsForExamples = 100

async function* seen(
  rows: AsyncIterable<CsvRow>,
  examples: Map<number, string>,
): AsyncGenerator<CsvRow> {
  for await (const one of rows) {
    if (one.row <= rowsForExamples) {
      for (const [place, cell] of (one.cells ?? []).entries()) {
        const text = cell.trim()
        if (text !== '' && !examples.has(place)) examples.set(place, text)
      }
    }
    yield one
  }
}

/** So long a file is known after the last that was done with it. */
const keptMs = 30 * 24 * 60 * 60_000
const batch = 500

/** Forgets files that are older, and why their rows were not imported, a little at a time. */
export async function pruneDroppedFiles({
  dropBox,
  now,
  stopping,
}: Pick<TendWorld, 'dropBox' | 'now' | 'stopping'>): Promise<void> {
  const before = new Date(now().getTime() - keptMs)
  while (!stopping.aborted && (await dropBox.prune(before, batch)) > 0);
}
