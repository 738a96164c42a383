import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../src/adapters/glossary-file.ts'
import { readTable, tableFormats, writeTable } from '../../src/adapters/glossary-table.ts'
import { importTerms } from '../../src/commands/glossary.ts'
import type { Term } from '../../src/domain/glossary.ts'
import { createMemoryWorld } from '../support/memory-world.ts'
import { term, wording } from '../support/terms.ts'

const terms = shippedGlossary()

/** One line without control characters, as a term may hold it. */
const line = (most: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: most - 1 })
    .map((text) => `${text.replace(/\p{Cc}/gu, '').slice(0, most - 1)}a`.trim())
const hard = fc.constantFrom(
  '=1+1',
  "'=x",
  '-a',
  '@b',
  'a; b',
  'a\\',
  '\\;',
  '## a',
  '- en: b',
  'a|b',
)
const words = fc.array(fc.oneof(line(40), hard), { maxLength: 4 })
const aWording = fc
  .record({
    name: fc.oneof(
      line(60),
      hard.map((text) => `${text}a`),
    ),
    abbreviations: words,
    aliases: words,
    definition: fc.oneof(line(300), hard),
    decide: line(100),
    example: line(100),
  })
  .filter(({ abbreviations, aliases }) =>
    [...abbreviations, ...aliases].every((word) => /[a-z0-9]/i.test(word)),
  )

describe.each(tableFormats)('the glossary as a table (%s)', (format) => {
  test('comes back as it went', () => {
    expect(readTable(writeTable(terms, format), format, [])).toEqual({ terms, bad: [] })
  })

  test('comes back as it went, whatever it holds', () => {
    fc.assert(
      fc.property(aWording, aWording, (en, it) => {
        const one: Term = { ...term(), en: wording(en), it: wording(it) }
        expect(readTable(writeTable([one], format), format, [])).toEqual({ terms: [one], bad: [] })
      }),
    )
  })

  test('in one language leaves the other as it is', () => {
    const [first] = terms
    const table = writeTable(terms, format, ['it'])
    expect(table).not.toContain(first?.en.definition)
    expect(readTable(table, format, terms)).toEqual({ terms, bad: [] })
    expect(readTable(table, format, []).terms[0]).toMatchObject({
      untranslated: 'en',
      en: first?.it,
    })
  })

  test('tells of rows that are no terms', () => {
    const bad = { ...term(), en: wording({ definition: 'x'.repeat(700) }) }
    const table = writeTable([bad, term({ id: 'fine' }), term({ id: 'fine' })], format)
    expect(readTable(table, format, [])).toMatchObject({
      terms: [{ id: 'fine' }],
      bad: [
        { place: 1, id: 'warm-lead', problem: 'en.definition: expects at most 600 characters' },
        { place: 3, id: 'fine', problem: 'id: stands in the file twice' },
      ],
    })
  })
})

describe('an import', () => {
  const changed = terms.map((one) =>
    one.id === 'mql' ? { ...one, en: { ...one.en, definition: 'Worth nurturing.' } } : one,
  )
  const clash = term({
    id: 'clash',
    chapter: 'sla',
    en: wording({ name: 'SQL' }),
    it: wording({ name: 'Altro' }),
  })
  const asked = { workspaceId: 'ws', source: writeTable([...changed, clash], 'csv'), format: 'csv' }
  const outcome = {
    proposed: ['mql'],
    refused: [{ id: 'clash', problem: expect.stringContaining('already means Sales qualified') }],
  }

  test('proposes what differs, and tells why it refuses a term', async () => {
    const world = createMemoryWorld({ terms })
    const imported = await importTerms(world, { ...asked, format: 'csv' })
    expect(imported).toMatchObject(outcome)
    expect(imported.unchanged).toHaveLength(terms.length - 1)
    expect(await world.glossary.terms('ws')).toEqual(terms)
  })

  test('writes nothing when it is dry', async () => {
    const world = createMemoryWorld({ terms })
    expect(await importTerms(world, { ...asked, format: 'csv', dryRun: true })).toMatchObject(
      outcome,
    )
    expect((await world.termProposals.history('ws', 'mql', 5)).proposals).toEqual([])
  })

  test('takes terms that refer to one another', async () => {
    const world = createMemoryWorld({ terms })
    const pair = [
      { ...clash, id: 'one', related: ['two'] },
      { ...clash, id: 'two', related: ['one'] },
    ].map((one) => ({
      ...one,
      en: wording({ name: `Term ${one.id}` }),
      it: wording({ name: `Termine ${one.id}` }),
    }))
    const [one, two] = pair
    const single = two && { ...two, related: [] }
    const source = writeTable(
      [one, single].flatMap((each) => each ?? []),
      'csv',
    )
    const imported = await importTerms(world, { ...asked, source, format: 'csv', inForce: true })
    expect(imported).toMatchObject({ proposed: ['two', 'one'], refused: [] })
  })

  test('holds at once where that is asked for', async () => {
    const world = createMemoryWorld({ terms })
    await importTerms(world, { ...asked, format: 'csv', inForce: true })
    expect(await world.glossary.standing('ws', 'mql')).toMatchObject({
      version: 2,
      term: { en: { definition: 'Worth nurturing.' } },
    })
  })
})
