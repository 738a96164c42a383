// What schema.prisma has and the migrations have not, as SQL. After a change of the schema:
//
//   npm run build && node prisma/diff.mjs <what_changes>     writes prisma/migrations/<time>_<what_changes>
//   node prisma/diff.mjs --url <postgresql://…>              prints the SQL for that database
//
// Prisma's own command would download an engine; this one comes with the packages.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as engineCode from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

const here = dirname(fileURLToPath(import.meta.url))

async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: console.error }
  const code = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = readFileSync(code.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': engineCode,
  })
  engineCode.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

/**
 * Prisma's adapter, and PostgreSQL's one-letter type, which the adapter does not know and the
 * system tables are full of: fetched as text, and handed on as the letter that the engine expects.
 */
function adapterFor(pool) {
  const oneLetter = 18
  const text = 25
  let letters = []
  const query = pool.query.bind(pool)
  pool.query = async (...args) => {
    const result = await query(...args)
    const fields = result.fields ?? []
    letters = fields.flatMap(({ dataTypeID }, index) => (dataTypeID === oneLetter ? index : []))
    for (const index of letters) fields[index].dataTypeID = text
    return result
  }
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (...args) => {
      const result = await queryRaw(...args)
      for (const index of letters) result.columnTypes[index] = ColumnTypeEnum.Character
      return result
    }
    return adapter
  }
  return bindMigrationAwareSqlAdapterFactory(factory)
}

async function diff(url) {
  await loadEngine()
  const pool = new pg.Pool({ connectionString: url })
  const path = join(here, 'schema.prisma')
  const content = readFileSync(path, 'utf8')
  const engine = await engineCode.SchemaEngine.new(
    { datamodels: [[path, content]] },
    () => {},
    adapterFor(pool),
  )
  const { stdout } = await engine.diff({
    from: { tag: 'schemaDatasource', files: [{ path, content }], configDir: here },
    to: { tag: 'schemaDatamodel', files: [{ path, content }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  await pool.end()
  return stdout?.replace(/^-- This is an empty migration\.\s*$/, '').trim() ?? ''
}

/** The migrations as they are, in a database of their own. */
async function withMigrations(use) {
  const { startEmbeddedPostgres } = await import('../dist/adapters/postgres/embedded.js')
  const { migrate } = await import('../dist/adapters/postgres/migrate.js')
  const log = { debug() {}, info() {} }
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-diff-'))
  rmSync(dataDir, { recursive: true })
  const database = await startEmbeddedPostgres({ dataDir, log })
  try {
    await migrate(database.url, { log, folder: join(here, 'migrations') })
    return await use(database.url)
  } finally {
    await database.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const [first, second] = process.argv.slice(2)
if (first === '--url' && second) {
  const sql = await diff(second)
  if (sql) console.log(sql)
} else if (first && /^(?:\d{14}_)?[a-z][a-z0-9_]*$/.test(first)) {
  const sql = await withMigrations(diff)
  if (!sql) {
    console.error('The migrations have all that schema.prisma has.')
  } else {
    const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const name = /^\d/.test(first) ? first : `${time}_${first}`
    const folder = join(here, 'migrations', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'migration.sql'), `${sql}\n`)
    console.error(`Wrote ${join(folder, 'migration.sql')}. Read it before you commit it.`)
  }
} else {
  console.error('Usage: node prisma/diff.mjs <what_changes> | --url <postgresql://…>')
  process.exitCode = 2
}
