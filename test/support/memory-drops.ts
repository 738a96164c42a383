import type { DroppedFile, Drops } from '../../src/use-cases/ports/dropped-files.ts'

const nothingYet = {
  ...{ rows: 0, doneRows: 0, created: 0, changed: 0, unchanged: 0, bad: 0 },
  ...{ handedOver: 0, handedBefore: 0 },
}

/** Files as they are dropped and chosen; `put` says how one stands, as working it off would. */
export function createMemoryDrops(): Drops & {
  all: Map<string, DroppedFile>
  put(change: Partial<DroppedFile> & { id: string }): void
} {
  const all = new Map<string, DroppedFile>()
  const put = (change: Partial<DroppedFile> & { id: string }): void => {
    const file = all.get(change.id)
    if (file !== undefined) all.set(change.id, { ...file, ...change })
  }
  return {
    all,
    put,
    async add(drop) {
      const known = [...all.values()].some(
        ({ fileId, badFileId }) => fileId === drop.fileId || badFileId === drop.fileId,
      )
      if (known) return
      all.set(drop.id, {
        ...drop,
        ...{ ts: null, state: 'dropped', name: null, columns: null, handOver: false },
        ...{ progress: nothingYet, fault: null, badFileId: null, tries: 0 },
      })
    },
    byId: async (_workspaceId, id) => all.get(id),
    async choose(_workspaceId, id, choice) {
      if (all.get(id)?.state !== 'offered') return false
      put({ id, ...choice })
      return true
    },
  }
}
