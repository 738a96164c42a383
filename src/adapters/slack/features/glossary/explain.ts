import type { Term } from '../../../../domain/glossary.ts'
import {
  buildTermFinder,
  findTerms,
  mostTelling,
  type TermFinder,
} from '../../../../domain/term-finder.ts'
import type { Shortcut } from '../../payloads.ts'
import { type Desk, localeOf, type Reply, tell } from '../feature.ts'
import { indexOf } from './index-of.ts'
import { buildExplanation } from './messages.ts'

/** So many terms of a message are explained. */
const mostExplained = 8

/** A finder lives as long as its list of terms: a new version is a new list. */
const finders = new WeakMap<readonly Term[], TermFinder>()

function finderOf(terms: readonly Term[]): TermFinder {
  const known = finders.get(terms)
  if (known !== undefined) return known
  const finder = buildTermFinder(indexOf(terms))
  finders.set(terms, finder)
  return finder
}

/** "Explain terms here" on a message: what its terms mean, to the one who asked. */
export async function explain({ asker, messageText }: Shortcut, desk: Desk): Promise<Reply> {
  const [locale, terms] = await Promise.all([
    localeOf(asker, desk),
    desk.world.glossary.terms(desk.workspaceId),
  ])
  const found = findTerms(finderOf(terms), asRead(messageText ?? ''), locale).terms
  const told = mostTelling(found, mostExplained, locale)
  return tell(buildExplanation({ terms: told, more: found.length - told.length }, locale))
}

/** A message's text as people read it: without mentions, addresses and emoji. */
function asRead(text: string): string {
  return text
    .replace(/<([^<>\n]{1,2100})>/g, (_, inside: string) => {
      const [, label] = inside.split('|', 2)
      return /^[@#!]/.test(inside) ? ' ' : ` ${label ?? ''} `
    })
    .replace(/:[a-z0-9_+'-]{1,80}:/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
