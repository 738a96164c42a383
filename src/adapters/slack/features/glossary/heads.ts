import type { Agreement, Side } from '../../../../domain/agreement.ts'
import type { Member } from '../../../../domain/person.ts'
import { headsOf } from '../../../../domain/proposal.ts'
import type { Members } from '../../../../use-cases/ports/people.ts'

/** The heads of both sides, as the workspace knows them. */
export async function headsIn(
  agreement: Agreement,
  members: Pick<Members, 'byEmail'>,
  workspaceId: string,
): Promise<Record<Side, Member[]>> {
  const of = (side: Side) =>
    Promise.all(
      headsOf(side, agreement, agreement).map((email) => members.byEmail(workspaceId, email)),
    )
  const [sales, marketing] = await Promise.all([of('sales'), of('marketing')])
  return { sales, marketing }
}
