import { createServer } from 'node:net'

const portsTried = 20

/** The wanted port where it is free, one of the next ones, or any; says so where it is another. */
export async function freePort(
  wanted: number,
  host: string,
  log: { info(message: string): void },
): Promise<number> {
  const near = Array.from({ length: portsTried }, (_, step) => wanted + step)
  for (const port of [...near.filter((one) => one < 65_536), 0]) {
    const free = await tryPort(port, host)
    if (free === undefined) continue
    if (free !== wanted && wanted !== 0) log.info(`port ${wanted} is taken, using ${free}`)
    return free
  }
  throw new Error(`No free port on ${host}`)
}

function tryPort(port: number, host: string): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(undefined))
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() =>
        done(address !== null && typeof address === 'object' ? address.port : port),
      )
    })
  })
}
