import { z } from 'zod'
import type { LeadExports } from '../../use-cases/ports/erasures.ts'
import type { Database } from './client.ts'

const record = z.record(z.string(), z.unknown())
const exportRow = z.object({
  lead: record,
  history: z.array(record),
  activities: z.array(record),
  handoffs: z.array(record),
  webhooks: z.array(record),
  crm: z.array(record),
})

const list = (what: string, rows: string): string =>
  `coalesce((select json_agg(${what}) ${rows}), '[]')`

/** The rows as they are kept, but for what only the machinery needs. */
const exportLead = `
  select to_jsonb(l) - 'workspace_id' - 'score_due_at' as lead,
    ${list(`to_jsonb(c) - 'workspace_id' order by c.id`, 'from lead_changes c where c.lead_id = l.id')}
      as history,
    ${list(`to_jsonb(a) - 'workspace_id' order by a.at, a.id`, 'from activities a where a.lead_id = l.id')}
      as activities,
    ${list(
      `to_jsonb(h) - 'workspace_id' || jsonb_build_object(
        'events', ${list(`to_jsonb(e) - 'workspace_id' order by e.id`, 'from events e where e.handoff_id = h.id')},
        'attempts', ${list(`to_jsonb(t) - 'workspace_id' order by t.number`, 'from attempts t where t.handoff_id = h.id')},
        'clocks', ${list(`to_jsonb(k) - 'workspace_id' - 'steps' - 'wake_at' order by k.kind`, 'from timers k where k.handoff_id = h.id')},
        'messages', ${list(
          `jsonb_build_object('kind', d.kind, 'content', d.content, 'state', d.state,
            'channel', d.channel_id, 'ts', d.ts, 'sent_at', d.sent_at) order by d.id`,
          'from deliveries d where d.handoff_id = h.id',
        )}) order by h.round`,
      'from handoffs h where h.lead_id = l.id',
    )} as handoffs,
    ${list(
      `jsonb_build_object('event', w.event_id::text, 'handoff', w.handoff, 'body', w.body,
        'state', w.state, 'sent_at', w.sent_at) order by w.id`,
      `from webhook_deliveries w join events e on e.id = w.event_id
       join handoffs h on h.id = e.handoff_id where h.lead_id = l.id`,
    )} as webhooks,
    ${list(
      `to_jsonb(c) - 'workspace_id' - 'held_until' order by c.system, c.contact_id`,
      'from crm_contacts c where c.workspace_id = l.workspace_id and c.lead_id = l.id',
    )} as crm
  from leads l where l.workspace_id = $1 and l.email = $2`

export function createLeadExports({ pool }: Pick<Database, 'pool'>): LeadExports {
  return {
    async ofLead(workspaceId, email) {
      const { rows } = await pool.query(exportLead, [workspaceId, email])
      return exportRow.optional().parse(rows[0])
    },
  }
}
