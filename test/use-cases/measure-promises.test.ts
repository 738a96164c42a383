import { describe, expect, test } from 'vitest'
import type { AgreedPromise, Agreement } from '../../src/domain/agreement.ts'
import type { PromiseFacts } from '../../src/domain/promises.ts'
import { measurePromises } from '../../src/use-cases/measure-promises.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { anAgreement, fixedNow, minutesAfter } from '../support/builders.ts'

const period = { from: fixedNow, to: minutesAfter(7 * 24 * 60) }
const data = (fields: string[]): AgreedPromise => ({ measure: 'handoff_data', fields, share: 0.9 })
const accepts: AgreedPromise = { measure: 'clock', clock: 'accept', share: 0.95 }

const promising = (marketing: AgreedPromise[], sales: AgreedPromise[] = []): Agreement => ({
  ...anAgreement(),
  promises: { marketing, sales },
})

/** The last of the versions is in force. */
function aWorld(versions: Agreement[], facts: Partial<PromiseFacts>) {
  const asked: number[] = []
  const world: Pick<World, 'agreements' | 'promiseRecords'> = {
    agreements: {
      inForce: async () => ({
        version: versions.length,
        agreement: versions.at(-1) ?? anAgreement(),
        inForceFrom: fixedNow,
      }),
      async version(_, version) {
        asked.push(version)
        return versions[version - 1] ?? anAgreement()
      },
    },
    promiseRecords: {
      factsOf: async (_, { from, to }) => ({ from, to, handoffs: [], deadlines: [], ...facts }),
    },
  }
  return { world, asked }
}

describe('measuring the promises', () => {
  test('goes through those of the agreement in force, by side', async () => {
    const { world } = aWorld([promising([data(['phone'])], [accepts])], {
      handoffs: [{ version: 1, missing: ['phone'], count: 1 }],
      deadlines: [{ version: 1, kind: 'accept', inTime: true, count: 3 }],
    })
    expect(await measurePromises(world, 'ws_1', period)).toMatchObject([
      { side: 'marketing', promise: { measure: 'handoff_data' }, figures: { kept: 0, of: 1 } },
      { side: 'sales', promise: { clock: 'accept' }, figures: { kept: 3, of: 3, days: 7 } },
    ])
  })

  test('a new version changes no figure of handoffs that were made under an older one', async () => {
    const handoffs = [
      { version: 1, missing: ['title'], count: 4 },
      { version: 2, missing: null, count: 10 },
    ]
    const old = promising([data(['phone'])])
    const without = promising([accepts])
    const stricter = promising([data(['phone', 'title', 'company.name'])])
    const { world, asked } = aWorld([old, without, stricter], { handoffs })
    expect(await measurePromises(world, 'ws_1', period)).toMatchObject([
      { figures: { kept: 4, of: 4 } },
    ])
    expect(asked.sort()).toEqual([1, 2])
  })

  test('looks nothing up where nothing is promised', async () => {
    const { world } = aWorld([anAgreement()], {})
    world.promiseRecords.factsOf = () => Promise.reject(new Error('asked'))
    expect(await measurePromises(world, 'ws_1', period)).toEqual([])
  })
})
