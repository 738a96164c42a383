import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lifecycleStages } from '../../src/domain/agreement.ts'
import { mayMove, stageAfterReturn, stagesByDeal } from '../../src/domain/lifecycle.ts'
import { anAgreement } from '../support/builders.ts'

const agreement = anAgreement()
const anyStage = fc.constantFrom(...lifecycleStages)
/** Any lifecycle that leaves the shipped returns and deals possible. */
const anyAgreement = fc
  .record(
    Object.fromEntries(
      lifecycleStages.map((stage) => [stage, fc.subarray([...lifecycleStages])] as const),
    ),
    { requiredKeys: [] },
  )
  .map((lifecycle) => ({ ...agreement, lifecycle }))

describe('a lead may move', () => {
  test('where the agreement says so, and always stay', () => {
    expect(mayMove(agreement, 'mql', 'sql')).toBe(true)
    expect(mayMove(agreement, 'sql', 'opportunity')).toBe(true)
    expect(mayMove(agreement, 'subscriber', 'customer')).toBe(false)
    expect(mayMove(agreement, 'mql', 'opportunity')).toBe(false)
  })

  test('nowhere from a stage that the agreement does not list', () => {
    const none = { ...agreement, lifecycle: {} }
    fc.assert(
      fc.property(anyStage, anyStage, (from, to) => {
        expect(mayMove(none, from, to)).toBe(from === to)
      }),
    )
  })

  test('exactly along the listed moves, whatever is agreed', () => {
    fc.assert(
      fc.property(anyAgreement, anyStage, anyStage, (any, from, to) => {
        const listed = any.lifecycle[from]?.includes(to) ?? false
        expect(mayMove(any, from, to)).toBe(from === to || listed)
      }),
    )
  })
})

describe('the stage of a returned lead', () => {
  const returnedFrom = (
    cameFrom: 'customer' | 'mql' | null,
    wanted: 'mql' | 'lead' | 'subscriber',
    moves = agreement.lifecycle,
  ) =>
    stageAfterReturn(
      { ...agreement, lifecycle: moves },
      { lifecycleStage: 'sql', cameFrom },
      wanted,
    )

  test('is what the reason says', () => {
    expect(returnedFrom('mql', 'lead')).toBe('lead')
    expect(returnedFrom(null, 'mql')).toBe('mql')
  })

  test('of somebody who has bought before is a customer all the same', () => {
    expect(returnedFrom('customer', 'lead')).toBe('customer')
  })

  test('of a customer is what the reason says, where an SQL may not become one', () => {
    expect(returnedFrom('customer', 'mql', { sql: ['lead', 'mql', 'opportunity'] })).toBe('mql')
  })

  test('is the one before where the agreement allows no move', () => {
    expect(returnedFrom('mql', 'subscriber')).toBe('sql')
    expect(returnedFrom('customer', 'mql', {})).toBe('sql')
  })
})

describe('the stages that a deal leads a lead through', () => {
  const by = (
    status: 'accepted' | 'closed',
    from: 'sql' | 'mql' | 'customer',
    to: 'opportunity' | 'customer' | 'mql',
    terms = agreement,
  ) => stagesByDeal(terms, { status, lifecycleStage: from }, to)

  test('are one, where the agreement allows the move, and none where it does not', () => {
    expect(by('accepted', 'sql', 'opportunity')).toEqual(['opportunity'])
    expect(by('accepted', 'mql', 'opportunity')).toEqual([])
    expect(by('accepted', 'sql', 'customer', { ...agreement, lifecycle: {} })).toEqual([])
  })

  test('are none where it is there already', () => {
    expect(by('closed', 'mql', 'mql')).toEqual([])
  })

  test('of one that was lost by mistake go over the SQL that it was', () => {
    expect(by('closed', 'mql', 'opportunity')).toEqual(['sql', 'opportunity'])
    expect(by('closed', 'mql', 'customer')).toEqual(['sql', 'customer'])
    expect(by('closed', 'customer', 'mql')).toEqual(['mql'])
  })

  test('never go where the agreement does not let them', () => {
    const anyStatus = fc.constantFrom('accepted' as const, 'closed' as const)
    fc.assert(
      fc.property(anyAgreement, anyStatus, anyStage, anyStage, (any, status, from, to) => {
        const path = stagesByDeal(any, { status, lifecycleStage: from }, to)
        for (const [index, stage] of path.entries()) {
          expect(mayMove(any, path[index - 1] ?? from, stage)).toBe(true)
        }
        if (path.length > 0) expect(path.at(-1)).toBe(to)
      }),
    )
  })
})
