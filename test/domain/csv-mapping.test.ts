import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headingsOf, leadFields, mappingOf, readRow } from '../../src/domain/csv-mapping.ts'
import { anAgreement } from '../support/builders.ts'

const agreement = anAgreement()

/** Field by column; the refusal where there is none. */
function mapped(headings: string[], said: Record<string, string> = {}) {
  const mapping = mappingOf(headings, new Map(Object.entries(said)))
  return mapping.ok
    ? Object.fromEntries(mapping.columns.map(({ heading, target }) => [heading, target]))
    : mapping.refusal
}

function read(row: Record<string, string>, said: Record<string, string> = {}) {
  const mapping = mappingOf(Object.keys(row), new Map(Object.entries(said)))
  if (!mapping.ok) throw new Error(mapping.refusal.code)
  return readRow(mapping.columns, Object.values(row), agreement)
}

const email = 'maria@officineverdi.example'

describe('the mapping', () => {
  test('knows the headings of English exports', () => {
    expect(
      mapped([
        ...['First Name', 'Last Name', 'Email Address', 'Job Title', 'Phone Number'],
        ...['Company Name', 'Number of Employees', 'Industry', 'Country/Region', 'Lead Source'],
        ...['Lead type', 'Reason', 'Priority', 'Website'],
      ]),
    ).toEqual({
      'First Name': 'firstName',
      'Last Name': 'lastName',
      'Email Address': 'email',
      'Job Title': 'title',
      'Phone Number': 'phone',
      'Company Name': 'company.name',
      'Number of Employees': 'company.employees',
      Industry: 'company.industry',
      'Country/Region': 'company.country',
      'Lead Source': 'source',
      'Lead type': 'type',
      Reason: 'reason',
      Priority: 'priority',
      Website: 'company.domain',
    })
  })

  test('knows Italian ones, also with accents', () => {
    expect(
      mapped(['Nome', 'Cognome', 'Indirizzo e-mail', 'Azienda', 'Dipendenti', 'Paese', 'Priorità']),
    ).toEqual({
      Nome: 'firstName',
      Cognome: 'lastName',
      'Indirizzo e-mail': 'email',
      Azienda: 'company.name',
      Dipendenti: 'company.employees',
      Paese: 'company.country',
      Priorità: 'priority',
    })
  })

  test('takes a name alone for the whole name', () => {
    expect(mapped(['Nome', 'E-mail'])).toMatchObject({ Nome: 'name', 'E-mail': 'email' })
  })

  test('keeps every other column as an attribute, and the second of two for one field', () => {
    expect(mapped(['Email', 'Work email', 'Press model'])).toEqual({
      Email: 'email',
      'Work email': 'attributes.Work email',
      'Press model': 'attributes.Press model',
    })
  })

  test('goes by what is said first', () => {
    const said = { contact: 'email', Firm: 'company.name', Notes: '-', Fax: 'company.fax' }
    expect(mapped(['Contact', 'Email', 'Firm', 'Notes', 'Fax'], said)).toEqual({
      Contact: 'email',
      Email: 'attributes.Email',
      Firm: 'company.name',
      Notes: null,
      Fax: 'company.fax',
    })
  })

  test.each([
    [['Name'], {}, { code: 'no-email-column' }],
    [['Email'], { Mail: 'email' }, { code: 'unknown-column', column: 'Mail' }],
    [['Email'], { Email: 'e-post' }, { code: 'unknown-field', field: 'e-post' }],
    [['A', 'B'], { A: 'email', B: 'email' }, { code: 'field-twice', field: 'email' }],
    [Array.from({ length: 501 }, (_, n) => `c${n}`), {}, { code: 'too-many-columns', most: 500 }],
  ])('of %j with %j is refused', (headings, said, refusal) => {
    expect(mapped(headings, said)).toEqual(refusal)
  })

  test('fills no field twice, and gives every column a heading of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...leadFields))), (cells) => {
        const headings = headingsOf(['Email', ...cells])
        expect(new Set(headings).size).toBe(headings.length)
        const mapping = mappingOf(headings)
        if (!mapping.ok) throw new Error(mapping.refusal.code)
        const targets = mapping.columns.map(({ target }) => target)
        expect(new Set(targets).size).toBe(targets.length)
      }),
    )
  })
})

