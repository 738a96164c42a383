import type { Leads } from '../../use-cases/ports.ts'
import type { Database } from './client.ts'
import { leadRow } from './handoff-rows.ts'

export function createLeads({ prisma }: Pick<Database, 'prisma'>): Leads {
  return {
    async byEmail(workspaceId, email) {
      const row = await prisma.lead.findUnique({
        where: { workspaceId_email: { workspaceId, email } },
      })
      return row === null ? undefined : leadRow.parse(row)
    },
  }
}
