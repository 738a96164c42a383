import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { parseDocument } from 'yaml'
import { completeAgreement } from '../adapters/agreement-file.ts'
import type { Config, SlackConfig } from '../config.ts'
import { leadInputSchema } from '../domain/lead.ts'
import { shippedAgreement } from '../shipped.ts'
import { handOffLead } from '../use-cases/hand-off-lead.ts'
import { keepNews } from '../use-cases/keep-lead.ts'
import type { World } from '../use-cases/ports/world.ts'
import { recordActivities } from '../use-cases/record-activities.ts'
import { freePort } from './free-port.ts'
import { startLocalSlack } from './local-slack.ts'
import { startSampleLeads, welcome } from './sandbox.ts'
import type { SampleHandoff, sampleVisitor } from './workspace.ts'
import { zoneOfThisMachine } from './zone.ts'

/** The agreement of the sandbox runs in seconds and minutes. */
const agreement = fileURLToPath(new URL('../../src/sandbox/agreement.yml', import.meta.url))

export interface Sandbox {
  /** The configuration with what the sandbox decides: a free port, a key for the API. */
  config: Config
  slack: SlackConfig
  firstAgreement: () => Promise<string>
  /** Lets the sample leads arrive. Answers with what the terminal says. */
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
  let stopLeads = (): void => {}

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
      stopLeads = await startSampleLeads({
        hasHandoffs: async () => !isFirstStart,
        handOff: (sample) => handOver(world, workspaceId, sample),
        visit: (visitor) => takeIn(world, workspaceId, visitor),
        log,
      })
      return welcome({ slackUrl: local.url, batonUrl: url, apiKey, isFirstStart })
    },

    async stop() {
      stopLeads()
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

async function handOver(world: World, workspaceId: string, sample: SampleHandoff): Promise<void> {
  await handOffLead(world, {
    workspaceId,
    lead: leadInputSchema.parse(sample.lead),
    reason: sample.reason,
    priority: sample.priority,
    owner: sample.owner,
    by: await world.members.byEmail(workspaceId, sample.handedOffBy),
    whatChanged: undefined,
  })
}

/** A lead that marketing knows, and what it has done: the score does the rest. */
async function takeIn(
  world: World,
  workspaceId: string,
  { lead, activities }: typeof sampleVisitor,
): Promise<void> {
  const known = leadInputSchema.parse(lead)
  await keepNews(world, workspaceId, { ...known, lifecycleStage: 'mql' })
  const told = activities.map((one, index) => ({
    ...one,
    email: known.email,
    key: `sandbox_${known.email}_${index}`,
  }))
  await recordActivities(world, workspaceId, told)
}

/** The key of the API, made at the first start. */
async function keptKey(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept !== undefined) return kept.trim()
  const key = `baton_${randomBytes(24).toString('base64url')}`
  await writeFile(file, `${key}\n`, { mode: 0o600 })
  return key
}
