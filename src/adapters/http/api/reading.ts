import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Locale } from '../../../domain/agreement.ts'
import { writtenAgreement } from '../../../domain/agreement-written.ts'
import type { Term } from '../../../domain/glossary.ts'
import { buildGlossaryIndex, type GlossaryIndex, lookUp } from '../../../domain/glossary-lookup.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import type { Environment } from './environment.ts'
import { agreementRoute, glossaryRoute } from './routes.ts'

/** What both teams agreed on: the agreement in force and the glossary. */
export function addReading(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(agreementRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { version, inForceFrom, agreement } = await world.agreements.inForce(workspaceId)
    const clauses: Record<string, unknown> = writtenAgreement(agreement)
    return context.json(
      { version, inForceFrom: inForceFrom.toISOString(), agreement: clauses },
      200,
    )
  })

  api.openapi(glossaryRoute, async (context) => {
    const { q, locale = 'en' } = context.req.valid('query')
    const terms = await world.glossary.terms(context.get('apiKey').workspaceId)
    const { match, found } = answerOf(terms, q, locale)
    return context.json({ match, items: found.map((term) => termJson(term, locale)) }, 200)
  })
}

function answerOf(terms: Term[], query: string | undefined, locale: Locale) {
  if (query === undefined) return { match: 'all' as const, found: terms }
  const answer = lookUp(indexOf(terms), query, locale)
  switch (answer.kind) {
    case 'found':
      return { match: answer.matched, found: [answer.term] }
    case 'nearest':
      return { match: 'nearest' as const, found: answer.terms }
    case 'unknown':
      return { match: 'none' as const, found: [] }
  }
}

const indexes = new WeakMap<Term[], GlossaryIndex>()

/** Built once for each version of the glossary. */
function indexOf(terms: Term[]): GlossaryIndex {
  const known = indexes.get(terms)
  if (known !== undefined) return known
  const index = buildGlossaryIndex(terms)
  indexes.set(terms, index)
  return index
}

function termJson({ id, chapter, related, ...wordings }: Term, locale: Locale) {
  const { name, abbreviations, aliases, definition, decide, example } = wordings[locale]
  return {
    id,
    chapter,
    name,
    abbreviations,
    aliases,
    definition,
    decide: decide ?? null,
    example,
    related,
  }
}
