import { z } from 'zod'
import { rulings } from '../../domain/handoff.ts'
import type { Rulings } from '../../use-cases/ports/glossary.ts'
import type { Database } from './client.ts'

const rulingRow = z.object({
  at: z.date(),
  by: z.array(z.string()),
  data: z.object({
    ruling: z.enum(rulings),
    reason: z.string().nullable().default(null),
    why: z.string(),
    words: z.array(z.string()),
  }),
})

/** What was ruled on contested returns, out of the events. */
export function createRulings({ pool }: Pick<Database, 'pool'>): Rulings {
  return {
    async ofTerm(workspaceId, termId, limit) {
      const { rows } = await pool.query({
        name: 'rulings_of_term',
        text: `select e.at, e.data, array(
            select u.name from jsonb_array_elements_text(e.data -> 'by') with ordinality b(id, place)
            join users u on u.workspace_id = e.workspace_id and u.id = b.id order by b.place
          ) as by
          from events e
          where e.workspace_id = $1 and e.type = 'ReturnRuled' and e.data ->> 'term' = $2
            and e.data ->> 'why' <> '' -- of an erased lead there is nothing left to read
          order by e.id desc limit $3`,
        values: [workspaceId, termId, limit],
      })
      return z
        .array(rulingRow)
        .parse(rows)
        .map(({ at, by, data }) => ({ ...data, at, by }))
    },
  }
}
