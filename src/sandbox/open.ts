import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { parseDocument } from 'yaml'
import { completeAgreement } from '../adapters/agreement-file.ts'
import type { Config, SlackConfig } from '../config.ts'
import { shippedAgreement } from '../shipped.ts'
import type { World } from '../use-cases/ports/world.ts'
import { stageOn } from './acting.ts'
import { freePort } from './free-port.ts'
import { playHistory } from './history.ts'
import { startLocalSlack } from './local-slack.ts'
import { chaptersLeft, tellStory } from './story.ts'
import { chapterLine, welcome } from './welcome.ts'
import { zoneOfThisMachine } from './zone.ts'

/** The agreement of the sandbox runs in seconds and minutes. */
const agreement = fileURLToPath(new URL('../../src/sandbox/agreement.yml', import.meta.url))

export interface Sandbox {
  /** The configuration with what the sandbox decides: a free port, a key for the API. */
  config: Config
  slack: SlackConfig
  firstAgreement: () => Promise<string>
  /** Gives it a past, and lets its story begin. Answers with what the terminal says. */
  begin(baton: { world: World; workspaceId: string; url: string }): Promise<string>
  stop(): Promise<void>
}

/** A local Slack in the browser, for Baton to be tried in without a workspace. */
export async function openSandbox(config: Config, log: Logger): Promise<Sandbox> {
  const port = await freePort(config.port, config.host, log)
  const local = await startLocalSlack({
    dataDir: config.dataDir,
    port: port + 1,
    requestUrl: `http://127.0.0.1:${port}/slack/events`,
    log,
  })
  const apiKey = config.apiKey ?? (await keptKey(join(config.dataDir, 'api-key')))
  let stopStory = (): void => {}

  return {
    config: { ...config, port, apiKey },
    slack: {
      botToken: local.botToken,
      apiUrl: local.apiUrl,
      mode: { kind: 'http', signingSecret: local.signingSecret },
    },
    firstAgreement: agreementOfThisMachine,

    async begin({ world, workspaceId, url }) {
      const page = await world.handoffs.page(workspaceId, {}, { limit: 1 })
      const isFirstStart = page.items.length === 0
      if (isFirstStart) {
        const handoffs = await playHistory(world, workspaceId)
        local.date(handoffs)
        const streams = new Set(handoffs.map(({ channel }) => channel))
        world.queue.deliver([...streams].map((stream) => ({ workspaceId, stream })))
      }
      const stage = stageOn(world, workspaceId)
      const left = await chaptersLeft(stage)
      const tell = (line: string) => process.stdout.write(chapterLine(line))
      stopStory = tellStory(left, { stage, tell, log })
      const story = { chaptersLeft: left.length, isFirstStart }
      return welcome({ slackUrl: local.url, batonUrl: url, apiKey, ...story })
    },

    async stop() {
      stopStory()
      await local.stop()
    },
  }
}

/** The agreement of the sandbox, in the zone of this machine. */
async function agreementOfThisMachine(): Promise<string> {
  const source = parseDocument(await completeAgreement(agreement, shippedAgreement))
  source.setIn(['calendar', 'timezone'], zoneOfThisMachine())
  return String(source)
}

/** The key of the API, made at the first start. */
async function keptKey(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return kept.trim()
  const key = `baton_${randomBytes(24).toString('base64url')}`
  await writeFile(file, `${key}\n`, { mode: 0o600 })
  return key
}
