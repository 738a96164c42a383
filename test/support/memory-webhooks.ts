import type {
  WebhookEndpoint,
  WebhookLogLine,
  Webhooks,
} from '../../src/use-cases/ports/webhooks.ts'

/** Endpoints over a map, with the log of their tests: events are sent by the real outbox alone. */
export function createMemoryWebhooks(): Webhooks {
  type Kept = WebhookEndpoint & { secret: string; workspaceId: string; log: WebhookLogLine[] }
  let kept: Kept[] = []
  let lines = 0
  const find = (workspaceId: string, id: string) =>
    kept.find((one) => one.workspaceId === workspaceId && one.id === id)
  const shown = ({
    id,
    url,
    events,
    createdAt,
    disabledAt,
    failingSince,
  }: Kept): WebhookEndpoint => ({
    id,
    url,
    events,
    createdAt,
    disabledAt,
    failingSince,
  })
  return {
    async add(workspaceId, endpoint, most) {
      const own = kept.filter((one) => one.workspaceId === workspaceId)
      if (own.some(({ url }) => url === endpoint.url)) return 'endpoint-known'
      if (own.length >= most) return 'too-many-endpoints'
      kept.push({ ...endpoint, workspaceId, disabledAt: null, failingSince: null, log: [] })
      return 'added'
    },
    list: async (workspaceId) => kept.filter((one) => one.workspaceId === workspaceId).map(shown),
    async byId(workspaceId, id) {
      const one = find(workspaceId, id)
      return one && { ...shown(one), secret: one.secret }
    },
    async remove(workspaceId, id) {
      const one = find(workspaceId, id)
      kept = kept.filter((other) => other !== one)
      return one !== undefined
    },
    async log(workspaceId, id, { cursor, limit }) {
      const one = find(workspaceId, id)
      if (one === undefined) return undefined
      const older = one.log.filter((line) => !(Number(line.id) >= Number(cursor)))
      const items = older.slice(0, limit)
      return { items, nextCursor: older.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    async tested(workspaceId, id, { at, taken, answer }) {
      const one = find(workspaceId, id)
      if (one === undefined) return
      if (taken) {
        one.disabledAt = null
        one.failingSince = null
      }
      lines += 1
      const state = taken ? ('sent' as const) : ('failed' as const)
      const times = { createdAt: at, sentAt: taken ? at : null, nextTryAt: null }
      one.log.unshift({ id: `${lines}`, type: 'Test', state, tries: 1, answer, ...times })
    },
  }
}
