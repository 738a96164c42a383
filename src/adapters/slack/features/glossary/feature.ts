import { z } from 'zod'
import { glossaryWords } from '../../../../content/words/glossary.ts'
import { locales } from '../../../../domain/agreement.ts'
import type { Term } from '../../../../domain/glossary.ts'
import {
  buildGlossaryIndex,
  type GlossaryIndex,
  lookUp,
} from '../../../../domain/glossary-lookup.ts'
import { message } from '../../blocks.ts'
import type { Click, Command } from '../../payloads.ts'
import { type Desk, type Feature, localeOf, memberOf, type Reply, soon, tell } from '../feature.ts'
import {
  buildGlossaryList,
  buildNearest,
  buildTerm,
  buildUnknownTerm,
  type RulingsOfTerm,
} from './messages.ts'

/** The index of a glossary lives as long as its list of terms: a new version is a new list. */
const indexes = new WeakMap<readonly Term[], GlossaryIndex>()

function indexOf(terms: readonly Term[]): GlossaryIndex {
  const known = indexes.get(terms)
  if (known !== undefined) return known
  const index = buildGlossaryIndex(terms)
  indexes.set(terms, index)
  return index
}

/** `/glossary` lists the terms; `/glossary MQL` answers what one means, to the asker alone. */
async function command({ asker, text }: Command, desk: Desk): Promise<Reply> {
  const [locale, terms] = await Promise.all([
    localeOf(asker, desk),
    desk.world.glossary.terms(desk.workspaceId),
  ])
  if (text === '') return tell(buildGlossaryList(terms, locale))
  const answer = lookUp(indexOf(terms), text, locale)
  if (answer.kind === 'found') {
    const ruled = await ruledOn(answer.term, desk)
    return tell(buildTerm(answer.term, { terms, locale, ruled }))
  }
  const missing = { query: text, locale, keepers: (await soon(keepersOf(desk))) ?? [] }
  return tell(
    answer.kind === 'nearest' ? buildNearest(answer.terms, missing) : buildUnknownTerm(missing),
  )
}

/** As many of its rulings as an answer shows. */
const mostRulings = 3

/** What the managers have ruled about a term; undefined where they have not. */
async function ruledOn(
  { id }: Term,
  { world, workspaceId }: Desk,
): Promise<RulingsOfTerm | undefined> {
  const rulings = await world.rulings.ofTerm(workspaceId, id, mostRulings)
  if (rulings.length === 0) return undefined
  const { agreement } = await world.agreements.inForce(workspaceId)
  return { rulings, agreement }
}

/** The heads of both teams, who sign the agreement. */
async function keepersOf({ world, workspaceId }: Desk) {
  const { agreement } = await world.agreements.inForce(workspaceId)
  const heads = agreement.people.filter((person) => person.head_of !== undefined)
  return Promise.all(heads.map(({ email }) => world.members.byEmail(workspaceId, email)))
}

/** What a button about a term brings along: its id and the language it is shown in. */
const valueSchema = z
  .templateLiteral([z.string(), ':', z.enum(locales)])
  .transform((value) => value.split(':'))
  .pipe(z.tuple([z.string(), z.enum(locales)]))

async function termOf({ value }: Click, desk: Desk) {
  const terms = await desk.world.glossary.terms(desk.workspaceId)
  const parsed = valueSchema.safeParse(value)
  if (!parsed.success) return undefined
  const [id, locale] = parsed.data
  const term = terms.find((known) => known.id === id)
  return term === undefined ? undefined : { term, terms, locale, ruled: await ruledOn(term, desk) }
}

/** A term out of "did you mean", to the one who asked. */
async function show(click: Click, desk: Desk): Promise<Reply> {
  const found = await termOf(click, desk)
  return found === undefined ? gone(click, desk) : tell(buildTerm(found.term, found))
}

/** The answer to one becomes an answer to all, with the name of who shared it. */
async function share(click: Click, desk: Desk): Promise<Reply> {
  const found = await termOf(click, desk)
  if (found === undefined) return gone(click, desk)
  const sharedBy = await memberOf(click.asker, desk)
  return { kind: 'share', message: buildTerm(found.term, { ...found, sharedBy }) }
}

const gone = async ({ asker }: Click, desk: Desk): Promise<Reply> =>
  tell(message(glossaryWords[await localeOf(asker, desk)].gone))

/** One meaning for each word. */
export const glossary: Feature = {
  commands: { '/glossary': command },
  actions: { 'glossary.show': show, 'glossary.share': share },
}
