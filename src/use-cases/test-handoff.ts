import type { Member } from '../domain/person.ts'
import {
  maySendTest,
  newTest,
  removalAfter,
  type TestAnswer,
  type TestHandoff,
} from '../domain/test-handoff.ts'
import type { World } from './ports/world.ts'

/** What trying Baton needs of the world. */
export type TestingWorld = Pick<
  World,
  'agreements' | 'members' | 'testHandoffs' | 'testMessenger' | 'now' | 'newId'
>

export type SendTestResult =
  | { kind: 'sent'; channel: string }
  | { kind: 'may-not' }
  /** The one before has not gone away yet. */
  | { kind: 'one-is-there' }
  /** Slack does not take it, by its own words. */
  | { kind: 'not-taken'; channel: string; error: string }

/**
 * Sends a handoff to try Baton with, to the channel of the first lead type. Refuses whoever neither
 * manages nor administers, and a second one while the first is there.
 */
export async function sendTest(
  world: TestingWorld,
  workspaceId: string,
  by: Member,
): Promise<SendTestResult> {
  const { agreements, testHandoffs, testMessenger, now, newId } = world
  const { agreement, version: agreementVersion } = await agreements.inForce(workspaceId)
  if (!maySendTest(agreement, by)) return { kind: 'may-not' }
  const id = newId('hof').replace(/^hof_/, 'hof_test')
  const test = newTest(agreement, { id, workspaceId, agreementVersion }, now())
  if (test === undefined) return { kind: 'may-not' }
  const { channel } = test
  if (!(await testHandoffs.add(test))) return { kind: 'one-is-there' }
  const said = await testMessenger.post(test)
  if (said.kind !== 'done') {
    // what Slack has not refused may stand there nevertheless: whoever removes it looks for it
    if (said.kind === 'never') await testHandoffs.remove(test)
    else await testHandoffs.end(test, now())
    return { kind: 'not-taken', channel, error: said.error }
  }
  const standing = await testHandoffs.posted(test, said)
  // somebody may have been faster than the answer of Slack
  if (standing?.answer) await testMessenger.redraw(standing)
  return { kind: 'sent', channel }
}

export type AnswerTestResult =
  | { kind: 'answered' }
  | { kind: 'outsider' }
  | { kind: 'gone' }
  | { kind: 'answered-before'; answer: TestAnswer }

/** Anyone of the workspace answers a test; exactly one does. Refuses outsiders. */
export async function answerTest(
  { testHandoffs, testMessenger, now }: TestingWorld,
  { workspaceId, id, by, kind }: { workspaceId: string; id: string; by: Member; kind: TestAnswer },
): Promise<AnswerTestResult> {
  if (by.external) return { kind: 'outsider' }
  const test = await testHandoffs.find(workspaceId, id)
  if (test === undefined) return { kind: 'gone' }
  const at = now()
  const answered = await testHandoffs.answer(
    test,
    { kind, byId: by.id, at },
    removalAfter(test, at),
  )
  if (answered === undefined) {
    const before = await testHandoffs.find(workspaceId, id)
    return before?.answer
      ? { kind: 'answered-before', answer: before.answer.kind }
      : { kind: 'gone' }
  }
  if (answered.place !== null) await testMessenger.redraw(answered)
  return { kind: 'answered' }
}

/** One process at a time removes one; whoever stops half-way leaves it to the next after that. */
const holdMs = 60_000

/**
 * Removes the tests whose time has come: first the card in Slack, then all that was kept. What Slack
 * can't do now is tried again; what it never will is forgotten, and `failed` hears of it.
 */
export async function removeTests(
  {
    testHandoffs,
    testMessenger,
    now,
    failed,
  }: Pick<TestingWorld, 'testHandoffs' | 'testMessenger' | 'now'> & {
    failed(about: { id: string; error: string }): void
  },
  workspaceId: string,
): Promise<void> {
  for (const test of await testHandoffs.takeDue(workspaceId, now(), holdMs)) {
    const said = await takenAway(test, testMessenger)
    if (said.kind === 'later' || said.kind === 'never') {
      failed({ id: test.id, error: said.error })
    }
    if (said.kind !== 'later') await testHandoffs.remove(test)
  }
}

async function takenAway(test: TestHandoff, messenger: World['testMessenger']) {
  if (test.place !== null) return messenger.delete(test.place)
  const found = await messenger.find(test)
  return found.kind === 'done' ? messenger.delete(found) : found
}
