import { z } from 'zod'
import type { Handoff } from '../../domain/handoff.ts'
import { openStatuses } from '../../domain/handoff.ts'
import type { HandoffFilter, HandoffStory, Handoffs } from '../../use-cases/ports/handoffs.ts'
import type { Database } from './client.ts'
import { commitStatement, commitTogether } from './commit.ts'
import {
  cardRow,
  eventRow,
  fromHandoff,
  handoffRow,
  selectHandoff,
  selectStory,
} from './handoff-rows.ts'

const storyRow = z.object({ handoff: handoffRow, events: z.array(eventRow), card: cardRow })

const cursorSchema = z.object({
  at: z.iso.datetime().regex(/^2\d{3}-/),
  id: z.string().regex(/^\w{1,64}$/),
})
type Cursor = z.output<typeof cursorSchema>

const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** What a page's cursor says; undefined for anything that no page gave. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return parsed.data
  } catch {
    return undefined
  }
}

const open = `(${openStatuses.map((status) => `'${status}'`).join(', ')})`

/**
 * Handoffs, read and written through hand-written statements with names (prepared once a
 * connection): a click is one read and one write.
 */
export function createHandoffs({ pool }: Pick<Database, 'pool'>): Handoffs {
  const one = async (
    name: string,
    where: string,
    values: string[],
  ): Promise<Handoff | undefined> => {
    const text = `${selectHandoff} ${fromHandoff} where ${where}`
    const { rows } = await pool.query({ name, text, values })
    return rows[0] === undefined ? undefined : handoffRow.parse(rows[0].handoff)
  }

  return {
    byId: (workspaceId, id) =>
      one('handoff_by_id', 'h.workspace_id = $1 and h.id = $2', [workspaceId, id]),

    openOfLead: (workspaceId, email) =>
      one('handoff_open_of_lead', `h.workspace_id = $1 and l.email = $2 and h.status in ${open}`, [
        workspaceId,
        email,
      ]),

    lastOfLead: (workspaceId, email) =>
      one(
        'handoff_last_of_lead',
        `l.workspace_id = $1 and l.email = $2 order by h.round desc limit 1`,
        [workspaceId, email],
      ),

    async openOf(workspaceId, personId) {
      const { rows } = await pool.query({
        name: 'handoffs_open_of_owner',
        text: `select count(*)::int as open from handoffs h
          where h.workspace_id = $1 and h.owner_id = $2 and h.status in ${open}`,
        values: [workspaceId, personId],
      })
      return z.object({ open: z.int() }).parse(rows[0]).open
    },

    async back(workspaceId, limit) {
      const { rows } = await pool.query({
        name: 'handoffs_back',
        text: `${selectHandoff} ${fromHandoff}
          where h.workspace_id = $1 and h.status in ('returned', 'unresponsive')
            and h.returned ->> 'answer' is distinct from 'handed-over-again'
            and l.erased_at is null
          order by h.created_at desc, h.id desc limit $2`,
        values: [workspaceId, limit],
      })
      return z
        .array(z.object({ handoff: handoffRow }))
        .parse(rows)
        .map(({ handoff }) => handoff)
    },

    async story(workspaceId, id) {
      const text = `${selectStory} ${fromHandoff} where h.workspace_id = $1 and h.id = $2`
      const { rows } = await pool.query({ name: 'handoff_story', text, values: [workspaceId, id] })
      return rows[0] === undefined ? undefined : storyRow.parse(rows[0])
    },

    async page(workspaceId, filter, { cursor, limit }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor)
      const { rows } = await pool.query({
        text: `${selectStory} ${fromHandoff}
          where h.workspace_id = $1
            and ($2::text is null or h.status = $2)
            and ($3::text is null or o.email = $3 or o.slack_id = $3)
            and ($4::text is null or h.lead_type = $4)
            and ($5::timestamptz is null or (h.created_at, h.id) < ($5, $6))
          order by h.created_at desc, h.id desc limit $7`,
        values: [workspaceId, ...filterValues(filter), after?.at, after?.id, limit + 1],
      })
      const stories = z.array(storyRow).parse(rows)
      const items: HandoffStory[] = stories.slice(0, limit)
      const last = items.at(-1)?.handoff
      const nextCursor =
        stories.length > limit && last !== undefined
          ? encodeCursor({ at: last.createdAt.toISOString(), id: last.id })
          : null
      return { items, nextCursor }
    },

    commit: (before, decision, request) => commitStatement(pool, { before, decision }, request),

    commitAll: (changes, request) => commitTogether(pool, changes, request),

    async byRequest(workspaceId, key) {
      const { rows } = await pool.query({
        name: 'handoff_by_request',
        text: `select fingerprint, handoff_id as "handoffId" from idempotency_keys
          where workspace_id = $1 and key = $2`,
        values: [workspaceId, key],
      })
      return z.object({ fingerprint: z.string(), handoffId: z.string() }).optional().parse(rows[0])
    },
  }
}

const filterValues = ({ status, owner, leadType }: HandoffFilter): (string | undefined)[] => [
  status,
  owner?.toLowerCase(),
  leadType,
]
