import { z } from 'zod'
import { rulings } from '../../src/domain/handoff.ts'
import type { Rulings } from '../../src/use-cases/ports/glossary.ts'
import type { HandoffStory } from '../../src/use-cases/ports/handoffs.ts'
import type { Members } from '../../src/use-cases/ports/people.ts'

const ruledSchema = z.object({
  ruling: z.enum(rulings),
  term: z.string(),
  reason: z.string(),
  why: z.string(),
  words: z.array(z.string()),
  by: z.array(z.string()),
})

/** What was ruled, out of the events that a memory world keeps. */
export const createMemoryRulings = (
  all: (workspaceId: string) => HandoffStory[],
  members: Members,
): Rulings => ({
  async ofTerm(workspaceId, termId, limit) {
    const ruled = all(workspaceId)
      .flatMap(({ events }) => events)
      .flatMap(({ type, at, data }) =>
        type === 'ReturnRuled' ? [{ at, data: ruledSchema.parse(data) }] : [],
      )
      .filter(({ data }) => data.term === termId)
      .toSorted((a, b) => b.at.getTime() - a.at.getTime())
      .slice(0, limit)
    return Promise.all(
      ruled.map(async ({ at, data: { ruling, reason, why, words, by } }) => {
        const people = await Promise.all(by.map((id) => members.byId(workspaceId, id)))
        const names = people.flatMap((person) => (person === undefined ? [] : [person.name]))
        return { at, ruling, reason, why, words, by: names }
      }),
    )
  },
})
