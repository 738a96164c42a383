import { LRUCache } from 'lru-cache'
import type { PoolClient } from 'pg'
import { z } from 'zod'
import type { Agreement } from '../../domain/agreement.ts'
import { sides } from '../../domain/agreement.ts'
import { type Proposal, type ProposalDecided, proposalStates } from '../../domain/proposal.ts'
import type { Draft, Proposals } from '../../use-cases/ports/agreements.ts'
import type { AgreementsStore } from './agreements.ts'
import type { Database } from './client.ts'
import { personRow } from './handoff-rows.ts'
import { underLock } from './transaction.ts'

const instant = z.string().transform((text) => new Date(text))

const recordRow = z.object({
  id: z.string(),
  workspaceId: z.string(),
  baseVersion: z.int(),
  state: z.enum(proposalStates),
  version: z.int().nullable(),
  inForceFrom: instant.nullable(),
  proposedBy: personRow.nullable(),
  proposedAt: instant,
  withdrawnBy: personRow.nullable(),
  withdrawnAt: instant.nullable(),
  signatures: z.array(z.object({ side: z.enum(sides), by: personRow, at: instant })),
})

const proposalRow = z.object({ proposal: recordRow, source: z.string() })
const withBaseRow = proposalRow.extend({ base: z.string() })
const redrawRow = withBaseRow.extend({
  revision: z.int(),
  channelId: z.string().nullable(),
  ts: z.string().nullable(),
  uncertain: z.boolean(),
})
const versionRow = z.object({ version: z.int(), inForceFrom: z.date() })
const sourceRow = versionRow.extend({ source: z.string() })

const person = (id: string): string =>
  `(select json_build_object('id', u.id, 'slackId', u.slack_id, 'email', u.email, 'name', u.name)
    from users u where u.id = ${id})`

/** One proposal as one document. `p` is its row, to be named in the where clause. */
const record = `json_build_object('id', p.id, 'workspaceId', p.workspace_id,
    'baseVersion', p.base_version, 'state', p.state, 'version', p.version,
    'inForceFrom', p.in_force_from, 'proposedBy', ${person('p.proposed_by_id')},
    'proposedAt', p.proposed_at, 'withdrawnBy', ${person('p.withdrawn_by_id')},
    'withdrawnAt', p.withdrawn_at,
    'signatures', coalesce((select json_agg(json_build_object('side', s.side,
      'by', ${person('s.by_id')}, 'at', s.at) order by s.at, s.side)
      from agreement_signatures s where s.proposal_id = p.id), '[]')) as proposal`

const base = `(select v.source from agreement_versions v
    where v.workspace_id = p.workspace_id and v.version = p.base_version) as base`

const newest = `select version, in_force_from as "inForceFrom", source from agreement_versions
  where workspace_id = $1 order by version desc limit 1`

export interface ProposalParts {
  agreements: Pick<AgreementsStore, 'parsed' | 'forget'>
  parse: (source: string, name: string) => Agreement
  /** A whole agreement out of a text that leaves sections out: read, and as text. */
  complete: (
    own: { text: string; file: string },
    base: { text: string; file: string },
  ) => Pick<Draft, 'agreement' | 'source'>
}

/**
 * Proposals of new agreements. Whatever changes one, or makes a version of it, holds the lock of
 * the workspace's agreement, so that rules decide one after the other.
 */
