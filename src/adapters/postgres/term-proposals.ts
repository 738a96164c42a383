import type { PoolClient } from 'pg'
import { z } from 'zod'
import { sides } from '../../domain/agreement.ts'
import { termSchema } from '../../domain/glossary.ts'
import {
  type TermDecided,
  type TermProposal,
  type TermStand,
  termProposalStates,
} from '../../domain/term-proposal.ts'
import type { Agreements } from '../../use-cases/ports/agreements.ts'
import type { TermProposals } from '../../use-cases/ports/glossary.ts'
import type { Database } from './client.ts'
import type { GlossaryStore } from './glossary.ts'
import { personRow } from './handoff-rows.ts'
import { underLock } from './transaction.ts'

const instant = z.string().transform((text) => new Date(text))

const proposalRow = z
  .object({
    id: z.string(),
    workspaceId: z.string(),
    content: z.object({ term: termSchema, note: z.string().nullable() }),
    owner: personRow.nullable(),
    baseVersion: z.int(),
    state: z.enum(termProposalStates),
    version: z.int().nullable(),
    proposedBy: personRow.nullable(),
    proposedAt: instant,
    settledBy: personRow.nullable(),
    settledAt: instant.nullable(),
    signatures: z.array(z.object({ side: z.enum(sides), by: personRow, at: instant })),
  })
  .transform(({ content, ...proposal }): TermProposal => ({ ...proposal, ...content }))

const redrawRow = z.object({
  proposal: proposalRow,
  base: termSchema.nullable(),
  termOwner: personRow.nullable(),
  revision: z.int(),
  channelId: z.string().nullable(),
  ts: z.string().nullable(),
  uncertain: z.boolean(),
})
const standRow = z.object({
  version: z.int(),
  term: termSchema.nullable(),
  owner: personRow.nullable(),
})
const versionRow = z.object({
  version: z.int(),
  term: termSchema,
  by: personRow.nullable(),
  at: z.date(),
})

const person = (id: string): string =>
  `(select json_build_object('id', u.id, 'slackId', u.slack_id, 'email', u.email, 'name', u.name)
    from users u where u.workspace_id = p.workspace_id and u.id = ${id})`

/** One proposal as one document. `p` is its row, to be named in the where clause. */
const record = `json_build_object('id', p.id, 'workspaceId', p.workspace_id,
    'content', p.content, 'owner', ${person("p.content ->> 'ownerId'")},
    'baseVersion', p.base_version, 'state', p.state, 'version', p.version,
    'proposedBy', ${person('p.proposed_by_id')}, 'proposedAt', p.proposed_at,
    'settledBy', ${person('p.withdrawn_by_id')}, 'settledAt', p.withdrawn_at,
    'signatures', coalesce((select json_agg(json_build_object('side', s.side,
      'by', ${person('s.by_id')}, 'at', s.at) order by s.at, s.side)
      from term_signatures s where s.proposal_id = p.id), '[]')) as proposal`

export interface TermProposalParts {
  agreements: Pick<Agreements, 'inForce'>
  glossary: Pick<GlossaryStore, 'forget'>
}

/**
 * Proposed and suggested terms. Whatever changes one, or the glossary, holds the lock of the
 * workspace's glossary, so that rules decide one after the other.
 */
