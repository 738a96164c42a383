import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBadRows } from '../../../src/adapters/csv/bad-rows.ts'
import { type CsvFile, openCsv } from '../../../src/adapters/csv/reader.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-csv-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function fileOf(content: string | Buffer): string {
  files += 1
  const file = join(folder, `leads-${files}.csv`)
  writeFileSync(file, content)
  return file
}

async function read(content: string | Buffer) {
  const csv = await openCsv(fileOf(content))
  return { csv, headings: csv.headings, rows: await cellsOf(csv) }
}

async function cellsOf(csv: CsvFile): Promise<(string[] | null)[]> {
  const all: (string[] | null)[] = []
  for await (const { cells } of csv.rows()) all.push(cells)
  return all
}

describe('a CSV file', () => {
  test.each([',', ';', '\t'])('is read with %j between its values', async (separator) => {
    const lines = [
      ['Email', 'Notes, if any'],
      ['a@b.example', 'x'],
    ]
    const text = lines.map((line) => line.map((one) => `"${one}"`).join(separator)).join('\n')
    const { csv, headings, rows } = await read(text)
    expect(csv.separator).toBe(separator)
    expect({ headings, rows }).toEqual({ headings: lines[0], rows: [lines[1]] })
  })

  test('may hold line breaks, separators and quotes in its values', async () => {
    const { rows } = await read('Email,Notes\r\na@b.example,"two\r\nlines, ""quoted"""\r\n')
    expect(rows).toEqual([['a@b.example', 'two\r\nlines, "quoted"']])
  })

  test('may hold a quote where none belongs', async () => {
    const { rows } = await read('Email,Notes\na@b.example,a 5" pipe\nc@d.example,x\n')
    expect(rows).toEqual([
      ['a@b.example', 'a 5" pipe'],
      ['c@d.example', 'x'],
    ])
  })

  test('is read without its byte order mark, its empty lines and its missing end', async () => {
    const { headings, rows } = await read('\uFEFFEmail;Name\n\na@b.example;Né\n\n\nc@d.example')
    expect(headings).toEqual(['Email', 'Name'])
    expect(rows).toEqual([['a@b.example', 'Né'], ['c@d.example']])
  })

  test('is also read in Windows-1252 and UTF-16', async () => {
    const western = await read(Buffer.from('Email;Città\na@b.example;Forlì\n', 'latin1'))
    expect(western.csv.encoding).toBe('windows-1252')
    expect([western.headings, ...western.rows]).toEqual([
      ['Email', 'Città'],
      ['a@b.example', 'Forlì'],
    ])
    const wide = await read(Buffer.from('\uFEFFEmail\tCittà\na@b.example\tForlì\n', 'utf16le'))
    expect([wide.headings, ...wide.rows]).toEqual([
      ['Email', 'Città'],
      ['a@b.example', 'Forlì'],
    ])
  })

  test('with a quote that is never closed is read up to it', async () => {
    const { rows } = await read('Email,Name\na@b.example,x\nc@d.example,"y\ne@f.example,z\n')
    expect(rows).toEqual([['a@b.example', 'x'], null])
    const endless = await read(`Email,Name\na@b.example,x\nc@d.example,"${'y\n'.repeat(300_000)}`)
    expect(endless.rows).toEqual([['a@b.example', 'x'], null])
  })

  test('is known by its bytes, and tells how far it was read', async () => {
    const text = 'Email\na@b.example\n'
    const { csv } = await read(text)
    expect(csv.sha256).toBe(createHash('sha256').update(text).digest('hex'))
    expect(csv.progress()).toBe(1)
  })

  test.each([
    ['', 'has no headings'],
    ['\n\n', 'has no headings'],
    ['PK\u0003\u0004 a workbook', 'is no CSV file'],
    ['a\u0000b', 'is no CSV file'],
  ])('that is none, like %j, is refused', async (content, message) => {
    await expect(read(content)).rejects.toThrow(message)
  })
})

describe('the file of bad rows', () => {
  const options = { headings: ['Email', 'Notes'], separator: ';', length: 0 } as const
  const badFile = () => join(folder, `bad-${++files}.csv`)
  const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n')

  test('has the same columns and the problem, and is there only where a row is bad', async () => {
    const file = badFile()
    const bad = await openBadRows(file, options)
    expect(await bad.add([])).toBe(0)
    expect(() => readFileSync(file)).toThrow('ENOENT')
    await bad.add([{ cells: ['nobody'], problem: 'no e-mail address' }])
    await bad.add([{ cells: ['a', 'b', 'c'], problem: 'too many' }])
    await bad.close()
    expect(linesOf(file)).toEqual([
      '\uFEFF"Email";"Notes";"problem"',
      '"nobody";"";"no e-mail address"',
      '"a";"b c";"too many"',
      '',
    ])
  })

  test('no cell begins a row of its own', async () => {
    const file = badFile()
    const bad = await openBadRows(file, options)
    await bad.add([{ cells: ['a\r=1', 'b\n=1'], problem: 'bad' }])
    await bad.close()
    expect(readFileSync(file, 'utf8')).toContain('"a\r=1";"b\n=1";"bad"')
  })

  test.each(['=1+1', '+39 02', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    '%j is no formula in it',
    async (cell) => {
      const file = badFile()
      const bad = await openBadRows(file, options)
      await bad.add([{ cells: ['x', cell], problem: 'bad' }])
      await bad.close()
      const csv = await openCsv(file)
      expect((await cellsOf(csv))[0]?.[1]).toBe(`'${cell}`)
    },
  )

  test('goes on where it was noted down last', async () => {
    const file = badFile()
    const first = await openBadRows(file, options)
    const length = await first.add([{ cells: ['a', ''], problem: 'one' }])
    await first.add([{ cells: ['b', ''], problem: 'written, and not noted down' }])
    await first.close()
    const second = await openBadRows(file, { ...options, length })
    await second.add([{ cells: ['b', ''], problem: 'two' }])
    await second.close()
    expect(linesOf(file)).toEqual([
      '\uFEFF"Email";"Notes";"problem"',
      '"a";"";"one"',
      '"b";"";"two"',
      '',
    ])
    const anew = await openBadRows(file, options)
    await anew.close()
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })
})