export function createProposals(
  { pool }: Pick<Database, 'pool'>,
  { agreements, parse, complete }: ProposalParts,
): Proposals {
  const parsed = new LRUCache<string, Agreement>({ max: 100 })

  /** What a proposal says never changes, so it is read once. */
  const proposalOf = ({ proposal, source }: z.output<typeof proposalRow>): Proposal => {
    const agreement = parsed.get(proposal.id) ?? parse(source, `proposal ${proposal.id}`)
    parsed.set(proposal.id, agreement)
    return { ...proposal, agreement }
  }

  const withBase = (row: z.output<typeof withBaseRow>): { proposal: Proposal; base: Agreement } => {
    const { workspaceId, baseVersion: version } = row.proposal
    return {
      proposal: proposalOf(row),
      base: agreements.parsed(workspaceId, { version, source: row.base }),
    }
  }

  /** Runs under the lock of the workspace's agreement, in one transaction. */
  const locked = <Result>(workspaceId: string, run: (client: PoolClient) => Promise<Result>) =>
    underLock(pool, `agreement of ${workspaceId}`, run)

  const contextOf = async (client: PoolClient, workspaceId: string) => {
    const inForce = await client.query(
      `select version, in_force_from as "inForceFrom", source from agreement_versions
        where workspace_id = $1 and in_force_from <= $2 order by version desc limit 1`,
      [workspaceId, new Date()],
    )
    return {
      inForce: agreements.parsed(workspaceId, sourceRow.parse(inForce.rows[0])),
      newest: versionRow.parse((await client.query(newest, [workspaceId])).rows[0]),
    }
  }

  const find = async (
    client: PoolClient,
    workspaceId: string,
    id: string,
  ): Promise<Proposal | undefined> => {
    const { rows } = await client.query(
      `select ${record}, p.source from agreement_proposals p
        where p.workspace_id = $1 and p.id = $2`,
      [workspaceId, id],
    )
    return rows[0] === undefined ? undefined : proposalOf(proposalRow.parse(rows[0]))
  }

  const newestOf = async (workspaceId: string) => {
    const { rows } = await pool.query(newest, [workspaceId])
    const { source, version, inForceFrom } = sourceRow.parse(rows[0])
    const agreement = agreements.parsed(workspaceId, { version, source })
    return { base: { version, inForceFrom, agreement }, source }
  }

  return {
    newest: async (workspaceId) => (await newestOf(workspaceId)).base,

    async draft(workspaceId, text, file) {
      const { base, source } = await newestOf(workspaceId)
      const name = `agreement version ${base.version}`
      return { base, ...complete({ text, file }, { text: source, file: name }) }
    },

    add: ({ source }, workspaceId, decide) =>
      locked(workspaceId, async (client): Promise<ProposalDecided> => {
        const decided = decide(await contextOf(client, workspaceId))
        if (!decided.ok) return decided
        const { proposal } = decided
        await client.query(
          `insert into agreement_proposals (id, workspace_id, base_version, source, state,
            in_force_from, proposed_by_id, proposed_at, redraw_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing`,
          [
            proposal.id,
            workspaceId,
            proposal.baseVersion,
            source,
            proposal.state,
            proposal.inForceFrom,
            proposal.proposedBy?.id,
            proposal.proposedAt,
            new Date(),
          ],
        )
        const kept = await find(client, workspaceId, proposal.id)
        if (kept === undefined) throw new Error(`the id ${proposal.id} is taken`)
        return { ok: true, proposal: kept }
      }),

    async change(workspaceId, id, decide) {
      const decided = await locked(workspaceId, async (client) => {
        const before = await find(client, workspaceId, id)
        if (before === undefined) return undefined
        const result = decide(before, await contextOf(client, workspaceId))
        if (result.ok) await write(client, before, result.proposal)
        return result
      })
      if (decided?.ok && decided.proposal.state === 'signed') agreements.forget(workspaceId)
      return decided
    },

    async open(workspaceId) {
      const { rows } = await pool.query(
        `select ${record}, p.source, ${base} from agreement_proposals p
          where p.workspace_id = $1 and p.state = 'open' order by p.proposed_at desc, p.id limit 20`,
        [workspaceId],
      )
      return z.array(withBaseRow).parse(rows).map(withBase)
    },

    async history(workspaceId, limit) {
      const versions = await pool.query(
        `select version, in_force_from as "inForceFrom" from agreement_versions
          where workspace_id = $1 order by version desc limit $2`,
        [workspaceId, limit],
      )
      const proposals = await pool.query(
        `select ${record} from agreement_proposals p
          where p.workspace_id = $1 order by p.proposed_at desc, p.id limit $2`,
        [workspaceId, limit],
      )
      return {
        versions: z.array(versionRow).parse(versions.rows),
        proposals: z.array(recordRow).parse(proposals.rows.map(({ proposal }) => proposal)),
      }
    },

    async toRedraw(workspaceId, now, ms) {
      const { rows } = await pool.query({
        name: 'proposal_to_redraw',
        text: `with next as (
            select id, uncertain from agreement_proposals
            where workspace_id = $1 and redraw_at <= $2
            order by redraw_at limit 1 for update skip locked
          )
          update agreement_proposals p set redraw_at = $3, uncertain = true
          from next where p.id = next.id
          returning ${record}, p.source, ${base}, p.revision, p.channel_id as "channelId", p.ts,
            next.uncertain`,
        values: [workspaceId, now, new Date(now.getTime() + ms)],
      })
      if (rows[0] === undefined) return undefined
      const row = redrawRow.parse(rows[0])
      const { revision, channelId, ts, uncertain } = row
      const shownAt = channelId === null || ts === null ? null : { channelId, ts }
      return { ...withBase(row), revision, shownAt, uncertain }
    },

    async shown({ proposal, revision }, { channelId, ts }, now) {
      await pool.query(
        `update agreement_proposals set channel_id = $2, ts = $3, uncertain = false,
          redraw_at = case when revision = $4 then null else $5::timestamptz end where id = $1`,
        [proposal.id, channelId, ts, revision, now],
      )
    },

    async notShown({ proposal }, again, uncertain) {
      await pool.query(
        'update agreement_proposals set redraw_at = $2, uncertain = $3 where id = $1',
        [proposal.id, again, uncertain],
      )
    },
  }
}

/** One signature more, a withdrawal, or both signatures and with them a new version. */
async function write(client: PoolClient, before: Proposal, after: Proposal): Promise<void> {
  const { id, workspaceId } = after
  const now = new Date()
  await client.query(
    `update agreement_proposals set state = $2, version = $3, in_force_from = $4,
      withdrawn_by_id = $5, withdrawn_at = $6, ${redrawn('$7')} where id = $1`,
    [
      id,
      after.state,
      after.version,
      after.inForceFrom,
      after.withdrawnBy?.id,
      after.withdrawnAt,
      now,
    ],
  )
  for (const { side, by, at } of after.signatures.slice(before.signatures.length)) {
    await client.query(
      'insert into agreement_signatures (proposal_id, side, by_id, at) values ($1, $2, $3, $4)',
      [id, side, by.id, at],
    )
  }
  if (after.state !== 'signed') return
  await client.query(
    `insert into agreement_versions (workspace_id, version, source, in_force_from)
      select workspace_id, version, source, in_force_from from agreement_proposals where id = $1`,
    [id],
  )
  await client.query(
    `update agreement_proposals set state = 'overtaken', ${redrawn('$2')}
      where workspace_id = $1 and state = 'open'`,
    [workspaceId, now],
  )
}

/** The message is behind; whoever is drawing it just now, or is to try again, sees that. */
const redrawn = (now: string): string =>
  `revision = revision + 1, redraw_at = coalesce(redraw_at, ${now}::timestamptz)`
