import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { createSlackApp, type SlackApp } from '../../../src/adapters/slack/app.ts'
import { createWebClient } from '../../../src/adapters/slack/client.ts'
import { handOffLead } from '../../../src/use-cases/hand-off-lead.ts'
import { createMemoryWorld } from '../../support/memory-world.ts'
import { anna, benMember, workspaceId } from './features/workplace.ts'

/** The other end of Socket Mode: text frames below 64 KB, one after the other. */
interface Peer {
  url: string
  send(envelope: object): void
  /** What the app sent, in order. */
  received: Record<string, unknown>[]
  server: Server
}

function frame(opcode: number, payload: Buffer): Buffer {
  const short = payload.length < 126
  const head = Buffer.alloc(short ? 2 : 4)
  head[0] = 0x80 | opcode
  head[1] = short ? payload.length : 126
  if (!short) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

/** The frames in a chunk from a client, which masks what it sends. */
function* framesIn(chunk: Buffer): Generator<{ opcode: number; payload: Buffer }> {
  let at = 0
  while (at + 6 <= chunk.length) {
    const opcode = (chunk[at] ?? 0) & 0x0f
    const short = (chunk[at + 1] ?? 0) & 0x7f
    const length = short === 126 ? chunk.readUInt16BE(at + 2) : short
    const maskAt = at + (short === 126 ? 4 : 2)
    const mask = chunk.subarray(maskAt, maskAt + 4)
    const end = maskAt + 4 + length
    const payload = chunk.subarray(maskAt + 4, end).map((byte, i) => byte ^ (mask[i % 4] ?? 0))
    yield { opcode, payload: Buffer.from(payload) }
    at = end
  }
}

async function startPeer(): Promise<Peer> {
  const received: Record<string, unknown>[] = []
  const sockets: Socket[] = []
  let url = ''
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, url: url.replace('http', 'ws') }))
  })
  server.on('upgrade', (request, socket: Socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
        `sec-websocket-accept: ${accept}\r\n\r\n`,
    )
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const { opcode, payload } of framesIn(chunk)) {
        if (opcode === 1) received.push(JSON.parse(payload.toString()))
        if (opcode === 9) socket.write(frame(10, payload))
        if (opcode === 8) socket.end(frame(8, payload))
      }
    })
    socket.write(frame(1, Buffer.from(JSON.stringify({ type: 'hello' }))))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/`
  return {
    url,
    received,
    server,
    send: (envelope) => {
      for (const socket of sockets) socket.write(frame(1, Buffer.from(JSON.stringify(envelope))))
    },
  }
}

let peer: Peer
let app: SlackApp

afterEach(async () => {
  await app.stop()
  peer.server.closeAllConnections()
  peer.server.close()
})

test('over a socket a click is committed, then acknowledged, and another team is refused', async () => {
  peer = await startPeer()
  const world = createMemoryWorld({ members: [anna, benMember] })
  const result = await handOffLead(world, {
    workspaceId,
    lead: { email: 'maria@officineverdi.example', name: 'Maria Verdi' },
    reason: 'Asked for a quote',
    priority: 'hot',
    owner: undefined,
    by: benMember,
    whatChanged: undefined,
  })
  if (result.kind !== 'done') throw new Error(result.kind)
  const { id } = result.handoff
  app = createSlackApp({
    mode: { kind: 'socket', appToken: 'xapp-test' },
    botToken: 'xoxb-test',
    client: createWebClient({ token: 'xoxb-test', apiUrl: peer.url }),
    world,
    workspaceId,
    log: pino({ level: 'silent' }),
    refreshCard: async () => {},
  })
  expect(app.requestListener).toBeNull()
  await app.start()

  const click = (team: string, envelope: string) => ({
    type: 'interactive',
    envelope_id: envelope,
    accepts_response_payload: true,
    payload: {
      type: 'block_actions',
      team: { id: team },
      user: { id: 'U0ANNA', name: 'anna' },
      actions: [{ type: 'button', action_id: 'handoff.accept', block_id: 'b', value: id }],
    },
  })
  peer.send(click('T0OTHER', 'e1'))
  await expect.poll(() => peer.received.map((message) => message.envelope_id)).toEqual(['e1'])
  expect((await world.handoffs.byId(workspaceId, id))?.status).toBe('offered')

  peer.send(click(workspaceId, 'e2'))
  await expect.poll(() => peer.received.map((message) => message.envelope_id)).toContain('e2')
  expect((await world.handoffs.byId(workspaceId, id))?.status).toBe('accepted')
})
