import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultOfFile, mayImport, mostBytes, waitMs } from '../../src/domain/dropped-file.ts'
import { aMember, anAgreement } from '../support/builders.ts'

const about = { name: 'leads.csv', size: 1_000, type: 'text/csv' }

describe('a file that was dropped', () => {
  test.each([
    ['leads.csv', 'text/csv'],
    ['Leads Q4.CSV', 'application/vnd.ms-excel'],
    ['leads.tsv', 'text/plain'],
    ['export', 'text/csv'],
  ])('%s of the type %s may be a CSV file', (name, type) => {
    expect(faultOfFile({ ...about, name, type })).toBeUndefined()
  })

  test.each([
    ['photo.png', 'image/png'],
    ['leads.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['note.py', 'text/plain'],
    ['archive', 'application/zip'],
  ])('%s of the type %s is none', (name, type) => {
    expect(faultOfFile({ ...about, name, type })).toBe('not-csv')
  })

  test('is neither empty nor larger than 50 MB', () => {
    expect(faultOfFile({ ...about, size: 0 })).toBe('empty')
    expect(faultOfFile({ ...about, size: mostBytes })).toBeUndefined()
    expect(faultOfFile({ ...about, size: mostBytes + 1 })).toBe('too-big')
  })

  test('is imported by whoever may hand over, and by no guest', () => {
    const agreement = anAgreement()
    expect(mayImport(agreement, aMember())).toBe(true)
    expect(mayImport(agreement, aMember({ external: true }))).toBe(false)
    const nobody = aMember({ id: 'per_x', email: 'x@acme.example', assigned: null })
    expect(mayImport(agreement, nobody)).toBe(false)
  })

  test('is tried again ever more patiently, and every five minutes in the end', () => {
    fc.assert(
      fc.property(fc.nat(1_000), (tries) => {
        expect(waitMs(tries + 1)).toBeGreaterThanOrEqual(waitMs(tries))
        expect(waitMs(tries)).toBeLessThanOrEqual(5 * 60_000)
      }),
    )
  })
})
