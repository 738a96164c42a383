import type { Agreement, Clocks, EscalationStep } from './agreement.ts'

/** What an agreement may say, and its authors may not have meant; `path` is where it says so. */
export interface AgreementWarning {
  path: string
  message: string
}

/** What is worth a second look in an agreement that holds; nothing of it makes it invalid. */
export const agreementWarnings = (agreement: Agreement): AgreementWarning[] => [
  ...endlessTurns(agreement),
  ...unlistedOwners(agreement),
]

/** Clocks that start anew with each owner, and a next owner at each end of them. */
function endlessTurns(agreement: Agreement): AgreementWarning[] {
  if (agreement.reassignment.clock !== 'restart') return []
  return laddersOf(agreement)
    .filter(({ steps }) => steps.some(({ to }) => to === 'next_owner'))
    .map(({ path }) => ({
      path,
      message:
        'a lead may go from owner to owner for ever: next_owner passes it on, and ' +
        'reassignment.clock: restart starts the clocks anew',
    }))
}

interface Ladder {
  path: string
  steps: readonly EscalationStep[]
}

const laddersOf = ({ escalation, clocks, lead_types }: Agreement): Ladder[] => [
  { path: 'escalation', steps: escalation },
  ...laddersOfClocks(clocks, 'clocks'),
  ...lead_types.flatMap((type, index) =>
    laddersOfClocks(type.clocks, `lead_types.${index}.clocks`),
  ),
]

const laddersOfClocks = (clocks: Partial<Clocks>, path: string): Ladder[] =>
  Object.entries(clocks).map(([name, clock]) => ({
    path: `${path}.${name}.escalation`,
    steps: clock.escalation ?? [],
  }))

/** Whoever is not among the people may have no role; where nobody is, a lead finds no owner. */
function unlistedOwners({ lead_types, people }: Agreement): AgreementWarning[] {
  if (people.length === 0) return []
  const listed = new Set(people.map(({ email }) => email))
  return lead_types.flatMap(({ owners }, index) => {
    if (owners === 'open') return []
    const named = 'fixed' in owners ? [owners.fixed] : owners.rotate
    if (named.some((email) => listed.has(email))) return []
    const message = `nobody of its owners is among the people: ${named.join(', ')}`
    return [{ path: `lead_types.${index}.owners`, message }]
  })
}
