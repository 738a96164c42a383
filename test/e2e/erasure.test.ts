import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAuditor } from '../../src/adapters/postgres/auditor.ts'
import { createBulletins } from '../../src/adapters/postgres/bulletins.ts'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import {
  calmAgreement,
  channels,
  eventually,
  people,
  type RunningBaton,
  startBaton,
} from '../support/baton.ts'
import { type FakeReceiver, startFakeReceiver } from '../support/fake-receiver.ts'

/** A lead whose every word is a canary goes all the way, is exported, and is erased. */

let running: RunningBaton
let database: Database
let receiver: FakeReceiver
let hook = ''
beforeAll(async () => {
  running = await startBaton({
    agreement: `${calmAgreement}  - { email: mario@acme.example, role: marketing_manager, head_of: marketing }\n`,
    webhooksPrivate: 'allowed',
  })
  database = connect(running.database.url, { max: 4 })
})
afterAll(async () => {
  await database.close()
  await running.stop()
})
beforeEach(async () => {
  receiver = await startFakeReceiver()
  hook = String((await running.api('POST', '/api/v1/webhooks', { url: receiver.url })).body.id)
})
afterEach(async () => {
  running.slack.heal()
  await running.api('DELETE', `/api/v1/webhooks/${hook}`)
  await receiver.stop()
})

const { anna, ben, sara, mario } = people
const { api } = { api: (...asked: Parameters<RunningBaton['api']>) => running.api(...asked) }

let counter = 0
/** Words that nothing else holds. */
function canaries() {
  counter += 1
  const used: string[] = []
  const canary = (what: string): string => {
    const word = `canary${counter}${what}`
    used.push(word)
    return word
  }
  return { used, canary }
}

const done = async (asked: ReturnType<typeof api>): Promise<Record<string, unknown>> => {
  const { status, body } = await asked
  expect(status, JSON.stringify(body)).toBeLessThan(300)
  return body
}

async function aWholeLife() {
  const { used, canary } = canaries()
  const email = `${canary('mail')}@example.com`
  const lead = {
    email,
    name: canary('name'),
    title: canary('title'),
    phone: canary('phone'),
    company: { name: canary('company'), domain: `${canary('domain')}.example` },
    source: canary('source'),
    crm: { system: 'hubspot', id: canary('crm'), url: `https://crm.example/${canary('url')}` },
    attributes: { hobby: canary('hobby') },
  }
  await done(
    api('POST', '/api/v1/activities', {
      email,
      type: 'form',
      id: `${canary('key')}`,
      properties: { page: canary('page') },
    }),
  )
  const handOver = (more: object = {}) =>
    done(
      api('POST', '/api/v1/handoffs', {
        ...{ lead, reason: canary('reason'), handedOffBy: ben.email, ...more },
      }),
    )
  const { id } = await handOver()
  const first = String(id)
  await handOver({ reason: canary('news') })
  const move = (handoff: string, what: string, body: object) =>
    done(api('POST', `/api/v1/handoffs/${handoff}/${what}`, body))
  await move(first, 'accept', { by: anna.email })
  const attempt = { channel: 'call', outcome: 'no-answer', by: anna.email }
  await move(first, 'attempts', { ...attempt, note: canary('attempt') })
  await done(
    api('PATCH', `/api/v1/handoffs/${first}/attempts/1`, {
      by: anna.email,
      note: canary('corrected'),
    }),
  )
  await move(first, 'return', {
    by: anna.email,
    reason: 'not-ready',
    readyWhen: canary('when'),
    note: canary('return'),
  })
  await move(first, 'contest', { by: ben.email, why: canary('why') })
  const ruling = { ruling: 'uphold' }
  await move(first, 'rule', { ...ruling, by: sara.email, words: canary('sales') })
  await move(first, 'rule', { ...ruling, by: mario.email, words: canary('marketing') })
  const second = String(
    (await handOver({ reason: canary('again'), whatChanged: canary('changed') })).id,
  )
  expect(second).not.toBe(first)
  await move(second, 'accept', { by: anna.email })
  await move(second, 'attempts', { ...attempt, outcome: 'connected', note: canary('spoke') })
  await move(second, 'outcome', {
    by: anna.email,
    dealStage: 'exploration',
    note: canary('deal'),
  })
  return { email, lead, used, canary, first, second }
}

