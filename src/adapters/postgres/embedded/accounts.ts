import * as fs from 'node:fs'
import { dirname, join } from 'node:path'

/** Whom PostgreSQL runs as where Baton is started as root, which PostgreSQL itself refuses. */
export type Account = { readonly uid: number; readonly gid: number }

const nobody: Account = { uid: 65_534, gid: 65_534 }

/** Whoever owns the cluster; one that was copied by root is given to nobody. */
export function ownerOf(cluster: string): Account {
  const stat = fs.statSync(cluster, { throwIfNoEntry: false })
  if (stat && stat.uid !== 0) return { uid: stat.uid, gid: stat.gid }
  if (stat) {
    for (const path of fs.readdirSync(cluster, { recursive: true, encoding: 'utf8' }))
      fs.lchownSync(join(cluster, path), nobody.uid, nobody.gid)
    own(cluster, nobody)
  }
  return nobody
}

/** May this account go through every folder on the way, and into the last one? */
export function canReach(path: string, { uid, gid }: Account): boolean {
  const stat = fs.statSync(path)
  const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
  const open = (stat.mode & bit) !== 0
  return open && (dirname(path) === path || canReach(dirname(path), { uid, gid }))
}

/** The first of these folders that can be made, is ours and can't be changed by anyone else. */
export function ownFolder(...candidates: string[]): string {
  for (const folder of candidates) {
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o711 })
      const stat = fs.lstatSync(folder)
      if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0)
        return folder
    } catch {}
  }
  throw new Error(
    `PostgreSQL does not run as root, and no folder was found for its own account (tried ${candidates.join(', ')}). Start Baton as an ordinary user, or set DATABASE_URL to a PostgreSQL 14 or newer.`,
  )
}

/** Gives a path to the account, where there is one. */
export function own(path: string, account: Account | undefined) {
  if (account) fs.chownSync(path, account.uid, account.gid)
}
