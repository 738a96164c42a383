import type { Term, Wording } from '../../src/domain/glossary.ts'

export function wording(overrides: Partial<Wording> = {}): Wording {
  return {
    name: 'Warm lead',
    abbreviations: [],
    aliases: [],
    definition: 'A lead that is warm.',
    decide: 'What warm means.',
    example: 'Maria called twice.',
    ...overrides,
  }
}

export function term(overrides: Partial<Term> = {}): Term {
  const id = overrides.id ?? 'warm-lead'
  return { id, chapter: id, related: [], en: wording(), it: wording(), ...overrides }
}
