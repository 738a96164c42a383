import type { TestAnswer, TestHandoff } from '../../domain/test-handoff.ts'
import type { Found, Said } from './delivery.ts'

/** Handoffs to try Baton with: at most one a workspace, apart from the real ones. */
export interface TestHandoffs {
  /** False where the workspace has one. */
  add(test: TestHandoff): Promise<boolean>
  find(workspaceId: string, id: string): Promise<TestHandoff | undefined>
  /** Its card stands in Slack; as it is by then, undefined where it is gone. */
  posted(
    test: TestHandoff,
    place: { channelId: string; ts: string },
  ): Promise<TestHandoff | undefined>
  /** The first answer counts: undefined where there is one, or it is gone. */
  answer(
    test: TestHandoff,
    answer: { kind: TestAnswer; byId: string; at: Date },
    removeAt: Date,
  ): Promise<TestHandoff | undefined>
  /** It is to go away at once. */
  end(test: TestHandoff, now: Date): Promise<void>
  /** Takes on the removal of those whose time has come, for so long. */
  takeDue(workspaceId: string, now: Date, ms: number): Promise<TestHandoff[]>
  remove(test: TestHandoff): Promise<void>
}

/** Shows the card of a test in Slack, and takes it away. */
export interface TestMessenger {
  post(test: TestHandoff): Promise<Said>
  redraw(test: TestHandoff): Promise<Said>
  /** Looks for the card where the answer of Slack was lost. */
  find(test: TestHandoff): Promise<Found>
  delete(place: { channelId: string; ts: string }): Promise<Said>
}
