import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseCrmMapping, readCrmMapping, recordOf } from '../../../src/adapters/crm/mapping.ts'

const shipped = readFileSync('src/content/crm.yml', 'utf8')
const mapping = readCrmMapping().hubspot.contact
const reference = { system: 'hubspot', id: '501', url: undefined }
const read = (fields: Record<string, unknown>) => recordOf(fields, mapping, reference)

test('a fault in the mapping is told with its line and what is expected', () => {
  expect(() => parseCrmMapping(shipped.replace('email: email', 'mail: email'), 'our.yml')).toThrow(
    /our\.yml:\d+: hubspot\.contact\.read\.(email|mail): /,
  )
  expect(() => parseCrmMapping(shipped.replace('email: email', 'email: "a b"'), 'our.yml')).toThrow(
    'expects the name of a field, as the CRM spells it',
  )
  expect(() => readCrmMapping('/nowhere/crm.yml')).toThrow('BATON_CRM_MAPPING')
})

test('a value that does not fit is left out, and the lead is taken in all the same', () => {
  const { lead } = read({
    email: ' Maria@Example.com ',
    firstname: 'M\u0000aria\ud800',
    jobtitle: 'x'.repeat(500),
    numemployees: '25-50',
    website: 'not a website',
    country: '',
  })
  expect(lead).toMatchObject({ email: 'maria@example.com', name: 'Maria\ufffd' })
  expect(lead?.title).toHaveLength(200)
  expect(lead?.company).toEqual({})
})

test('without a name a lead is called by its address; without an address it is none', () => {
  expect(read({ email: 'maria@example.com' }).lead?.name).toBe('maria@example.com')
  expect(read({ firstname: 'Maria' }).lead).toBeNull()
  expect(read({ email: 'no address' }).lead).toBeNull()
})

test('the stage is in Baton’s word, and the mark in the CRM’s', () => {
  const record = read({ email: 'maria@example.com', lifecyclestage: 'marketingqualifiedlead' })
  expect(record).toMatchObject({ stage: 'mql', mark: 'marketingqualifiedlead' })
  expect(read({ lifecyclestage: 'evangelist' })).toMatchObject({ stage: null, mark: 'evangelist' })
})
