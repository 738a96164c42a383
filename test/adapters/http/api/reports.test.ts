import { expect, test } from 'vitest'
import { anApi } from '../support.ts'

test('the figures of a period come as JSON', async () => {
  const { status, body } = await anApi().ask('GET', '/api/v1/reports/sla?groupBy=rep', {})
  expect(status).toBe(200)
  expect(body).toMatchObject({
    from: '2026-11-01',
    to: '2026-11-30',
    groupBy: 'rep',
    total: { handoffs: 0, toAccept: { working: { median: null } } },
    groups: [],
  })
})

test('and as CSV where that is accepted', async () => {
  const path = '/api/v1/reports/sla?from=2026-10-01&to=2026-10-31'
  const { status, headers, text } = await anApi().ask('GET', path, {
    headers: { accept: 'text/csv' },
  })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(text.split('\r\n')[0]).toContain('"handoffs","accepted"')
})

test.each([
  ['from=2026-10-01', 'to'],
  ['from=2026-10-31&to=2026-10-01', 'to'],
  ['from=2026-02-30&to=2026-03-01', 'to'],
  ['from=yesterday&to=2026-10-01', 'from'],
  ['groupBy=colour', 'groupBy'],
])('a bad query is refused: %s', async (query, parameter) => {
  const { status, body } = await anApi().ask('GET', `/api/v1/reports/sla?${query}`, {})
  expect(status).toBe(400)
  expect(body).toMatchObject({ errors: [{ parameter }] })
})
