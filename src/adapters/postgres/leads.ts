import { z } from 'zod'
import { lifecycleStages } from '../../domain/agreement.ts'
import type { Leads } from '../../use-cases/ports.ts'
import type { Database } from './client.ts'
import { leadRow } from './handoff-rows.ts'

const standingRow = z.object({
  lifecycleStage: z.enum(lifecycleStages),
  leadStatus: z.string().nullable(),
})

export function createLeads({ prisma }: Pick<Database, 'prisma'>): Leads {
  return {
    async byEmail(workspaceId, email) {
      const row = await prisma.lead.findUnique({
        where: { workspaceId_email: { workspaceId, email } },
      })
      if (row === null) return undefined
      const { lifecycleStage: stage, leadStatus: status } = standingRow.parse(row)
      return { lead: leadRow.parse(row), stage, status }
    },
  }
}
