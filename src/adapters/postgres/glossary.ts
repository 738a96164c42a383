import { z } from 'zod'
import { type Term, termSchema } from '../../domain/glossary.ts'
import type { Glossary } from '../../use-cases/ports/glossary.ts'
import type { Database } from './client.ts'
import { personRow } from './handoff-rows.ts'

export interface GlossaryStore extends Glossary {
  /** Adds the shipped terms that the workspace does not have yet, in their order. */
  adopt(workspaceId: string, terms: Term[]): Promise<void>
  /** Something was agreed on: the next look is at the database. */
  forget(workspaceId: string): void
}

const standingRow = z.object({
  version: z.int(),
  since: z.date(),
  term: termSchema,
  owner: personRow.nullable(),
})

/** Another process may have changed a term: so long may this one be behind. */
const freshForMs = 5_000

/** The glossary of a workspace: of each term its newest version, kept in memory for a moment. */
export function createGlossary({ pool, prisma }: Pick<Database, 'pool' | 'prisma'>): GlossaryStore {
  const known = new Map<string, { terms: Term[]; stamp: string; until: number }>()

  return {
    async terms(workspaceId) {
      const kept = known.get(workspaceId)
      if (kept !== undefined && kept.until > performance.now()) return kept.terms
      const { rows } = await pool.query({
        name: 'glossary_terms',
        text: `select v.content from terms t
          join lateral (
            select content from term_versions where workspace_id = t.workspace_id and term_id = t.id
            order by version desc limit 1
          ) v on true
          where t.workspace_id = $1 order by t.position, t.id`,
        values: [workspaceId],
      })
      const stamp = JSON.stringify(rows)
      // the same array as long as nothing has changed: whoever builds an index of it keeps that too
      const terms =
        kept?.stamp === stamp
          ? kept.terms
          : z.array(termSchema).parse(rows.map((row) => row.content))
      known.set(workspaceId, { terms, stamp, until: performance.now() + freshForMs })
      return terms
    },

    async adopt(workspaceId, terms) {
      await prisma.$transaction([
        prisma.term.createMany({
          data: terms.map(({ id }, position) => ({ workspaceId, id, position })),
          skipDuplicates: true,
        }),
        prisma.termVersion.createMany({
          data: terms.map((content) => ({ workspaceId, termId: content.id, version: 1, content })),
          skipDuplicates: true,
        }),
      ])
      known.delete(workspaceId)
    },

    async standing(workspaceId, termId) {
      const { rows } = await pool.query({
        name: 'glossary_standing',
        text: `select v.version, v.created_at as since, v.content as term,
            (select json_build_object('id', u.id, 'slackId', u.slack_id, 'email', u.email,
              'name', u.name) from users u
              where u.workspace_id = t.workspace_id and u.id = t.owner_id) as owner
          from terms t
          join term_versions v on v.workspace_id = t.workspace_id and v.term_id = t.id
          where t.workspace_id = $1 and t.id = $2 order by v.version desc limit 1`,
        values: [workspaceId, termId],
      })
      return rows[0] === undefined ? undefined : standingRow.parse(rows[0])
    },

    forget: (workspaceId) => void known.delete(workspaceId),
  }
}
