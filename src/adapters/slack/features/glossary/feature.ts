import { z } from 'zod'
import { glossaryWords } from '../../../../content/words/glossary.ts'
import { type Locale, locales } from '../../../../domain/agreement.ts'
import type { Term } from '../../../../domain/glossary.ts'
import { lookUp } from '../../../../domain/glossary-lookup.ts'
import {
  declineTerm,
  signProposedTerm,
  takeUpTerm,
  withdrawProposedTerm,
} from '../../../../use-cases/answer-term.ts'
import { message } from '../../blocks.ts'
import type { Asker, Click, Command } from '../../payloads.ts'
import { type Desk, type Feature, localeOf, memberOf, type Reply, soon, tell } from '../feature.ts'
import { help } from '../help/help.ts'
import { askWhichTerm, clicked, openTermForm, submitTerm, tellHistory } from './edit.ts'
import { explain } from './explain.ts'
import { formIds } from './form.ts'
import { indexOf } from './index-of.ts'
import {
  buildChapter,
  buildGlossaryList,
  buildNearest,
  buildTerm,
  buildUnknownTerm,
  mostRelated,
  type RulingsOfTerm,
  relatedAction,
} from './messages.ts'

type Answered = ReturnType<typeof lookUp>

/** `/glossary` lists the terms; `/glossary MQL` answers what one means, to the asker alone. */
async function command(asked: Command, desk: Desk): Promise<Reply> {
  const { asker, text } = asked
  const [locale, terms] = await Promise.all([
    localeOf(asker, desk),
    desk.world.glossary.terms(desk.workspaceId),
  ])
  if (text === '') return tell(buildGlossaryList(terms, locale))
  const find = (query: string): Answered => lookUp(indexOf(terms), query, locale)
  const answer = find(text)
  // a term may be called as a sub-command is
  if (answer.kind === 'found') {
    const { term } = answer
    return tell(buildTerm(term, { terms, locale, ...(await aroundOf(term, desk)) }))
  }
  const [verb = '', ...rest] = text.split(/\s+/)
  const handler = glossaryVerbs.get(verb.toLowerCase())
  if (handler !== undefined) {
    const said = rest.join(' ')
    const named = said === '' ? undefined : find(said)
    return handler({ asker, said, named, locale }, desk)
  }
  return notFound(answer, { query: text, locale }, desk)
}

async function notFound(
  answer: Exclude<Answered, { kind: 'found' }>,
  { query, locale }: { query: string; locale: Locale },
  desk: Desk,
): Promise<Reply> {
  const missing = { query, locale, keepers: (await soon(keepersOf(desk))) ?? [] }
  return tell(
    answer.kind === 'nearest' ? buildNearest(answer.terms, missing) : buildUnknownTerm(missing),
  )
}

/** What follows a sub-command, and the term that it names. */
interface Asked {
  asker: Asker
  said: string
  named: Answered | undefined
  locale: Locale
}

type Handler = (asked: Asked, desk: Desk) => Promise<Reply>

/** What is done with a term that has to be there. */
const withTerm =
  (verb: string, run: (asker: Asker, term: Term, desk: Desk) => Promise<Reply>): Handler =>
  async ({ asker, said, named, locale }, desk) => {
    if (named === undefined) return askWhichTerm(asker, verb, desk)
    return named.kind === 'found'
      ? run(asker, named.term, desk)
      : notFound(named, { query: said, locale }, desk)
  }

/** What `/glossary` does, by the word after it. */
export const glossaryVerbs: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['help', ({ asker }, desk) => help('/glossary', asker, null, desk)],
  [
    'add',
    ({ asker, said: name }, desk) =>
      openTermForm(asker, { kind: 'edit', term: undefined, name }, desk),
  ],
  [
    'edit',
    withTerm('edit', (asker, term, desk) =>
      openTermForm(asker, { kind: 'edit', term, name: '' }, desk),
    ),
  ],
  ['history', withTerm('history', tellHistory)],
  [
    'suggest',
    ({ asker, said: name, named }, desk) => {
      const term = named?.kind === 'found' ? named.term : undefined
      return openTermForm(asker, { kind: 'suggest', term, name: term ? '' : name }, desk)
    },
  ],
])

/** Terms fare as they did over the last thirty days. */
const measuredDays = 30
const dayMs = 24 * 3_600_000

/** What stands around a meaning; what is not known soon is left out. */
async function aroundOf(term: Term, desk: Desk) {
  const { world, workspaceId } = desk
  const to = world.now()
  const period = { from: new Date(to.getTime() - measuredDays * dayMs), to }
  const [ruled, standing, figures, { agreement }] = await Promise.all([
    ruledOn(term, desk),
    soon(world.glossary.standing(workspaceId, term.id)),
    soon(world.termHealth.of(workspaceId, term.id, period)),
    world.agreements.inForce(workspaceId),
  ])
  const fares = figures && { figures, days: measuredDays, agreement }
  return { ruled, standing, fares }
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
  return term === undefined ? undefined : { term, terms, locale, ...(await aroundOf(term, desk)) }
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

/** Opens the form for a term that is missing, named as it was asked for. */
const suggest = ({ asker, value: name }: Click, desk: Desk): Promise<Reply> =>
  openTermForm(asker, { kind: 'suggest', term: undefined, name }, desk)

/** All terms of a chapter, to the one who asked. */
async function showChapter(click: Click, desk: Desk): Promise<Reply> {
  const found = await termOf(click, desk)
  return found === undefined
    ? gone(click, desk)
    : tell(buildChapter(found.term, found.terms, found.locale))
}

const gone = async ({ asker }: Click, desk: Desk): Promise<Reply> =>
  tell(message(glossaryWords[await localeOf(asker, desk)].gone))

const related = Object.fromEntries(
  Array.from({ length: mostRelated }, (_, place) => [relatedAction(place), show]),
)

/** One meaning for each word. */
export const glossary: Feature = {
  commands: { '/glossary': command },
  shortcuts: { 'glossary.explain': explain },
  actions: {
    'glossary.show': show,
    'glossary.share': share,
    'glossary.chapter': showChapter,
    'glossary.suggest': suggest,
    ...related,
    'glossary.sign': clicked(signProposedTerm),
    'glossary.withdraw': clicked(withdrawProposedTerm),
    'glossary.take_up': clicked(takeUpTerm),
    'glossary.decline': clicked(declineTerm),
  },
  views: { [formIds.edit]: submitTerm('edit'), [formIds.suggest]: submitTerm('suggest') },
}
