import { leadInputSchema } from '../domain/lead.ts'
import { acceptHandoff } from '../use-cases/accept-handoff.ts'
import type { Result } from '../use-cases/act.ts'
import { handOffLead } from '../use-cases/hand-off-lead.ts'
import { keepNews } from '../use-cases/keep-lead.ts'
import { logAttempt } from '../use-cases/log-attempt.ts'
import type { World } from '../use-cases/ports/world.ts'
import { recordActivities } from '../use-cases/record-activities.ts'
import type { Stage } from './story.ts'
import type { SampleHandoff } from './workspace.ts'

/** The sample people act: by the use-cases that Slack and the API call. */

/** Hands a sample lead over. */
export async function handOver(
  world: World,
  workspaceId: string,
  sample: SampleHandoff,
): Promise<Result> {
  return handOffLead(world, {
    workspaceId,
    lead: leadInputSchema.parse(sample.lead),
    reason: sample.reason,
    priority: sample.priority,
    owner: undefined,
    by: await world.members.byEmail(workspaceId, sample.handedOffBy),
    whatChanged: sample.whatChanged,
  })
}

/** The story's stage, on Baton. */
export function stageOn(world: World, workspaceId: string): Stage {
  /** The handoff of a lead that is open, and who acts on it. */
  const target = async (lead: string, by: string) => {
    const [open, member] = await Promise.all([
      world.handoffs.openOfLead(workspaceId, lead),
      world.members.byEmail(workspaceId, by),
    ])
    return open && { workspaceId, handoffId: open.id, by: member }
  }

  return {
    handOff: async (sample) => isDone(await handOver(world, workspaceId, sample)),

    async visit({ lead, activities }, nth) {
      const known = leadInputSchema.parse(lead)
      if (nth === 0) await keepNews(world, workspaceId, { ...known, lifecycleStage: 'mql' })
      const activity = activities[nth]
      if (activity === undefined) return false
      const key = `sandbox_${known.email}_${nth}`
      await recordActivities(world, workspaceId, [{ ...activity, email: known.email, key }])
      return true
    },

    async accept(lead, by) {
      const open = await target(lead, by)
      return open !== undefined && isDone(await acceptHandoff(world, open))
    },

    async call(lead, by) {
      const open = await target(lead, by)
      const made = {
        channel: 'call',
        outcome: 'connected',
        at: undefined,
        note: undefined,
      } as const
      return open !== undefined && isDone(await logAttempt(world, open, made))
    },

    rounds: async (lead) => (await world.handoffs.lastOfLead(workspaceId, lead))?.round ?? 0,
  }
}

const isDone = ({ kind }: Result): boolean => kind === 'done'