const everything = async (): Promise<string> => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE'
       and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const tables = await Promise.all(
    rows.map(({ name }) =>
      database.pool.query(`select row_to_json(t)::text as row from ${name} t`),
    ),
  )
  return tables.flatMap((table) => table.rows.map(({ row }) => row)).join('\n')
}
const inSlack = (): string =>
  JSON.stringify(
    Object.values(channels).flatMap(({ id }) =>
      running.slack
        .messages(id)
        .flatMap((message) => [message, ...running.slack.thread(id, message.ts)]),
    ),
  )
const found = (text: string, words: readonly string[]) =>
  words.filter((word) => text.includes(word))

const allTold = () =>
  eventually(async () => {
    const { rows } = await database.pool.query(
      `select 1 from deliveries where state = 'pending' union all
       select 1 from webhook_deliveries where state = 'pending' limit 1`,
    )
    return rows.length === 0 || undefined
  })

const eraseIt = async (email: string) => (await api('DELETE', `/api/v1/leads/${email}`)).status

describe('a lead that went all the way', () => {
  test('is exported whole, and after its erasure is nowhere any more', async () => {
    const { email, used, first, second } = await aWholeLife()
    await allTold()
    const exported = await done(api('GET', `/api/v1/leads/${email}/export`))
    expect(used.filter((word) => !JSON.stringify(exported).includes(word))).toEqual([])
    expect(found(inSlack(), used).length).toBeGreaterThan(5)

    expect(await eraseIt(email)).toBe(204)
    expect(found(await everything(), used)).toEqual([])
    await allTold()
    await eventually(() => found(inSlack(), used).length === 0 || undefined)
    expect(found(await everything(), used)).toEqual([])
    expect(found(running.logged.join('\n'), used)).toEqual([])

    const card = await running.card(second, ({ text }) => text.includes('erased'))
    expect(card.text).toMatch(/^This lead was erased on /)
    expect(JSON.stringify(card.blocks)).not.toContain('"actions"')
    expect((await api('GET', `/api/v1/handoffs/${second}`)).body).toMatchObject({
      status: 'closed',
      lead: { name: 'Erased lead' },
    })
    expect((await api('GET', `/api/v1/handoffs/${first}`)).body).toMatchObject({
      status: 'returned',
    })
    const audited = await createAuditor(database).audit(new Date(), { graceMs: 60_000 })
    expect(audited).toEqual([])
    // its figures are still there to be read
    const { rows } = await database.pool.query(
      `select (select count(*) from attempts where handoff_id = any($1))::int as attempts,
         (select count(*) from events where handoff_id = any($1) and type = 'Accepted')::int as accepted,
         (select count(*) from timers where handoff_id = any($1) and wake_at is not null)::int as clocks`,
      [[first, second]],
    )
    expect(rows).toEqual([{ attempts: 2, accepted: 2, clocks: 0 }])
    expect(
      (await api('GET', `/api/v1/leads/erased-${await leadOf(second)}@erased.invalid`)).status,
    ).toBe(200)
  })

  test('does not come back by anything that comes late, until that is lifted', async () => {
    const { email, lead, second } = await aWholeLife()
    expect(await eraseIt(email)).toBe(204)
    expect(await eraseIt(email)).toBe(204)
    const handOver = () => api('POST', '/api/v1/handoffs', { lead, reason: 'again' })
    const otherAddress = { ...lead, email: `other${counter}@example.com` }
    const late = await Promise.all([
      handOver(),
      api('POST', '/api/v1/handoffs', { lead: otherAddress, reason: 'again' }),
      api('PUT', `/api/v1/leads/${email}`, { name: 'Somebody' }),
      api('POST', '/api/v1/activities', [
        { email: 'somebody@example.com', type: 'form' },
        { email, type: 'form' },
      ]),
      api('POST', `/api/v1/handoffs/${second}/outcome`, {
        by: anna.email,
        dealStage: 'closed-won',
        note: 'too late',
      }),
    ])
    expect(late.map(({ status }) => status)).toEqual([410, 410, 410, 410, 410])
    expect(late[0]?.body.detail).toMatch(/^This lead was erased on /)
    expect(late[3]?.body.errors).toMatchObject([{ pointer: '/1/email' }])
    expect((await api('GET', `/api/v1/leads/${email}`)).status).toBe(404)

    const { erasures } = running.baton.world
    expect(await erasures.lift(running.baton.workspaceId, email)).toBe(true)
    expect((await handOver()).status).toBe(201)
  })

  test('is named by no other lead as what it is a duplicate of', async () => {
    const { used, canary } = canaries()
    const email = `${canary('twin')}@example.com`
    const other = `other-twin${counter}@example.com`
    const handOver = async (address: string) =>
      String(
        (
          await done(
            api('POST', '/api/v1/handoffs', {
              lead: { email: address, name: 'A twin' },
              reason: 'Asked for a quote',
              handedOffBy: ben.email,
            }),
          )
        ).id,
      )
    await handOver(email)
    const handoff = await handOver(other)
    await done(
      api('POST', `/api/v1/handoffs/${handoff}/return`, {
        by: anna.email,
        reason: 'duplicate',
        duplicateOf: email,
      }),
    )
    await allTold()
    expect(found(inSlack(), used)).toEqual(used)
    expect(await eraseIt(email)).toBe(204)
    expect(found(await everything(), used)).toEqual([])
    await allTold()
    expect(found(inSlack(), used)).toEqual([])
    expect((await api('GET', `/api/v1/leads/${other}`)).status).toBe(200)
  })

  test('an answer that comes again with its key is not given again', async () => {
    const email = `replayed${++counter}@example.com`
    const ask = () =>
      api(
        'POST',
        '/api/v1/handoffs',
        { lead: { email, name: 'A lead' }, reason: 'Asked for a quote' },
        { 'Idempotency-Key': `replay-${counter}` },
      )
    expect((await ask()).status).toBe(201)
    expect(await eraseIt(email)).toBe(204)
    expect((await ask()).status).toBe(410)
  })

  test('a lead that nobody knows can’t be erased', async () => {
    expect(await eraseIt('nobody@example.com')).toBe(404)
    expect((await api('GET', '/api/v1/leads/nobody@example.com/export')).status).toBe(404)
  })
})

