// The embedded database: a real PostgreSQL out of npm packages, started by hand because the ways in
// which that can fail need answers of their own (see the comments at each).
//
// Any number of processes may use one data folder at once (the service, and a command beside it).
// Each holds a shared advisory lock for as long as it lives; whoever leaves as the last one stops
// the server. So a process that died is not missed, and its server is simply taken over.
//
// This file is the order of it; each step is a file of the folder beside it.

import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { urlOf, user } from './embedded/address.ts'
import { findBinaries } from './embedded/binaries.ts'
import { findCluster, initialise, isMade, readPassword } from './embedded/cluster.ts'
import { elsewhere, type Log } from './embedded/platform.ts'
import { runningServer } from './embedded/postmaster.ts'
import { enter } from './embedded/presence.ts'
import { launch, startsWithin, stopServer } from './embedded/server.ts'

export type EmbeddedPostgres = {
  /** For `pg` and for Prisma's adapter alike. Holds a password. */
  readonly url: string
  /** Leaves, and stops the server where nobody else uses it: within 4 s in order, else at once. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, made at the first start, or joins the one that runs
 * there already. Started as root it runs under an unprivileged account, and keeps its data in a
 * folder that this account can reach (said once in the log where that is not below `dataDir`).
 * Refuses, with what to do, where this platform has no binaries or the server does not start.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string
  log: Log
}): Promise<EmbeddedPostgres> {
  const { log } = options
  const { cluster, account } = findCluster(resolve(options.dataDir), log)
  const native = findBinaries(dirname(cluster), account, log)
  const run = { native, account, log }

  if (!isMade(cluster)) await initialise(cluster, run)
  const password = readPassword(cluster)

  const deadline = performance.now() + startsWithin
  let failures = 0
  for (;;) {
    const running = runningServer(cluster)
    if (running) {
      const url = (database: string) => urlOf(running, password, database)
      const revive = async () => {
        if (!runningServer(cluster)) await launch(cluster, run, running)
      }
      const presence = await enter(url('postgres'), revive)
      if (presence) {
        const stop = async () => {
          if ((await presence.leave()) === 'last') await stopServer(cluster, run)
        }
        return { url: url(user), stop }
      }
    } else {
      const lastWords = await launch(cluster, run)
      // Another process may be starting it too, or the last one is still on its way out.
      const taken = lastWords === undefined || /lock file|shared memory/.test(lastWords)
      if (!taken && ++failures > 2)
        throw new Error(`The embedded PostgreSQL does not start: ${lastWords} ${elsewhere}`)
    }
    if (performance.now() > deadline)
      throw new Error(
        `The embedded PostgreSQL in ${cluster} does not answer. Look at its log with LOG_LEVEL=debug. ${elsewhere}`,
      )
    await pause(20)
  }
}
