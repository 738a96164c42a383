import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { freePort } from './free-port.ts'
import { app, channels, people, shownName, team } from './workspace.ts'
import { zoneOfThisMachine } from './zone.ts'

const version = '0.1.8'
const host = '127.0.0.1'
const startMs = 15_000
/** Where the package is missing, npx first has to download it. */
const startWithDownloadMs = 120_000
const stopMs = 1_500

export type SandboxLog = { debug(message: string): void; info(message: string): void }

export type LocalSlackOptions = {
  /** The folder of all local data; the local Slack keeps a folder of its own in it. */
  dataDir: string
  /** The port to take where it is free; otherwise one of the next, or any. */
  port: number
  /** Where Baton takes Slack's signed requests. */
  requestUrl: string
  log: SandboxLog
}

export type LocalSlack = {
  /** The address to open in a browser. */
  url: string
  apiUrl: string
  teamId: string
  botToken: string
  signingSecret: string
  /** Has the cards of these handoffs stand at the moments at which they were handed over. */
  date(handoffs: readonly { id: string; createdAt: Date }[]): void
  /** Ends it, and returns when it has ended. */
  stop(): Promise<void>
}

type Program = { command: string; args: string[]; startMs: number; env?: NodeJS.ProcessEnv }

const pidSchema = z.object({ pid: z.int().positive(), parent: z.int().positive() })

/**
 * Starts a Slack for this machine only, with the sample workspace in it, and returns when it
 * answers. Refuses when it does not come up, and when a running Baton uses the same folder.
 */
export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const dir = resolve(options.dataDir, 'slack')
  mkdirSync(dir, { recursive: true })
  await stopLeftover(dir, options.log)
  writeFiles(dir, options.requestUrl)
  const program = findProgram(dir)
  const port = await freePort(options.port, host, options.log)
  const child = launch(program, dir, port, options.log)
  const stop = () => stopChild(child, dir)
  const url = `http://${host}:${port}`
  await untilItAnswers(child, url, program.startMs).catch(async (error) => {
    await stop()
    throw error
  })
  const { botToken, signingSecret } = app
  const date: LocalSlack['date'] = (handoffs) => datePast(dir, handoffs)
  return { url, apiUrl: `${url}/api/`, teamId: team.id, botToken, signingSecret, date, stop }
}

function configOf(requestUrl: string) {
  const members = [app.botUserId, ...people.map((person) => person.id)]
  return {
    workspace: { teamId: team.id, name: team.name, domain: team.domain },
    apps: [
      {
        appId: app.id,
        botUserId: app.botUserId,
        botName: app.botName,
        botToken: app.botToken,
        signingSecret: app.signingSecret,
        mode: 'events',
        requestUrl,
      },
    ],
    users: people.map((person) => ({
      id: person.id,
      name: person.name,
      real_name: shownName(person),
      email: person.email,
      tz: zoneOfThisMachine(),
    })),
    channels: channels.map(({ id, name, purpose }) => ({ id, name, purpose, members })),
  }
}

const configFile = (dir: string) => join(dir, 'config.json')
const pidFile = (dir: string) => join(dir, 'pid.json')

function writeFiles(dir: string, requestUrl: string): void {
  const known = people.map(({ id, locale, realName }) => [id, { locale, realName }])
  const preload = fileURLToPath(import.meta.url).replace(/(\.[jt]s)$/, '-preload$1')
  writeFileSync(configFile(dir), JSON.stringify(configOf(requestUrl), null, 2))
  writeFileSync(join(dir, 'settings.json'), JSON.stringify({ people: Object.fromEntries(known) }))
  // The program is built with Bun, which reads this from the folder it is started in.
  writeFileSync(join(dir, 'bunfig.toml'), `preload = [${JSON.stringify(preload)}]\n`)
}

/** A second is what a card took to be posted. */
function datePast(dir: string, handoffs: readonly { id: string; createdAt: Date }[]): void {
  const moments = handoffs.map(({ id, createdAt }) => [
    id,
    ((createdAt.getTime() + 1_000) / 1_000).toFixed(6),
  ])
  writeFileSync(join(dir, 'past.json'), JSON.stringify(Object.fromEntries(moments)))
}

