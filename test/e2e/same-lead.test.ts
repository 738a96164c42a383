import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton()
})
afterAll(() => running.stop())

const handOver = (email: string, id: string, reason: string) =>
  running.api('POST', '/api/v1/handoffs', {
    lead: { email, name: 'Maria Verdi', crm: { system: 'hubspot', id } },
    reason,
    handedOffBy: people.ben.email,
  })

test('one person of the CRM who is handed over under two addresses at once is one lead', async () => {
  for (let round = 0; round < 8; round++) {
    const addresses = [`maria${round}@work.example`, `maria${round}@home.example`]
    const answers = await Promise.all(
      addresses.map((email, index) => handOver(email, `${round}`, `Reason ${index}`)),
    )
    // one is made; the other is news of it
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201])
    const [one, other] = answers.map(({ body }) => body)
    expect(one?.id).toBe(other?.id)
    // the address that came first stays, and what the second said is news on the same card
    const { body } = await running.api('GET', `/api/v1/handoffs/${one?.id}`)
    const { email } = Object(body.lead)
    const first = addresses.indexOf(email)
    expect([0, 1]).toContain(first)
    expect(body).toMatchObject({
      reason: `Reason ${first}`,
      news: { reason: `Reason ${1 - first}` },
    })
    const lead = await running.api('GET', `/api/v1/leads/${addresses[1 - first]}`)
    expect(lead.status).toBe(404)
    const text = await eventually(async () => {
      const card = await running.card(String(one?.id))
      const told = JSON.stringify(card.blocks)
      return told.includes(`Reason ${1 - first}`) ? told : undefined
    })
    expect(text).toContain(`Reason ${first}`)
  }
})