export function createTermProposals(
  { pool }: Pick<Database, 'pool'>,
  { agreements, glossary }: TermProposalParts,
): TermProposals {
  /** Runs under the lock of the workspace's glossary, in one transaction. */
  const locked = <Result>(workspaceId: string, run: (client: PoolClient) => Promise<Result>) =>
    underLock(pool, `glossary of ${workspaceId}`, run)

  const find = async (
    client: PoolClient,
    workspaceId: string,
    id: string,
  ): Promise<TermProposal | undefined> => {
    const { rows } = await client.query(
      `select ${record} from term_proposals p where p.workspace_id = $1 and p.id = $2`,
      [workspaceId, id],
    )
    return rows[0] === undefined ? undefined : proposalRow.parse(rows[0].proposal)
  }

  const settled = (workspaceId: string, decided: TermDecided | undefined): void => {
    if (!decided?.ok) return
    const all = [decided.proposal, decided.also]
    if (all.some((each) => each?.state === 'signed')) glossary.forget(workspaceId)
  }

  return {
    async add(workspaceId, { id, termId }, decide) {
      const { agreement: inForce } = await agreements.inForce(workspaceId)
      const decided = await locked(workspaceId, async (client): Promise<TermDecided> => {
        const known = await find(client, workspaceId, id)
        if (known !== undefined) return { ok: true, proposal: known }
        const asked = decide({ inForce, ...(await glossaryOf(client, workspaceId, termId)) })
        if (asked.ok) await insert(client, asked.proposal)
        return asked
      })
      settled(workspaceId, decided)
      return decided
    },

    async change(workspaceId, id, decide) {
      const { agreement: inForce } = await agreements.inForce(workspaceId)
      const decided = await locked(workspaceId, async (client) => {
        const before = await find(client, workspaceId, id)
        if (before === undefined) return undefined
        const context = await glossaryOf(client, workspaceId, before.term.id)
        const asked = decide(before, { inForce, ...context })
        if (!asked.ok) return asked
        await write(client, before, asked.proposal)
        if (asked.also !== undefined) await insert(client, asked.also)
        return asked
      })
      settled(workspaceId, decided)
      return decided
    },

    async history(workspaceId, termId, limit) {
      const versions = await pool.query(
        `select p.version, p.content as term, ${person('p.by_id')} as by, p.created_at as at
          from term_versions p where p.workspace_id = $1 and p.term_id = $2
          order by p.version desc limit $3`,
        [workspaceId, termId, limit],
      )
      const proposals = await pool.query(
        `select ${record} from term_proposals p where p.workspace_id = $1 and p.term_id = $2
          order by p.proposed_at desc, p.id limit $3`,
        [workspaceId, termId, limit],
      )
      return {
        versions: z.array(versionRow).parse(versions.rows),
        proposals: z.array(proposalRow).parse(proposals.rows.map(({ proposal }) => proposal)),
      }
    },

    async toRedraw(workspaceId, now, ms) {
      const { rows } = await pool.query({
        name: 'term_to_redraw',
        text: `with next as (
            select id, uncertain from term_proposals
            where workspace_id = $1 and redraw_at <= $2
            order by redraw_at limit 1 for update skip locked
          )
          update term_proposals p set redraw_at = $3, uncertain = true
          from next where p.id = next.id
          returning ${record}, (select v.content from term_versions v
              where v.workspace_id = p.workspace_id and v.term_id = p.term_id
                and v.version = p.base_version) as base,
            (select ${person('t.owner_id')} from terms t
              where t.workspace_id = p.workspace_id and t.id = p.term_id) as "termOwner",
            p.revision, p.channel_id as "channelId", p.ts, next.uncertain`,
        values: [workspaceId, now, new Date(now.getTime() + ms)],
      })
      if (rows[0] === undefined) return undefined
      const { channelId, ts, termOwner, ...redraw } = redrawRow.parse(rows[0])
      const shownAt = channelId === null || ts === null ? null : { channelId, ts }
      return { ...redraw, owner: termOwner, shownAt }
    },

    async shown({ proposal, revision }, { channelId, ts }, now) {
      await pool.query(
        `update term_proposals set channel_id = $2, ts = $3, uncertain = false,
          redraw_at = case when revision = $4 then null else $5::timestamptz end where id = $1`,
        [proposal.id, channelId, ts, revision, now],
      )
    },

    async notShown({ proposal }, again, uncertain) {
      await pool.query('update term_proposals set redraw_at = $2, uncertain = $3 where id = $1', [
        proposal.id,
        again,
        uncertain,
      ])
    },
  }
}