const leadOf = async (handoff: string): Promise<string> => {
  const { rows } = await database.pool.query<{ id: string }>(
    'select lead_id as id from handoffs where id = $1',
    [handoff],
  )
  return rows[0]?.id ?? ''
}

describe('a digest that names the lead', () => {
  const dm = `D${anna.id.slice(1)}`
  const digests = (): string => JSON.stringify(running.slack.messages(dm))

  /** A lead that waits for Anna, of whom the next Baton tells her all that falls due in weeks. */
  async function toldInTheMorning() {
    const { used, canary } = canaries()
    const email = `${canary('digest')}@example.com`
    await done(
      api('POST', '/api/v1/handoffs', {
        lead: { email, name: canary('told') },
        reason: 'Asked for a quote',
        owner: anna.email,
      }),
    )
    const day = new Date(Date.now() + (30 + counter) * 24 * 3_600_000).toISOString().slice(0, 10)
    const { rows } = await database.pool.query('select id from users where slack_id = $1', [
      anna.id,
    ])
    const planned = { key: `digest:${day}:${rows[0].id}`, recipient: anna.id, dueAt: new Date() }
    await createBulletins(database).plan(running.baton.workspaceId, [{ ...planned, kind: 'daily' }])
    await running.restart()
    await eventually(() => found(digests(), used).length > 0 || undefined)
    return { email, used, key: planned.key }
  }
  const stateOf = async (key: string): Promise<string> => {
    const { rows } = await database.pool.query('select state from bulletins where key = $1', [key])
    return rows[0].state
  }
  const isIn = (state: string, key: string) =>
    eventually(async () => (await stateOf(key)) === state || undefined)

  test('is deleted', async () => {
    const { email, used, key } = await toldInTheMorning()
    await isIn('sent', key)
    expect(await eraseIt(email)).toBe(204)
    await running.restart()
    await eventually(() => found(digests(), used).length === 0 || undefined)
    await isIn('dropped', key)
    expect(found(await everything(), used)).toEqual([])
  })

  test('is as it should be where the reader has it no more', async () => {
    const { email, key } = await toldInTheMorning()
    await isIn('sent', key)
    running.slack.fail('chat.delete', { with: { error: 'message_not_found' } })
    expect(await eraseIt(email)).toBe(204)
    await running.restart()
    await isIn('dropped', key)
  })

  test('is deleted later where Slack asks for patience', async () => {
    const { email, used, key } = await toldInTheMorning()
    await isIn('sent', key)
    running.slack.fail('chat.delete', { with: 'ratelimited' })
    expect(await eraseIt(email)).toBe(204)
    await running.restart()
    await eventually(async () => {
      const { rowCount } = await database.pool.query(
        `update bulletins set held_until = null where key = $1 and error = 'ratelimited'`,
        [key],
      )
      return rowCount === 1 || undefined
    })
    await running.restart()
    await eventually(() => found(digests(), used).length === 0 || undefined)
    await isIn('dropped', key)
  })

  test('is parked where Slack will never delete it, which the figures tell', async () => {
    const { email, key } = await toldInTheMorning()
    await isIn('sent', key)
    running.slack.fail('chat.delete', { with: { error: 'cant_delete_message' }, times: 9 })
    expect(await eraseIt(email)).toBe(204)
    await running.restart()
    await isIn('parked', key)
    const metrics = await (await fetch(`${running.baton.url}/metrics`)).text()
    expect(metrics).toContain('baton_deliveries{state="parked"} 1')
  })

  test('is looked for where Slack took it and hung up', async () => {
    running.slack.fail('chat.postMessage', {
      with: 'accept-then-reset',
      where: ({ channel }) => channel === dm,
    })
    const { email, used, key } = await toldInTheMorning()
    await eventually(async () => {
      const { rows } = await database.pool.query('select error from bulletins where key = $1', [
        key,
      ])
      return rows[0].error !== null || undefined
    })
    expect(await eraseIt(email)).toBe(204)
    // as if the time had passed until it is tried again
    await database.pool.query('update bulletins set held_until = null where key = $1', [key])
    await running.restart()
    await eventually(() => found(digests(), used).length === 0 || undefined)
    await isIn('dropped', key)
  })
})

