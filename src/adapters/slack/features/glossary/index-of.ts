import type { Term } from '../../../../domain/glossary.ts'
import { buildGlossaryIndex, type GlossaryIndex } from '../../../../domain/glossary-lookup.ts'

/** The index of a glossary lives as long as its list of terms: a new version is a new list. */
const indexes = new WeakMap<readonly Term[], GlossaryIndex>()

export function indexOf(terms: readonly Term[]): GlossaryIndex {
  const known = indexes.get(terms)
  if (known !== undefined) return known
  const index = buildGlossaryIndex(terms)
  indexes.set(terms, index)
  return index
}