/** The term as it stands, and the whole glossary, as the lock keeps them. */
async function glossaryOf(client: PoolClient, workspaceId: string, termId: string) {
  const terms = await client.query(
    `select v.content from terms t join lateral (
        select content from term_versions where workspace_id = t.workspace_id and term_id = t.id
        order by version desc limit 1
      ) v on true where t.workspace_id = $1 order by t.position, t.id`,
    [workspaceId],
  )
  return {
    stand: await standOf(client, workspaceId, termId),
    terms: z.array(termSchema).parse(terms.rows.map(({ content }) => content)),
  }
}

async function standOf(
  client: PoolClient,
  workspaceId: string,
  termId: string,
): Promise<TermStand> {
  const { rows } = await client.query(
    `select v.version, v.content as term, ${person('p.owner_id')} as owner
      from terms p join term_versions v on v.workspace_id = p.workspace_id and v.term_id = p.id
      where p.workspace_id = $1 and p.id = $2 order by v.version desc limit 1`,
    [workspaceId, termId],
  )
  return rows[0] === undefined ? { version: 0, term: null, owner: null } : standRow.parse(rows[0])
}

async function insert(client: PoolClient, proposal: TermProposal): Promise<void> {
  const { term, note, owner } = proposal
  await client.query(
    `insert into term_proposals (id, workspace_id, term_id, base_version, content, state, version,
      proposed_by_id, proposed_at, redraw_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      proposal.id,
      proposal.workspaceId,
      term.id,
      proposal.baseVersion,
      { term, note, ownerId: owner?.id ?? null },
      proposal.state,
      proposal.version,
      proposal.proposedBy?.id,
      proposal.proposedAt,
      new Date(),
    ],
  )
  if (proposal.state === 'signed') await putInForce(client, proposal)
}

/** One signature more, an answer, or all signatures and with them a new version. */
async function write(client: PoolClient, before: TermProposal, after: TermProposal): Promise<void> {
  await client.query(
    `update term_proposals set state = $2, version = $3, withdrawn_by_id = $4, withdrawn_at = $5,
      ${redrawn('$6')} where id = $1`,
    [after.id, after.state, after.version, after.settledBy?.id, after.settledAt, new Date()],
  )
  for (const { side, by, at } of after.signatures.slice(before.signatures.length)) {
    await client.query(
      'insert into term_signatures (proposal_id, side, by_id, at) values ($1, $2, $3, $4)',
      [after.id, side, by.id, at],
    )
  }
  if (after.state === 'signed') await putInForce(client, after)
}

/** The version that it becomes; what else was proposed of the term changes what is no more. */
async function putInForce(client: PoolClient, proposal: TermProposal): Promise<void> {
  const { id, workspaceId, term, owner, version, proposedBy } = proposal
  await client.query(
    `insert into terms (workspace_id, id, position, owner_id)
      select $1, $2, coalesce(max(position), -1) + 1, $3 from terms where workspace_id = $1
      on conflict (workspace_id, id) do update
        set owner_id = coalesce(excluded.owner_id, terms.owner_id)`,
    [workspaceId, term.id, owner?.id],
  )
  await client.query(
    `insert into term_versions (workspace_id, term_id, version, content, by_id)
      values ($1, $2, $3, $4, $5)`,
    [workspaceId, term.id, version, term, proposedBy?.id],
  )
  await client.query(
    `update term_proposals set state = 'overtaken', ${redrawn('$4')}
      where workspace_id = $1 and term_id = $2 and id <> $3 and state in ('open', 'suggested')`,
    [workspaceId, term.id, id, new Date()],
  )
}

/** The message is behind; whoever is drawing it just now, or is to try again, sees that. */
const redrawn = (now: string): string =>
  `revision = revision + 1, redraw_at = coalesce(redraw_at, ${now}::timestamptz)`
