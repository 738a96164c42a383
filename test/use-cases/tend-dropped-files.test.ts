import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAgreement, readAgreementSource } from '../../src/adapters/agreement-file.ts'
import { csvFiles } from '../../src/adapters/csv/files.ts'
import { createAgreements } from '../../src/adapters/postgres/agreements.ts'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { createDropBox } from '../../src/adapters/postgres/dropped-files.ts'
import { createImports } from '../../src/adapters/postgres/imports.ts'
import { createWorkspaces } from '../../src/adapters/postgres/workspaces.ts'
import { commandWorld } from '../../src/commands/command-world.ts'
import { problemWords } from '../../src/content/words/file-import.ts'
import { shippedAgreement } from '../../src/shipped.ts'
import { chooseFile, dropFile } from '../../src/use-cases/dropped-file.ts'
import type { DroppedFile } from '../../src/use-cases/ports/dropped-files.ts'
import {
  pruneDroppedFiles,
  type TendWorld,
  tendDroppedFiles,
} from '../../src/use-cases/tend-dropped-files.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
let database: Database
let folder: string
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url)
  folder = mkdtempSync(join(tmpdir(), 'baton-tend-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await database.close()
  await fresh.drop()
})

const rows = 2_500
const content = [
  'E-mail,Name,Reason',
  ...Array.from({ length: rows }, (_, n) =>
    n % 100 === 0 ? `bad ${n},X,` : `p${n}@many.example,P ${n},${n % 250 === 1 ? 'Asked' : ''}`,
  ),
].join('\n')

let workspaces = 0
/** A file that Anna dropped, was offered and chose to import, and processes to do it. */
async function aChosenFile() {
  workspaces += 1
  const workspaceId = `T${workspaces}`
  await createWorkspaces(database).adopt({ id: workspaceId, name: 'Acme' })
  await createAgreements(database, parseAgreement).adopt(workspaceId, () =>
    readAgreementSource(shippedAgreement),
  )
  const clock = { now: new Date('2026-11-23T10:00:00Z') }
  const path = join(folder, `${workspaceId}.csv`)
  writeFileSync(path, content)
  const shown: DroppedFile[] = []
  const uploads: string[] = []
  const failures: string[] = []
  const world: TendWorld = {
    ...commandWorld(database),
    now: () => clock.now,
    workspaceId,
    imports: createImports(database),
    dropBox: createDropBox(database),
    csvFiles,
    problemWords,
    slackFiles: {
      about: async () => ({
        kind: 'found',
        about: { name: 'leads.csv', size: content.length, type: 'text/csv' },
        url: 'https://files.slack.com/leads.csv',
      }),
      fetch: async () => ({ kind: 'fetched', path, remove: async () => {} }),
      async upload({ path: bad }, _, noted) {
        await noted('F0BAD')
        uploads.push(await readFile(bad, 'utf8'))
        return { kind: 'listed', fileId: 'F0BAD' }
      },
      isShared: async () => uploads.length > 0,
    },
    fileMessenger: {
      async show(file) {
        shown.push(file)
        return { kind: 'done', channelId: file.channelId, ts: '1.1' }
      },
    },
    every: () => () => {},
    failed: ({ error }) => void failures.push(error),
    stopping: new AbortController().signal,
  }
  const by = await world.members.byEmail(workspaceId, 'anna@acme.example')
  await dropFile(world, { workspaceId, fileId: 'F1', channelId: 'D1', by })
  await tendDroppedFiles(world)
  const [offered] = shown
  if (offered === undefined) throw new Error(`it was not offered: ${failures}`)
  const choice = { state: 'importing', handOver: true } as const
  await chooseFile(world, { workspaceId, id: offered.id, by, choice })
  return { world, clock, shown, uploads, failures, offered, by }
}

type Chosen = Awaited<ReturnType<typeof aChosenFile>>

const last = ({ shown }: Chosen) => {
  const { state, progress } = shown.at(-1) ?? {}
  return { state, ...progress }
}

const whole = {
  ...{ state: 'done', rows, doneRows: rows, created: 2_475, changed: 0, unchanged: 0, bad: 25 },
  ...{ handedOver: 10, handedBefore: 0 },
}

const linesOf = (text: string | undefined) => text?.trim().split('\n').length

