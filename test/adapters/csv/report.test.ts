import { expect, test } from 'vitest'
import { writeCsv } from '../../../src/adapters/csv/report.ts'

test('texts are inert in a spreadsheet, and numbers are numbers', () => {
  const texts = ['=1+1', '+1', '-1', '@sum', '\tx', '\rx', 'a,"b"', 'a\r=1']
  const lines = writeCsv([texts, [1, 0.25, null, 'plain']])
  expect(lines).toBe(
    `\uFEFF"'=1+1","'+1","'-1","'@sum","'\tx","'\rx","a,""b""","a\r=1"\r\n1,0.25,,"plain"\r\n`,
  )
})