describe('a row', () => {
  test('tells of a lead what its cells hold, and nothing by an empty one', () => {
    const row = {
      Nome: 'Maria',
      Cognome: 'Verdi',
      Email: ' Maria@OfficineVerdi.example ',
      Phone: "'+39 02 5550100",
      Azienda: 'Officine Verdi',
      Dipendenti: '1.200',
      Country: '',
      'Press model': 'P 40',
    }
    expect(read(row)).toEqual({
      ok: true,
      handOver: null,
      news: {
        email,
        name: 'Maria Verdi',
        phone: '+39 02 5550100',
        company: { name: 'Officine Verdi', employees: 1_200 },
        attributes: { 'Press model': 'P 40' },
      },
    })
  })

  test('with a reason is to be handed over', () => {
    const [type] = agreement.lead_types
    const row = { Email: email, Motivo: 'Asked for a quote', Priorità: 'Alta', 'Lead type': '' }
    expect(read({ ...row, 'Lead type': type?.name.it ?? '' })).toMatchObject({
      ok: true,
      news: { type: type?.id },
      handOver: { reason: 'Asked for a quote', priority: 'hot' },
    })
    expect(read(row)).toMatchObject({ handOver: { priority: 'hot' } })
  })

  test.each([
    [{ Email: '' }, { code: 'no-email' }],
    [
      { 'E-mail': 'maria at verdi' },
      { code: 'bad-value', column: 'E-mail', expected: { code: 'email' } },
    ],
    [
      { Email: email, Dipendenti: '50-100' },
      { code: 'bad-value', column: 'Dipendenti', expected: { code: 'whole-number' } },
    ],
    [
      { Email: email, Priority: 'soon' },
      {
        code: 'bad-value',
        column: 'Priority',
        expected: { code: 'one-of', values: ['hot', 'standard'] },
      },
    ],
    [
      { Email: email, 'Lead type': 'yachts' },
      { code: 'bad-value', column: 'Lead type' },
    ],
    [
      { Email: email, 'Journey stage': 'late' },
      { code: 'bad-value', column: 'Journey stage' },
    ],
    [
      { Email: email, Name: 'x'.repeat(201) },
      { code: 'bad-value', column: 'Name' },
    ],
    [
      { Email: email, Name: 'a\u0000b' },
      { code: 'bad-value', column: 'Name' },
    ],
    [{ Email: email, Notes: 'a\u0000b' }, { code: 'bad-value' }],
  ])('like %j is bad', (row, problem) => {
    expect(read(row)).toMatchObject({ ok: false, problem })
  })

  test('may have fewer values than headings, but not more', () => {
    const mapping = mappingOf(['Email', 'Name'])
    if (!mapping.ok) throw new Error(mapping.refusal.code)
    const of = (...cells: string[]) => readRow(mapping.columns, cells, agreement)
    expect(of(email)).toMatchObject({ ok: true })
    expect(of(email, 'Maria', '')).toMatchObject({ ok: true })
    expect(of(email, 'Maria', 'Verdi')).toEqual({
      ok: false,
      problem: { code: 'too-many-values', expected: 2, found: 3 },
    })
  })

  test('whatever it holds, is read or bad', () => {
    const headings = [...leadFields, 'Notes']
    const mapping = mappingOf(headings, new Map(leadFields.map((field) => [field, field])))
    if (!mapping.ok) throw new Error(mapping.refusal.code)
    const { columns } = mapping
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), (cells) => {
        expect(readRow(columns, [email, ...cells], agreement)).toHaveProperty('ok')
      }),
    )
  })
})