test('what a process that died had begun is gone on with after a while, and counted once', async () => {
  const file = await aChosenFile()
  const { world, clock, uploads } = file
  const dead = new Error('killed')
  const keeper = world.imports.open
  let batches = 0
  const killed: TendWorld = {
    ...world,
    imports: {
      ...world.imports,
      async open(...asked) {
        const run = await keeper(...asked)
        return (
          run && {
            get progress() {
              return run.progress
            },
            async keep(...kept) {
              const nameless = await run.keep(...kept)
              batches += 1
              // its leads are kept, and nothing says so yet
              if (batches === 2) throw dead
              return nameless
            },
            settle: (batch) => run.settle(batch),
            finish: () => run.finish(),
            close: () => run.close(),
          }
        )
      },
    },
    // the dead don't say that they give something back
    dropBox: { ...world.dropBox, release: async () => {}, later: async () => {} },
  }
  await tendDroppedFiles(killed)
  await tendDroppedFiles(world)
  expect(last(file).state).toBe('importing')
  clock.now = new Date(clock.now.getTime() + 31_000)
  await tendDroppedFiles(world)
  expect(last(file)).toEqual(whole)
  expect(uploads.map(linesOf)).toEqual([26])
})

test('an import that ended as its process did is not begun anew', async () => {
  const file = await aChosenFile()
  const { world, clock } = file
  const { open } = world.imports
  let died = false
  await tendDroppedFiles({
    ...world,
    imports: {
      ...world.imports,
      async open(...asked) {
        const run = await open(...asked)
        return (
          run && {
            get progress() {
              return run.progress
            },
            keep: (...kept) => run.keep(...kept),
            settle: (batch) => run.settle(batch),
            async finish() {
              died = true
              throw new Error('killed')
            },
            close: () => run.close(),
          }
        )
      },
    },
  })
  expect(died).toBe(true)
  clock.now = new Date(clock.now.getTime() + 31_000)
  await tendDroppedFiles(world)
  expect(last(file)).toEqual(whole)
})

test('many processes import a file once', async () => {
  const file = await aChosenFile()
  await Promise.all([1, 2, 3, 4].map(() => tendDroppedFiles(file.world)))
  expect(last(file)).toEqual(whole)
  expect(file.uploads).toHaveLength(1)
})

test('a file of bad rows whose upload was answered to nobody is not uploaded twice', async () => {
  const file = await aChosenFile()
  const { world, clock, uploads } = file
  const { upload } = world.slackFiles
  const lost: TendWorld['slackFiles'] = {
    ...world.slackFiles,
    async upload(...asked) {
      await upload(...asked)
      return { kind: 'later', afterMs: 1_000, error: 'ECONNRESET' }
    },
  }
  await tendDroppedFiles({ ...world, slackFiles: lost })
  clock.now = new Date(clock.now.getTime() + 31_000)
  await tendDroppedFiles(world)
  expect(last(file)).toEqual(whole)
  expect(uploads).toHaveLength(1)
})

test('an import that is stopped is given back at once', async () => {
  const file = await aChosenFile()
  const { world } = file
  const stopping = new AbortController()
  const { open } = world.imports
  await tendDroppedFiles({
    ...world,
    stopping: stopping.signal,
    imports: {
      ...world.imports,
      async open(...asked) {
        stopping.abort()
        return open(...asked)
      },
    },
  })
  expect(last(file).state).toBe('importing')
  await tendDroppedFiles(world)
  expect(last(file)).toEqual(whole)
})

test('what fails is tried again ever later, and given up in the end', async () => {
  const file = await aChosenFile()
  const { world, clock, failures } = file
  const broken: TendWorld = {
    ...world,
    slackFiles: { ...world.slackFiles, fetch: () => Promise.reject(new Error('broken')) },
  }
  for (let tries = 0; tries < 60 && last(file).state !== 'failed'; tries++) {
    await tendDroppedFiles(broken)
    clock.now = new Date(clock.now.getTime() + 5 * 60_000)
  }
  expect(file.shown.at(-1)).toMatchObject({ state: 'failed', fault: 'gave-up' })
  expect(failures).toHaveLength(51)
})

test('a file and its faults are forgotten thirty days after the last that was done with it', async () => {
  const { world, clock, offered } = await aChosenFile()
  await tendDroppedFiles(world)
  const count = async (sql: string, values: string[] = []): Promise<number> => {
    const { rows } = await database.pool.query(`select count(*)::int as many from ${sql}`, values)
    return rows[0].many
  }
  const left = async () => ({
    files: await count('dropped_files where id = $1', [offered.id]),
    faults: await count('dropped_file_faults where file_id = $1', [offered.id]),
  })
  const day = 24 * 3_600_000
  clock.now = new Date(clock.now.getTime() + 29 * day)
  await pruneDroppedFiles(world)
  expect(await left()).toEqual({ files: 1, faults: 25 })
  clock.now = new Date(clock.now.getTime() + 2 * day)
  const all = await count('dropped_file_faults')
  // a little at a time, and a file only when none of its faults is left
  await world.dropBox.prune(new Date(clock.now.getTime() - 30 * day), 20)
  expect(await count('dropped_file_faults')).toBe(all - 20)
  expect(await left()).toMatchObject({ files: 1 })
  await pruneDroppedFiles(world)
  expect(await left()).toEqual({ files: 0, faults: 0 })
})
