import type { Agreement } from '../domain/agreement.ts'
import type { Member } from '../domain/person.ts'
import type { ProposalRefusal } from '../domain/proposal.ts'
import {
  agreementAfter,
  beginSetUp,
  completeSetUp,
  isAskedToSetUp,
  type SetUpAnswers,
  type SetUpFault,
  setUpSections,
  wayToSetUp,
} from '../domain/set-up.ts'
import type { World } from './ports/world.ts'
import { proposeAgreement } from './propose-agreement.ts'

export type SetUpResult =
  /** It counts from now on. */
  | { kind: 'in-force'; version: number; agreement: Agreement }
  /** Both heads sign it first. */
  | { kind: 'proposed' }
  | { kind: 'only-admins' }
  | { kind: 'fault'; fault: SetUpFault }
  | { kind: 'refused'; refusal: ProposalRefusal }

export interface SetUpRequest {
  workspaceId: string
  answers: SetUpAnswers
  /** The version that the form was filled in with. */
  base: number | undefined
  by: Member
  /** The same form twice is one change. */
  id: string
}

/**
 * Sets Baton up: channels, people, zone and hours become the next version of the agreement, at once
 * while it names nobody, by both signatures afterwards. Refuses who may not, and answers that can't
 * be meant.
 */
export async function setUp(world: World, request: SetUpRequest): Promise<SetUpResult> {
  const { workspaceId, answers, by } = request
  const [newest, inForce] = await Promise.all([
    world.proposals.newest(workspaceId),
    world.agreements.inForce(workspaceId),
  ])
  const way = wayToSetUp(inForce.agreement, by)
  if (way === 'only-admins') return { kind: way }
  if (way === 'may-not-propose') return { kind: 'refused', refusal: { code: way } }
  const after = agreementAfter(
    newest.agreement,
    answers,
    await shownOf(world, workspaceId, newest.agreement),
  )
  if (!after.ok) return { kind: 'fault', fault: after.fault }
  // JSON is YAML
  const text = JSON.stringify(setUpSections(after.agreement))
  return way === 'at-once' ? takeEffect(world, request, text) : propose(world, request, text)
}

/** The addresses of those whom a form can show: Slack knows them. */
async function shownOf(
  { members }: Pick<World, 'members'>,
  workspaceId: string,
  { people }: Agreement,
): Promise<Set<string>> {
  const records = await members.roleRecords(
    workspaceId,
    people.map(({ email }) => email),
  )
  const seen = records.filter(({ member }) => member.slackId !== null)
  return new Set(seen.flatMap(({ member: { email } }) => email?.toLowerCase() ?? []))
}

async function propose(
  world: World,
  { workspaceId, base, by, id }: SetUpRequest,
  text: string,
): Promise<SetUpResult> {
  const proposing = { workspaceId, text, file: 'form', from: undefined, base, by, id }
  const result = await proposeAgreement(world, proposing)
  if (result.kind === 'refused') return result
  await world.setUps.done(workspaceId, world.now())
  return { kind: 'proposed' }
}

async function takeEffect(
  world: World,
  { workspaceId, base, by, id }: SetUpRequest,
  text: string,
): Promise<SetUpResult> {
  const { proposals, setUps, now } = world
  const draft = await proposals.draft(workspaceId, text, 'form')
  const { version, agreement: before } = draft.base
  const proposing = {
    ...{ id, workspaceId, agreement: draft.agreement, from: undefined, by },
    base: { version: base ?? version, agreement: before },
  }
  const begun = await proposals.add(draft, workspaceId, (context) =>
    beginSetUp(proposing, { ...context, now: now() }),
  )
  // who confirms what is there already has set it up nevertheless
  if (!begun.ok && begun.refusal.code === 'no-changes') {
    await setUps.done(workspaceId, now())
    return { kind: 'in-force', version, agreement: before }
  }
  const decided = begun.ok
    ? await proposals.change(workspaceId, id, (proposal, context) =>
        completeSetUp(proposal, { ...context, now: now() }),
      )
    : begun
  if (decided === undefined) throw new Error(`the proposal ${id} is not there any more`)
  if (!decided.ok) return { kind: 'refused', refusal: decided.refusal }
  await setUps.done(workspaceId, now())
  world.board.redraw()
  const { proposal } = decided
  return { kind: 'in-force', version: proposal.version ?? version, agreement: proposal.agreement }
}

/**
 * Greets whoever administers the workspace and is the first of them to open Baton's home, once in
 * the life of a workspace, while nobody has set Baton up.
 */
export async function greetInstaller(
  world: Pick<World, 'agreements' | 'setUps' | 'setUpMessenger' | 'now'>,
  workspaceId: string,
  { slackId, locale, ...member }: Member,
): Promise<void> {
  const { agreements, setUps, setUpMessenger, now } = world
  const [{ agreement }, setUpAt] = await Promise.all([
    agreements.inForce(workspaceId),
    setUps.setUpAt(workspaceId),
  ])
  if (slackId === null || !isAskedToSetUp(agreement, setUpAt, member)) return
  if (!(await setUps.greet(workspaceId, slackId, now()))) return
  if (!(await setUpMessenger.greet(slackId, locale))) await setUps.notGreeted(workspaceId)
}

/** The channels of an agreement, each once. */
export const channelsOf = ({ lead_types: types, managers_channel: managers }: Agreement) => [
  ...new Set([...types.map(({ channel }) => channel), managers]),
]