describe('erasing under load', () => {
  test('leaves no handoff, activity or change of the lead that came at the same time', async () => {
    for (let round = 0; round < 4; round++) {
      const { used, canary } = canaries()
      const email = `${canary('load')}@example.com`
      const intake = (index: number) => {
        const lead = { email, name: canary(`name${index}x`) }
        if (index % 3 === 0) {
          return api('POST', '/api/v1/handoffs', { lead, reason: canary(`reason${index}x`) })
        }
        if (index % 3 === 1) return api('PUT', `/api/v1/leads/${email}`, { name: lead.name })
        return api('POST', '/api/v1/activities', { email, type: 'form' })
      }
      await intake(0)
      const before = Array.from({ length: 25 }, (_, index) => intake(index + 1))
      const erasing = eraseIt(email)
      const after = Array.from({ length: 25 }, (_, index) => intake(index + 30))
      const statuses = (await Promise.all([...before, ...after])).map(({ status }) => status)
      expect(await erasing).toBe(204)
      expect(statuses.filter((status) => ![200, 201, 202, 410].includes(status))).toEqual([])
      expect(found(await everything(), used)).toEqual([])
      await allTold()
      expect(found(inSlack(), used)).toEqual([])
      expect((await intake(60)).status).toBe(410)
    }
  })
})

describe('Slack', () => {
  test('that asks for patience has the messages deleted later, also by the next process', async () => {
    const { email, used } = await aWholeLife()
    await allTold()
    running.slack.fail('chat.delete', { with: 'ratelimited', times: 2 })
    expect(await eraseIt(email)).toBe(204)
    await running.restart()
    await eventually(() => found(inSlack(), used).length === 0 || undefined)
    await allTold()
  })
})
