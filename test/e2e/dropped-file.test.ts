import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'
import type { FakeFile, FakeMessage } from '../support/fake-slack.ts'

let running: RunningBaton
let database: Database
beforeAll(async () => {
  running = await startBaton()
  database = connect(running.database.url)
})
afterEach(() => running.slack.heal())
afterAll(async () => {
  await database.close()
  await running.stop()
})

const anna = people.anna.id
const dm = (user: string): string => `D${user.slice(1)}`

const leads = `E-mail,Nome,Azienda,Motivo,Colore
maria@officineverdi.example,Maria Verdi,Officine Verdi,Chiede un preventivo,rosso
paolo@neri.example,Paolo Neri,Neri SpA,,blu
no address,Carla,,,
`

/** The message about a file, once it is as it is looked for. */
const saying = (text: string | RegExp, user: string = anna): Promise<FakeMessage> =>
  eventually(() =>
    running.slack.messages(dm(user)).findLast((message) => new RegExp(text).test(message.text)),
  )

const drop = (name: string, content: string | Buffer, more: Partial<FakeFile> = {}) =>
  running.slack.dropFile({ user: anna, name, ...more, content })

const click = (message: FakeMessage, actionId: string, user: string = anna) =>
  running.slack.clickButton({ user, message, actionId, value: fileIn(message) })

const fileIn = ({ metadata }: FakeMessage): string => `${metadata?.event_payload.key}`

const buttonsOf = (message: FakeMessage): string[] =>
  [...JSON.stringify(message.blocks).matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id ?? '')

async function countOf(sql: string): Promise<number> {
  const { rows } = await database.pool.query(`select count(*)::int as count ${sql}`)
  return rows[0].count
}

describe('a CSV file dropped to Baton', () => {
  test('is shown with its columns and what would come of it, and changes nothing', async () => {
    await drop('first.csv', leads)
    const offer = await saying('first')
    expect(offer.text).toBe(
      '*first.csv*: 3 rows. 2 leads are new, 0 known (0 with something new), 1 row is bad. 1 row says why its lead should go to sales.',
    )
    const shown = JSON.stringify(offer.blocks)
    expect(shown).toContain('• E-mail → e-mail address (maria@officineverdi.example)')
    expect(shown).toContain('• Colore → attribute “Colore” (rosso)')
    expect(buttonsOf(offer)).toEqual([
      'file.import',
      'file.hand_over',
      'file.columns',
      'file.cancel',
    ])
    expect(await countOf('from leads')).toBe(0)
    expect(running.slack.messages(dm(anna))).toHaveLength(1)

    await click(offer, 'file.cancel')
    const cancelled = await saying('first.csv\\* was not imported')
    expect([cancelled.ts, buttonsOf(cancelled)]).toEqual([offer.ts, []])
  })

  test('is imported and handed over once, however often it is clicked', async () => {
    await drop('second.csv', leads)
    const offer = await saying('second')
    await Promise.all([1, 2, 3].map(() => click(offer, 'file.hand_over')))
    const done = await saying('second.csv\\* is imported')
    expect(done.ts).toBe(offer.ts)
    expect(done.text).toBe(
      '*second.csv* is imported: 2 new leads, 0 changed, 0 as they were, 1 handed off, 1 bad row.',
    )
    expect(await countOf('from leads')).toBe(2)
    expect(await countOf('from handoffs')).toBe(1)
  })

  test('gives the bad rows back in the thread, and takes that file for none of its own', async () => {
    const [done] = running.slack.messages(dm(anna)).filter(({ text }) => text.includes('second'))
    const bad = [...running.slack.files.values()].filter(({ user }) => user === 'U0BATON')
    expect(bad.map(({ name, shares }) => ({ name, shares }))).toEqual([
      { name: 'second.bad.csv', shares: [{ channel: dm(anna), threadTs: done?.ts }] },
    ])
    expect(`${bad[0]?.content}`).toBe(
      '\uFEFF"E-mail","Nome","Azienda","Motivo","Colore","problem"\n' +
        '"no address","Carla","","","","E-mail: expects an e-mail address"\n',
    )
    expect(await countOf('from dropped_files')).toBe(2)
  })

  test('that is told of twice is one', async () => {
    const { id } = await drop('third.csv', leads)
    await saying('third')
    const event = { type: 'file_shared', channel_id: dm(anna), file_id: id, user_id: anna }
    await running.slack.sendEvent(event)
    await drop('last.csv', leads)
    await saying('last.csv')
    expect(running.slack.messages(dm(anna)).filter(({ text }) => /third/.test(text))).toHaveLength(
      1,
    )
  })

  test('is nobody’s business in a channel', async () => {
    const before = await countOf('from dropped_files')
    await drop('channel.csv', leads, {})
    await running.slack.sendEvent({
      type: 'file_shared',
      ...{ channel_id: 'C0SQL', file_id: 'F0ELSE', user_id: anna },
    })
    await saying('channel.csv')
    expect(await countOf('from dropped_files')).toBe(before + 1)
  })

  test('may have its columns changed, and is then read anew', async () => {
    await drop('columns.csv', 'Indirizzo,E-mail,Wer\na@b.example,c@d.example,Maria\n')
    const offer = await saying('columns.csv.*1 row is bad')
    await click(offer, 'file.columns')
    const view = await running.slack.nextView()
    const twice = await running.slack.submitView({
      user: anna,
      view,
      values: { column_2: 'email' },
    })
    expect(twice.body).toMatchObject({
      response_action: 'errors',
      errors: { column_2: 'Another column fills this field already.' },
    })
    await running.slack.submitView({
      user: anna,
      view,
      values: { column_0: '-', column_1: 'email', column_2: 'name' },
    })
    const again = await saying('columns.csv.*0 rows are bad')
    expect(again.ts).toBe(offer.ts)
    expect(JSON.stringify(again.blocks)).toContain('• Indirizzo → left out')
  })

  test('is not for guests', async () => {
    const guest = people.guest.id
    await running.slack.dropFile({ user: guest, name: 'leads.csv', content: leads })
    await saying('Only people with a role in the agreement can import leads', guest)
    expect(running.slack.downloads.length).toBeGreaterThan(0)
    expect(running.slack.messages(dm(guest))).toHaveLength(1)
  })

  test('is imported by nobody but who dropped it', async () => {
    await drop('mine.csv', leads)
    const offer = await saying('mine.csv')
    await click(offer, 'file.import', people.ben.id)
    expect(await countOf(`from dropped_files where name = 'mine.csv' and state = 'offered'`)).toBe(
      1,
    )
  })

  test.each([
    ['a picture', 'photo.png', 'not a table', { mimetype: 'image/png' }, 'This is no CSV file'],
    ['a zip under another name', 'zip.csv', 'PK\u0003\u0004more', {}, 'This is no CSV file'],
    ['an empty file', 'empty.csv', '', {}, 'There are no rows'],
    ['headings alone', 'heads.csv', 'E-mail,Name\n', {}, 'There are no rows'],
    ['no addresses', 'colours.csv', 'Colour\nred\n', {}, 'No column of this file is known'],
  ])('%s is answered with what is expected', async (_, name, content, more, sentence) => {
    const before = running.slack.messages(dm(anna)).length
    await drop(name, content, more)
    const answer = await eventually(() => running.slack.messages(dm(anna))[before])
    expect(answer.text).toContain(sentence)
  })

  test('waits while Slack can’t give it, and says so where it never will', async () => {
    running.slack.fail('download', { with: 500 })
    running.slack.fail('files.info', { with: 'ratelimited' })
    await drop('late.csv', leads)
    await saying('late.csv')
    const before = running.slack.messages(dm(anna)).length
    running.slack.fail('files.info', { with: { error: 'file_deleted' } })
    await drop('gone.csv', leads)
    const answer = await eventually(() => running.slack.messages(dm(anna))[before])
    expect(answer.text).toBe('This file is gone from Slack. Drop it here again to import it.')
  })

  test('has one message, also where Slack’s answer to it was lost', async () => {
    running.slack.fail('chat.postMessage', { with: 'accept-then-reset' })
    await drop('lost.csv', leads)
    const offer = await saying('lost.csv')
    await click(offer, 'file.import')
    await saying('lost.csv\\* is imported')
    const all = running.slack.messages(dm(anna)).filter(({ text }) => text.includes('lost.csv'))
    expect(all).toHaveLength(1)
  })

  test('shows nothing personal in the log', () => {
    expect(running.logged.join('\n')).not.toMatch(/maria|officine|xoxb|Verdi/i)
  })
})

