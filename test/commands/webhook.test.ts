import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/adapters/postgres/client.ts'
import { createWorkspaces } from '../../src/adapters/postgres/workspaces.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type FakeReceiver, startFakeReceiver, status } from '../support/fake-receiver.ts'
import { createProgram, type Program } from '../support/program.ts'

let program: Program
let fresh: FreshDatabase
let receiver: FakeReceiver
beforeAll(async () => {
  program = createProgram()
  fresh = await freshDatabase()
  receiver = await startFakeReceiver()
  const database = connect(fresh.url)
  await createWorkspaces(database).adopt({ id: 'T0ACME', name: 'Acme' })
  await database.close()
}, 60_000)
afterAll(async () => {
  await program.remove()
  await receiver.stop()
  await fresh.drop()
})

async function webhook(args: string[], env: Record<string, string> = {}) {
  const running = program.start({
    run: ['cli', 'webhook', ...args],
    env: { DATABASE_URL: fresh.url, BATON_WEBHOOKS_PRIVATE: 'allowed', ...env },
  })
  const code = await running.ended
  return { code, out: running.out(), err: running.err() }
}
const json = async (...args: string[]) => JSON.parse((await webhook([...args, '--json'])).out)

test('a webhook is added, tested, looked at and removed', { timeout: 60_000 }, async () => {
  const { id, secret, url } = await json('add', receiver.url, '--events', 'handedoff,Accepted')
  expect({ id, url }).toEqual({ id: expect.stringMatching(/^hook_/), url: receiver.url })
  receiver.trust(secret)
  const listed = (await webhook(['list'])).out
  expect(listed).toContain(`${id}  ${receiver.url}  HandedOff,Accepted`)
  expect(listed).not.toContain('whsec_')
  expect(await json('test', id)).toEqual({ taken: true, answer: '200' })
  expect(receiver.received).toMatchObject([{ type: 'Test', verified: true }])
  receiver.answer(status(503))
  expect(await webhook(['test', id])).toMatchObject({ code: 1, out: 'not taken: 503\n' })
  expect(await json('log', id)).toMatchObject([
    { type: 'Test', state: 'failed', answer: '503' },
    { type: 'Test', state: 'sent', answer: '200' },
  ])
  expect(await json('remove', id)).toEqual({ id, removed: true })
  const gone = await webhook(['log', id])
  expect(gone).toMatchObject({ code: 1, err: `baton: there is no webhook ${id}\n` })
})

test('what is wrong is said in a line', { timeout: 60_000 }, async () => {
  const strict = await webhook(['add', 'https://127.0.0.1/'], { BATON_WEBHOOKS_PRIVATE: '' })
  expect(strict.code).toBe(1)
  expect(strict.err).toMatch(/^baton: The address is in a private network: .*\n$/)
  const events = await webhook(['add', 'https://hooks.example/', '--events', 'Exploded'])
  expect(events.code).toBe(1)
  expect(events.err).toContain('Exploded')
})
