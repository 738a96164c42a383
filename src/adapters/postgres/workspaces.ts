import type { Database } from './client.ts'

/** The Slack workspaces that Baton has been started in. */
export function createWorkspaces({ prisma }: Pick<Database, 'prisma'>) {
  return {
    /** Their ids, in order. */
    async ids(): Promise<string[]> {
      const rows = await prisma.workspace.findMany({ select: { id: true }, orderBy: { id: 'asc' } })
      return rows.map(({ id }) => id)
    },

    /** Makes a workspace known, and goes by its present name. */
    async adopt({ id, name }: { id: string; name: string }): Promise<void> {
      await prisma.workspace.upsert({ where: { id }, create: { id, name }, update: { name } })
    },
  }
}
