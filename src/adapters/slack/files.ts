import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { NotFetched, SlackFiles } from '../../use-cases/ports/dropped-files.ts'
import { refusalOf, sortOut } from './slack-errors.ts'

export interface SlackFilesParts {
  client: WebClient
  /** The bot token: without it Slack gives no file. */
  token: string
  /** Where copies are kept for as long as they are used; a folder for temporary files by default. */
  folder?: string
}

/** How long a whole file may take. */
const transferMs = 5 * 60_000
const mostRedirects = 3

const gone: readonly string[] = ['file_not_found', 'file_deleted', 'files_not_found']

const fileSchema = z.object({
  name: z.string().max(500).nullish(),
  size: z.number().nonnegative().default(0),
  mimetype: z.string().max(200).default(''),
  mode: z.string().default('hosted'),
  is_external: z.boolean().default(false),
  url_private: z.url().optional(),
  url_private_download: z.url().optional(),
  shares: z.unknown().optional(),
})

const sharesSchema = z.record(z.string(), z.record(z.string(), z.unknown()))

/** Files in Slack. The token goes to Slack's own host for files and nowhere else. */
export function createSlackFiles({ client, token, folder }: SlackFilesParts): SlackFiles {
  const api = new URL(client.slackApiUrl)

  /** Slack's host for files; for a Slack on this machine that one, by whichever name. */
  const isOfSlack = (url: URL): boolean =>
    isLoopback(api)
      ? isLoopback(url) && url.port === api.port && url.protocol === api.protocol
      : url.protocol === 'https:' && url.host === 'files.slack.com'

  const infoOf = async (fileId: string) =>
    fileSchema.parse((await client.files.info({ file: fileId })).file)

  /** Follows Slack to its own host only. */
  async function get(address: string, signal: AbortSignal): Promise<Response | undefined> {
    let url = new URL(address)
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      if (!isOfSlack(url)) return undefined
      const response = await fetch(url.href, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'manual',
        signal,
      })
      if (response.status < 300 || response.status > 399) return response
      await response.body?.cancel()
      const next = response.headers.get('location') ?? ''
      if (!URL.canParse(next, url.href)) return undefined
      url = new URL(next, url.href)
    }
    return undefined
  }

  return {
    async about(fileId) {
      try {
        const { name, size, mimetype: type, mode, ...file } = await infoOf(fileId)
        if (mode === 'tombstone' || mode === 'hidden_by_limit') return never('gone')
        const url = file.url_private_download ?? file.url_private
        // Slack only links to it, and has nothing to give
        if (file.is_external || mode === 'external' || url === undefined) return never('not-csv')
        return { kind: 'found', about: { name: name ?? fileId, size, type }, url }
      } catch (error) {
        return refusedBy(error)
      }
    },

    async fetch(url, size) {
      const dir = await mkdtemp(join(folder ?? tmpdir(), 'baton-file-'))
      const path = join(dir, 'file.csv')
      const remove = () => rm(dir, { recursive: true, force: true })
      const failed = async (why: NotFetched): Promise<NotFetched> => {
        await remove()
        return why
      }
      try {
        const response = await get(url, AbortSignal.timeout(transferMs))
        if (response === undefined) return await failed(never('no-access'))
        const why = faultIn(response)
        if (why !== undefined || response.body === null) {
          await response.body?.cancel()
          return await failed(why ?? later('empty answer'))
        }
        await pipeline(
          Readable.from(response.body),
          atMost(size),
          createWriteStream(path, { mode: 0o600 }),
        )
        const { size: copied } = await stat(path)
        if (copied !== size) return await failed(later('another size'))
        return { kind: 'fetched', path, remove }
      } catch (error) {
        return failed(refusedBy(error))
      }
    },

    async upload({ path, name }, { channelId, threadTs }, noted) {
      try {
        const { size: length } = await stat(path)
        const target = await client.files.getUploadURLExternal({ filename: name, length })
        const { upload_url: url, file_id: id } = uploadSchema.parse(target)
        if (!isOfSlack(new URL(url))) return never('no-access')
        // the address itself is the right to upload: no token goes with it
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'text/csv', 'content-length': String(length) },
          body: Readable.toWeb(createReadStream(path)),
          duplex: 'half',
          redirect: 'error',
          signal: AbortSignal.timeout(transferMs),
        })
        await response.body?.cancel()
        if (!response.ok) return later(`HTTP ${response.status}`)
        await noted(id)
        await client.files.completeUploadExternal({
          files: [{ id, title: name }],
          channel_id: channelId,
          thread_ts: threadTs,
        })
        return { kind: 'listed', fileId: id }
      } catch (error) {
        return refusedBy(error)
      }
    },

    async isShared(fileId) {
      const shares = await infoOf(fileId).then(
        (file) => sharesSchema.safeParse(file.shares),
        () => undefined,
      )
      return Object.values(shares?.data ?? {}).some((one) => Object.keys(one).length > 0)
    },
  }
}

const uploadSchema = z.object({ upload_url: z.url(), file_id: z.string().min(1) })

const isLoopback = ({ hostname }: URL): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)

const never = (fault: 'gone' | 'no-access' | 'not-csv') => ({ kind: 'never', fault }) as const

const later = (error: string, afterMs: number | null = null) =>
  ({ kind: 'later', afterMs, error }) as const

function refusedBy(error: unknown): NotFetched {
  if (gone.includes(refusalOf(error) ?? '')) return never('gone')
  const said = sortOut(error)
  return said.kind === 'later' ? later(said.error, said.afterMs) : never('no-access')
}

/** Slack shows its page for signing in to whoever may not have a file. */
function faultIn({ status, headers, ok }: Response): NotFetched | undefined {
  if (status === 404 || status === 410) return never('gone')
  if (status === 429)
    return later('ratelimited', (Number(headers.get('retry-after')) || 30) * 1_000)
  if (status >= 500) return later(`HTTP ${status}`)
  const isPage = headers.get('content-type')?.startsWith('text/html') === true
  return ok && !isPage ? undefined : never('no-access')
}

/** Ends the transfer of what is larger than it was said to be. */
function atMost(size: number): Transform {
  let passed = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length
      done(passed > size ? new Error('larger than it was said to be') : null, chunk)
    },
  })
}