function findProgram(dir: string): Program {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `local-slack-${platform}-${process.arch}`
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    const file = process.platform === 'win32' ? 'local-slack.exe' : 'local-slack'
    const command = join(folder, 'bin', file)
    // An environment of its own: a proxy in ours would catch its requests to Baton.
    return process.platform === 'win32'
      ? { command, args: [], startMs }
      : { command, args: [], startMs, env: { TMPDIR: dir } }
  } catch {
    return {
      command: 'npx',
      args: ['--yes', `local-slack@${version}`],
      startMs: startWithDownloadMs,
    }
  }
}

function launch(program: Program, dir: string, port: number, log: SandboxLog): ChildProcess {
  const own = ['--config', configFile(dir), '--port', String(port), '--base-host', host]
  const child = spawn(program.command, [...program.args, ...own], {
    cwd: dir,
    // Standard input stays open while this process lives: its end tells the child to go.
    stdio: ['pipe', 'pipe', 'pipe'],
    // Out of the terminal's group, so that Ctrl-C stops Baton first and this after it.
    detached: process.platform !== 'win32',
    shell: program.command === 'npx' && process.platform === 'win32',
    ...(program.env && { env: program.env }),
  })
  child.on('error', (error) => log.debug(`local Slack: ${error.message}`))
  child.stdin?.on('error', () => undefined)
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface(output).on('line', (line) => line && log.debug(line))
  }
  if (child.pid !== undefined) {
    writeFileSync(pidFile(dir), JSON.stringify({ pid: child.pid, parent: process.pid }))
  }
  return child
}

const hasEnded = (child: ChildProcess) =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null

async function untilItAnswers(child: ChildProcess, url: string, withinMs: number): Promise<void> {
  const deadline = AbortSignal.timeout(withinMs)
  while (!deadline.aborted) {
    if (hasEnded(child))
      throw new Error('The local Slack ended at its start (LOG_LEVEL=debug shows why)')
    if (await isOurSlack(url)) return
    await delay(50)
  }
  throw new Error(`The local Slack did not answer within ${withinMs / 1_000} seconds`)
}

async function isOurSlack(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/auth.test`, {
      method: 'POST',
      signal: AbortSignal.timeout(2_000),
    })
    return z.object({ team_id: z.literal(team.id) }).safeParse(await response.json()).success
  } catch {
    return false
  }
}

async function stopChild(child: ChildProcess, dir: string): Promise<void> {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit')
    child.stdin?.end()
    if (child.pid !== undefined) kill(child.pid, 'SIGTERM')
    await Promise.race([ended, delay(stopMs, undefined, { ref: false })])
    if (!hasEnded(child) && child.pid !== undefined) {
      kill(child.pid, 'SIGKILL')
      await ended
    }
  }
  rmSync(pidFile(dir), { force: true })
}

/** To its whole group where it leads one: npx stands before the program itself. */
function kill(pid: number, signal: NodeJS.Signals): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, signal)
      return
    } catch {
      // No such group, or it has ended meanwhile.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Whether that process was started on this folder; unknown where there is no /proc. */
function isOurs(pid: number, dir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(configFile(dir))
  } catch {
    return false
  }
}

/** What an earlier Baton that was killed may have left behind, should it not have gone by itself. */
async function stopLeftover(dir: string, log: SandboxLog): Promise<void> {
  const left = readPid(dir)
  if (left === undefined || !isOurs(left.pid, dir)) return
  if (left.parent !== process.pid && isAlive(left.parent)) {
    await untilGone(left.pid)
    if (!isOurs(left.pid, dir)) return
    throw new Error(
      `Another Baton (process ${left.parent}) uses ${dir}: stop it, or set BATON_DATA_DIR`,
    )
  }
  log.debug(`stopping the local Slack that an earlier start left (process ${left.pid})`)
  kill(left.pid, 'SIGTERM')
  await untilGone(left.pid)
  if (!isOurs(left.pid, dir)) return
  kill(left.pid, 'SIGKILL')
  await untilGone(left.pid)
}

async function untilGone(pid: number): Promise<void> {
  const deadline = AbortSignal.timeout(stopMs)
  while (isAlive(pid) && !deadline.aborted) await delay(20)
}

function readPid(dir: string): z.infer<typeof pidSchema> | undefined {
  if (!existsSync(pidFile(dir))) return undefined
  try {
    return pidSchema.parse(JSON.parse(readFileSync(pidFile(dir), 'utf8')))
  } catch {
    return undefined
  }
}
