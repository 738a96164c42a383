import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** The server's end of a WebSocket (RFC 6455), as far as tests need it: text, ping and close. */
export interface ServerSocket {
  send(text: string): void
  /** Says goodbye, as a server does that is to be restarted. */
  close(): void
  /** Cuts the line. */
  destroy(): void
}

const acceptKey = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

/** Answers an upgrade request, and hands each text on that comes in whole and in one frame. */
export function acceptSocket(
  request: IncomingMessage,
  stream: Duplex,
  on: { text(text: string): void; closed(): void },
): ServerSocket {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}${acceptKey}`)
    .digest('base64')
  stream.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'upgrade: websocket',
      'connection: upgrade',
      `sec-websocket-accept: ${accept}`,
      '\r\n',
    ].join('\r\n'),
  )
  let unread: Buffer = Buffer.alloc(0)
  stream.on('error', () => stream.destroy())
  stream.on('close', on.closed)
  stream.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk])
    for (let frame = readFrame(unread); frame !== undefined; frame = readFrame(unread)) {
      unread = unread.subarray(frame.size)
      const { opcode, payload } = frame
      if (opcode === opcodes.text) on.text(payload.toString())
      if (opcode === opcodes.ping) stream.write(frameOf(opcodes.pong, payload))
      if (opcode === opcodes.close) stream.end(frameOf(opcodes.close, payload))
    }
  })
  return {
    send: (text) => void stream.write(frameOf(opcodes.text, Buffer.from(text))),
    close: () => void stream.write(frameOf(opcodes.close, Buffer.from([0x03, 0xe8]))),
    destroy: () => void stream.destroy(),
  }
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), payload])
  const head = Buffer.alloc(length < 65_536 ? 4 : 10)
  head[0] = 0x80 | opcode
  head[1] = length < 65_536 ? 126 : 127
  if (length < 65_536) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}

/** The first frame of a client, which masks what it sends; undefined until all of it is there. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes.readUInt8(1) & 0x7f
  const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < maskAt + 4) return undefined
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  const size = maskAt + 4 + length
  if (bytes.length < size) return undefined
  const payload = bytes
    .subarray(maskAt + 4, size)
    .map((byte, index) => byte ^ bytes.readUInt8(maskAt + (index % 4)))
  return { opcode: bytes.readUInt8(0) & 0x0f, payload: Buffer.from(payload), size }
}
