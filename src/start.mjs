// The one way in, for a bare clone too: installs what is missing, generates the database client,
// compiles, and hands over. Plain JavaScript with nothing but Node, because it runs before anything
// else is there. Everything it says goes to stderr: stdout belongs to the commands.
//
//   node src/start.mjs main | cli <arguments> | prepare

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => join(root, ...parts)

const dist = at('dist')
const distStamp = at('dist', '.sources')
const lock = at('dist', '.preparing')
const client = at('src', 'generated', 'prisma')
const clientStamp = at('src', 'generated', 'prisma.schema')

const say = (words) => process.stderr.write(`${words}\n`)

/** A step that went wrong in a way that one line explains. */
class Failure extends Error {}

// --- what is there, and what is it made of --------------------------------------------------------

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function filesUnder(folder) {
  if (!fs.existsSync(folder)) return []
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
    )
    .sort()
}

const sources = () => filesUnder(at('src')).filter((file) => !file.startsWith(at('src/generated')))

/** Contents, not times: a fresh clone, a copied folder and a container image all compare alike. */
function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${relative(root, file)}\0${read(file) ?? ''}\0`)
  return hash.digest('hex')
}

const schemaFingerprint = () =>
  fingerprint([at('prisma/schema.prisma'), at('prisma.config.ts'), at('package-lock.json')])

const sourceFingerprint = () =>
  fingerprint([
    ...sources(),
    at('prisma/schema.prisma'),
    at('tsconfig.json'),
    at('tsconfig.build.json'),
    at('package-lock.json'),
  ])

/**
 * Does node_modules hold what the lock file asks for? npm writes down what it installed, last of
 * all, so an install that was cut short counts as missing.
 */
function installed({ tools }) {
  const wanted = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8')).packages
  const found = JSON.parse(read(at('node_modules/.package-lock.json')) ?? '{}').packages ?? {}
  return Object.entries(wanted).every(([path, { version, optional, dev, devOptional, link }]) => {
    if (path === '' || link) return true
    const there = found[path]
    if (there) return there.version === version
    return optional || devOptional || (dev && !tools)
  })
}

/** The steps that are still to be taken, in order. */
function missing({ forTools }) {
  const compile = read(distStamp) !== sourceFingerprint()
  const generate =
    (compile || forTools) &&
    (read(clientStamp) !== schemaFingerprint() || !fs.existsSync(join(client, 'client.ts')))
  const install = !installed({ tools: compile || forTools })
  return [install && installPackages, generate && generateClient, compile && compileSources].filter(
    Boolean,
  )
}

// --- the steps --------------------------------------------------------------------------------------

let child

/** Runs Node with these arguments; what it prints goes to stderr, at once or only when it fails. */
function run(args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const kept = []
    const hear = (chunk) => (quiet ? kept.push(chunk) : process.stderr.write(chunk))
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', (code) => {
      child = undefined
      if (code !== 0) process.stderr.write(Buffer.concat(kept))
      resolve(code === 0)
    })
  })
}

function npmCli() {
  const fromNpm = process.env.npm_execpath
  const besideNode = join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')
  const belowNode = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  const cli = [fromNpm, belowNode, besideNode].find(
    (path) => path?.match(/npm-cli\.js$/) && fs.existsSync(path),
  )
  if (!cli) throw new Failure('npm was not found. Run "npm install" once, then try again.')
  return cli
}

async function installPackages() {
  const first = !fs.existsSync(at('node_modules'))
  say(first ? 'Installing packages (first start only) …' : 'Packages have changed, installing …')
  // Not `npm ci`: it refuses a lock file that was made where a package for another platform could
  // not be had. This keeps to the lock file's versions just the same, and leaves the file alone.
  const install = ['install', '--no-save', '--include=dev', '--include=optional']
  if (!(await run([npmCli(), ...install, '--loglevel=error', '--no-progress'], { quiet: true })))
    throw new Failure(
      'The packages could not be installed; npm says why above. Is there a network?',
    )
}

async function generateClient() {
  say('Generating the database client …')
  const done = await run([at('node_modules/prisma/build/index.js'), 'generate'], {
    quiet: true,
    env: {
      // Generating needs no engine; any file that exists spares the download of one.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  })
  if (!done) throw new Failure('The database client could not be generated; see above.')
  fs.writeFileSync(clientStamp, schemaFingerprint())
}

async function compileSources() {
  say('Compiling …')
  const stamp = sourceFingerprint()
  fs.rmSync(distStamp, { force: true })
  const tsc = at('node_modules/typescript/bin/tsc')
  if (!(await run([tsc, '-p', at('tsconfig.build.json'), '--pretty', 'false'])))
    throw new Failure('The sources do not compile; the lines above say where.')
  tidyDist()
  fs.writeFileSync(distStamp, stamp)
}

/** Copies what is not code, and drops what a deleted source has left behind. */
function tidyDist() {
  const belongs = new Set([distStamp])
  for (const file of filesUnder(at('src'))) {
    const target = join(dist, relative(at('src'), file))
    if (file.endsWith('.mjs') || file === clientStamp) continue
    if (file.endsWith('.ts')) {
      const js = target.replace(/\.ts$/, '.js')
      belongs.add(js).add(`${js}.map`)
    } else {
      fs.mkdirSync(dirname(target), { recursive: true })
      fs.copyFileSync(file, target)
      belongs.add(target)
    }
  }
  for (const file of filesUnder(dist))
    if (!belongs.has(file) && !file.startsWith(lock)) fs.rmSync(file, { force: true })
}

// --- one at a time ------------------------------------------------------------------------------------

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Who holds the lock: a process id, or undefined where its holder died or has been silent. */
function holder() {
  const silentFor = Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  const pid = Number(read(join(lock, 'pid')))
  if (silentFor > 30_000) return undefined
  // A folder without the pid was made this instant.
  return !pid ? 'starting' : isAlive(pid) ? pid : undefined
}

function tryLock() {
  fs.mkdirSync(dist, { recursive: true })
  try {
    fs.mkdirSync(lock)
    fs.writeFileSync(join(lock, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

/** Moved away before it is removed, so that of two who find a dead one only one takes it. */
function dropDeadLock() {
  const dead = `${lock}-${process.pid}`
  try {
    fs.renameSync(lock, dead)
    fs.rmSync(dead, { recursive: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

async function takeLock() {
  let told = false
  while (!tryLock()) {
    const other = fs.existsSync(lock) ? holder() : 'gone'
    if (other === undefined) dropDeadLock()
    else if (typeof other === 'number' && !told) {
      say(`Waiting for another start that is preparing (process ${other}) …`)
      told = true
    }
    await pause(100)
  }
  const beat = setInterval(() => fs.utimesSync(lock, new Date(), new Date()), 5_000)
  return () => {
    clearInterval(beat)
    fs.rmSync(lock, { recursive: true, force: true })
  }
}

// --- all together ---------------------------------------------------------------------------------------

/** Does whatever is missing; where nothing is, it only looks. */
async function prepare({ forTools, exitCodeWhenStopped }) {
  if (missing({ forTools }).length === 0) return
  const release = await takeLock()
  const stop = () => {
    child?.kill()
    release()
    process.exit(exitCodeWhenStopped)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    // Looked at again, under the lock: the other one may have done it all.
    for (const step of missing({ forTools })) await step()
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    release()
  }
}

async function hand(over, args) {
  process.setSourceMapsEnabled(true)
  const file = at('dist', `${over}.js`)
  process.argv = [process.argv[0], file, ...args]
  await import(pathToFileURL(file).href)
}

async function start([mode, ...args]) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Baton needs Node 20.19 or newer; this is ${process.version}.`)
    process.exit(2)
  }
  if (mode !== 'main' && mode !== 'cli' && mode !== 'prepare') {
    say('Usage: node src/start.mjs main | cli <arguments> | prepare')
    process.exit(2)
  }
  try {
    await prepare({ forTools: mode === 'prepare', exitCodeWhenStopped: mode === 'main' ? 0 : 130 })
  } catch (error) {
    say(error instanceof Failure ? error.message : `Preparing failed: ${error.message}`)
    process.exit(1)
  }
  if (mode !== 'prepare') await hand(mode, args)
}

await start(process.argv.slice(2))
