import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { createWebClient } from './adapters/slack/client.ts'
import { refusalOf } from './adapters/slack/slack-errors.ts'
import { StartError } from './start-error.ts'

const teamSchema = z.object({
  team_id: z.string(),
  team: z.string().default('Slack'),
  url: z.url().optional(),
})
const slackTries = 10

/** The workspace that the token belongs to. Waits a while for a Slack that can't be reached. */
export async function installedTeam(
  client: ReturnType<typeof createWebClient>,
  log: Logger,
): Promise<{ id: string; name: string; url: string | undefined }> {
  for (let tries = 1; ; tries++) {
    try {
      const { team_id: id, team: name, url } = teamSchema.parse(await client.auth.test())
      return { id, name, url }
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal !== undefined) throw new StartError(`Slack refuses SLACK_BOT_TOKEN: ${refusal}`)
      if (tries === slackTries) throw new StartError('Slack can not be reached', { cause: error })
      log.warn({ err: error }, 'Slack can not be reached, trying again')
      await sleep(Math.min(tries * 500, 3_000))
    }
  }
}

/** Says which token Slack refuses when its socket is opened. */
export function explainAppToken(error: unknown): never {
  const refusal = refusalOf(error)
  throw refusal === undefined ? error : new StartError(`Slack refuses SLACK_APP_TOKEN: ${refusal}`)
}