describe('the token', () => {
  let server: Server
  const heard: (string | undefined)[] = []
  let elsewhere = ''
  beforeAll(async () => {
    server = createServer((request, response) => {
      heard.push(request.headers.authorization)
      response.end(leads)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    elsewhere = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/leads.csv`
  })
  afterAll(() => void server.close())

  test.each(['goesTo', 'url'] as const)('goes to no other host (%s)', async (how) => {
    const before = running.slack.messages(dm(anna)).length
    await drop('else.csv', leads, { [how]: elsewhere })
    const answer = await eventually(() => running.slack.messages(dm(anna))[before])
    expect(answer.text).toContain('Slack does not let me read this file')
    expect(heard).toEqual([])
  })
})

describe('an import of 5,000 rows', () => {
  const rows = 5_000
  const content = [
    'E-mail,Name,Reason',
    ...Array.from({ length: rows }, (_, n) =>
      n % 500 === 0
        ? `bad ${n},Nobody,`
        : `many${n}@many.example,Person ${n},${n % 50 === 1 ? 'Asked' : ''}`,
    ),
  ].join('\n')

  test('goes on in another process where the first was stopped, and does nothing twice', async () => {
    await drop('many.csv', content)
    const offer = await eventually(
      () => running.slack.messages(dm(anna)).find(({ text }) => text.includes('many.csv')),
      30_000,
    )
    await click(offer, 'file.hand_over')
    const done = () => countOf(`from imports where done_rows between 1 and ${rows - 1}`)
    await eventually(async () => ((await done()) > 0 ? true : undefined), 20_000)
    await running.restart()
    expect(await done()).toBe(1)
    const told = await eventually(
      () => running.slack.messages(dm(anna)).find(({ text }) => /many.csv\* is imp/.test(text)),
      60_000,
    )
    expect(told.text).toBe(
      '*many.csv* is imported: 4,990 new leads, 0 changed, 0 as they were, 100 handed off, 10 bad rows.',
    )
    expect(told.ts).toBe(offer.ts)
    expect(await countOf(`from leads where email like '%@many.example'`)).toBe(4_990)
    const ofFile = `from handoffs h join leads l on l.id = h.lead_id where l.email like '%@many.example'`
    expect(await countOf(ofFile)).toBe(100)
    const bad = [...running.slack.files.values()].filter(({ name }) => name === 'many.bad.csv')
    expect(bad).toHaveLength(1)
    expect(`${bad[0]?.content}`.trim().split('\n')).toHaveLength(11)
    expect(await countOf(`from dropped_files where name like '%.bad.csv'`)).toBe(0)
  }, 120_000)
})
