import { createServer } from 'node:http'
import { pino } from 'pino'
import { createSlackApp, type SlackApp } from '../../../../src/adapters/slack/app.ts'
import { createWebClient } from '../../../../src/adapters/slack/client.ts'
import type { Agreement } from '../../../../src/domain/agreement.ts'
import type { Term } from '../../../../src/domain/glossary.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import type { Member } from '../../../../src/domain/person.ts'
import { acceptHandoff } from '../../../../src/use-cases/accept-handoff.ts'
import { handOffLead } from '../../../../src/use-cases/hand-off-lead.ts'
import type { World } from '../../../../src/use-cases/ports/world.ts'
import { aMember, ben, sara } from '../../../support/builders.ts'
import { type FakeMessage, type FakeSlack, startFakeSlack } from '../../../support/fake-slack.ts'
import { createMemoryWorld, type MemoryWorld } from '../../../support/memory-world.ts'

export const anna = aMember()
export const luca = aMember({
  id: 'per_luca',
  slackId: 'U0LUCA',
  email: 'luca@acme.example',
  name: 'Luca Bianchi',
  locale: 'it',
})
export const benMember = aMember(ben)
export const saraMember = aMember(sara)
export const mario = aMember({
  id: 'per_mario',
  slackId: 'U0MARIO',
  email: 'mario@acme.example',
  name: 'Mario Neri',
})
const members: Member[] = [anna, luca, benMember, saraMember, mario]

export const workspaceId = 'T0TEST'

/** Slack on loopback, the Slack app behind its listener, and the world in memory. */
export interface Workplace {
  slack: FakeSlack
  app: SlackApp
  world: MemoryWorld
  /** Handoffs whose card was asked to be drawn again. */
  refreshed: string[]
  /** What was logged, one line of JSON each. */
  logged: string[]
  /** A lead that Ben handed over, and a card of it with its buttons. */
  offer(): Promise<{ handoff: Handoff; card: FakeMessage }>
  /** The same, accepted by Anna. */
  offerAccepted(): Promise<{ handoff: Handoff; card: FakeMessage }>
  handoff(id: string): Promise<Handoff>
  stop(): Promise<void>
}

export async function startWorkplace(
  options: {
    agreement?: Agreement
    terms?: Term[]
    /** Changes the world that the app sees. */
    through?: (world: MemoryWorld) => World
  } = {},
): Promise<Workplace> {
  const slack = await startFakeSlack({
    users: members.map(({ slackId, name }) => ({ id: slackId ?? '', name })),
    channels: [{ id: 'C0SQL', name: 'sql-handoffs' }],
  })
  const world = createMemoryWorld({
    members,
    ...(options.agreement && { agreement: options.agreement }),
    ...(options.terms && { terms: options.terms }),
  })
  const refreshed: string[] = []
  const logged: string[] = []
  const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl })
  const app = createSlackApp({
    mode: { kind: 'http', signingSecret: slack.signingSecret },
    botToken: slack.botToken,
    client,
    world: options.through?.(world) ?? world,
    workspaceId,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    refreshCard: async (_workspaceId, handoffId) => void refreshed.push(handoffId),
  })
  const listener = app.requestListener
  if (listener === null) throw new Error('no listener')
  const server = createServer(listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  slack.sendTo(`http://127.0.0.1:${port}/slack/events`)

  const handoffOf = async (id: string) => {
    const handoff = await world.handoffs.byId(workspaceId, id)
    if (handoff === undefined) throw new Error(`no handoff ${id}`)
    return handoff
  }

  async function offer() {
    const result = await handOffLead(world, {
      workspaceId,
      lead: { email: 'maria@officineverdi.example', name: 'Maria Verdi' },
      reason: 'Asked for a quote for two presses',
      priority: 'hot',
      owner: undefined,
      by: benMember,
      whatChanged: undefined,
    })
    if (result.kind !== 'done') throw new Error(result.kind)
    const { handoff } = result
    const { ts } = await client.chat.postMessage({
      channel: 'C0SQL',
      text: handoff.lead.name,
      blocks: [
        {
          type: 'actions',
          elements: ['handoff.accept', 'handoff.return', 'handoff.attempt'].map((id) => ({
            type: 'button',
            action_id: id,
            value: handoff.id,
            text: { type: 'plain_text', text: id },
          })),
        },
      ],
    })
    const card = slack.messages('C0SQL').find((message) => message.ts === ts)
    if (card === undefined) throw new Error('no card')
    return { handoff, card }
  }

  return {
    slack,
    app,
    world,
    refreshed,
    logged,
    offer,
    async offerAccepted() {
      const { handoff, card } = await offer()
      await acceptHandoff(world, { workspaceId, handoffId: handoff.id, by: anna })
      return { handoff: await handoffOf(handoff.id), card }
    },
    handoff: handoffOf,
    async stop() {
      await app.stop()
      await slack.stop()
      await new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      })
    },
  }
}
