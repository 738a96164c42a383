import { describe, expect, test } from 'vitest'
import { parseGlossary, shippedGlossary } from '../../src/adapters/glossary-file.ts'

const source = `terms:
  - id: warm-lead
    chapter: warm-lead
    en:
      name: Warm lead
      definition: A lead that is warm.
      decide: What warm means.
      example: Maria called twice.
    it:
      name: Lead caldo
      definition: Un lead che è caldo.
      decide: Che cosa significa caldo.
      example: Maria ha chiamato due volte.
`

function faultsOf(text: string): string[] {
  try {
    parseGlossary(text, 'words.yml')
  } catch (fault) {
    if (fault instanceof Error) return fault.message.split('\n')
  }
  return []
}

describe('a glossary file', () => {
  test('becomes terms, with empty lists where it names none', () => {
    expect(parseGlossary(source, 'words.yml')).toMatchObject([
      {
        id: 'warm-lead',
        chapter: 'warm-lead',
        related: [],
        en: { name: 'Warm lead', abbreviations: [], aliases: [] },
        it: { name: 'Lead caldo', abbreviations: [], aliases: [] },
      },
    ])
  })

  test('that is wrong is refused with file, line and field', () => {
    expect(faultsOf(source.replace('A lead that is warm.', 'x'.repeat(601)))).toEqual([
      'words.yml:6: terms.0.en.definition: expects at most 600 characters',
    ])
  })

  test('with a field missing is refused at the line around it', () => {
    expect(faultsOf(source.replace(/ {6}example: Maria called twice.\n/, ''))).toEqual([
      'words.yml:4: terms.0.en.example: is missing, expects a text',
    ])
  })

  test('with a field that does not exist is refused at its line', () => {
    expect(faultsOf(source.replace('      name: Warm lead', '      nmae: Hot\n$&'))).toEqual([
      'words.yml:5: terms.0.en.nmae: no such field',
    ])
  })

  test('names every fault, in the order of its lines', () => {
    const wrong = source.replaceAll(': warm-lead', ': Warm').replace('Lead caldo', '"!"')
    expect(faultsOf(wrong).map((fault) => fault.split(': ').slice(0, 2))).toEqual([
      ['words.yml:2', 'terms.0.id'],
      ['words.yml:3', 'terms.0.chapter'],
      ['words.yml:10', 'terms.0.it.name'],
    ])
  })

  test('with a related term that does not exist is refused at its line', () => {
    const wrong = source.replace('    en:\n', '    related:\n      - gone\n    en:\n')
    expect(faultsOf(wrong)).toEqual([
      "words.yml:5: terms.0.related.0: expects another term's id, not gone",
    ])
  })

  test.each([
    ['is no YAML', 'terms: [', /^words\.yml:\d+: /],
    ['has a key twice', 'terms: []\nterms: []\n', /^words\.yml:2: /],
    ['is empty', '', /^words\.yml:1: file: /],
    ['is a bare text', 'hello', /^words\.yml:1: file: /],
    ['holds no term', 'terms: []', /^words\.yml:1: terms: expects at least one term$/],
    ['nests too deep', `terms: ${'['.repeat(100_000)}`, /^words\.yml:1: /],
    ['is larger than a mebibyte', '#'.repeat(1_048_577), /^words\.yml:1: expects at most/],
    [
      'multiplies itself by aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefg'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${'abcdef'[at]},`.repeat(9)}]`)
        .join('\n')}\nterms: *g\n`,
      /^words\.yml:1: /,
    ],
  ])('that %s is refused', (_, text, fault) => {
    expect(faultsOf(text)[0]).toMatch(fault)
  })
})

test('the shipped glossary is read', () => {
  expect(shippedGlossary().length).toBeGreaterThanOrEqual(41)
})
