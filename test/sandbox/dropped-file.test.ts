import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { startLocalSlack } from '../../src/sandbox/local-slack.ts'
import { eventually } from '../support/baton.ts'
import { freshDatabase } from '../support/database.ts'

const isHere = process.platform === 'linux' && process.arch === 'x64'
const why = isHere ? '' : ' (skipped: the local Slack is installed on Linux x64 only)'

const messagesSchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      text: z.string().default(''),
      blocks: z.unknown().optional(),
      thread_ts: z.string().optional(),
      files: z.array(z.object({ name: z.string() })).default([]),
    }),
  ),
})
const stateSchema = z.object({
  channels: z.array(z.object({ id: z.string(), is_im: z.boolean().optional() })),
})

/** A port that is free now: Baton and its Slack have to know of each other before they start. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise<void>((closed) => void server.close(() => closed()))
  return address !== null && typeof address === 'object' ? address.port : 0
}

test.skipIf(!isHere)(
  `a CSV file is dropped, imported and listed in the local Slack${why}`,
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'baton-sandbox-file-'))
    const port = await freePort()
    const local = await startLocalSlack({
      ...{ dataDir, port: 0, requestUrl: `http://127.0.0.1:${port}/slack/events` },
      log: { debug: () => undefined, info: () => undefined },
    })
    const database = await freshDatabase()
    const config = readConfig({
      SLACK_BOT_TOKEN: local.botToken,
      SLACK_SIGNING_SECRET: local.signingSecret,
      SLACK_API_URL: local.apiUrl,
      PORT: `${port}`,
    })
    if (config.slack === null) throw new Error('there is a token')
    const parts = { config, slack: config.slack, databaseUrl: database.url }
    const baton = await compose({ ...parts, log: pino({ level: 'silent' }) })
    const control = async (path: string) => (await fetch(`${local.url}/_control/${path}`)).json()
    try {
      const body = new FormData()
      body.set('user', 'U0ANNA')
      body.set('channel', 'U0ANNA')
      const rows = 'E-mail,Name\nmaria@officineverdi.example,Maria Verdi\nno address,Carla\n'
      body.append('file', new File([rows], 'leads.csv', { type: 'text/csv' }))
      const dropped = await fetch(`${local.url}/_control/upload`, { method: 'POST', body })
      expect(dropped.status).toBe(200)

      const messages = async () => {
        const { channels } = stateSchema.parse(await control('state'))
        const direct = channels.filter(({ id }) => id.startsWith('D'))
        const all = await Promise.all(direct.map(({ id }) => control(`messages/${id}`)))
        return all.flatMap((one, place) =>
          messagesSchema.parse(one).messages.map((message) => {
            return { ...message, channel: direct[place]?.id }
          }),
        )
      }
      const offer = await eventually(async () =>
        (await messages()).find(({ text }) => text.includes('2 rows')),
      )
      const [, id = ''] = /"value":"(drop_\w+)"/.exec(JSON.stringify(offer.blocks)) ?? []
      await fetch(`${local.url}/_control/interact`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ channel: offer.channel, messageTs: offer.ts, user: 'U0ANNA' },
          action: { type: 'button', action_id: 'file.import', value: id },
        }),
      })
      const done = await eventually(async () =>
        (await messages()).find(({ text }) => text.includes('is imported: 1 new lead')),
      )
      expect(done.ts).toBe(offer.ts)
      const listed = (await messages()).filter(({ files }) =>
        files.some(({ name }) => name === 'leads.bad.csv'),
      )
      expect(listed.map(({ thread_ts: thread }) => thread)).toEqual([offer.ts])
    } finally {
      await baton.stop()
      await local.stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
  60_000,
)
