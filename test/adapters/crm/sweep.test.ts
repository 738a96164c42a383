import { afterEach, expect, test } from 'vitest'
import { createHubspot } from '../../../src/adapters/crm/hubspot/hubspot.ts'
import { readCrmMapping } from '../../../src/adapters/crm/mapping.ts'
import { type CrmSweep, sweepCrms } from '../../../src/adapters/crm/sweep.ts'
import { eventually } from '../../support/baton.ts'
import { fixedNow } from '../../support/builders.ts'

const crm = createHubspot({ accessToken: 'token', mapping: readCrmMapping().hubspot.contact })
const anHour = 3_600_000
let sweep: CrmSweep
afterEach(() => sweep.stop())

function sweeping(everyMs: number) {
  const did: string[] = []
  const desk = { due: false, now: fixedNow }
  sweep = sweepCrms({
    crms: [crm],
    anythingDue: async () => {
      did.push('look')
      return desk.due
    },
    takeIn: async () => {
      did.push('read')
      return { read: 0, refused: [] }
    },
    writeBack: async () => {
      did.push('write')
      return { kind: 'nothing' }
    },
    everyMs,
    now: () => desk.now,
    log: { info: () => {}, warn: () => {} },
  })
  return { did, desk }
}

test('where nothing is due, a look is one question', async () => {
  const { did } = sweeping(1)
  await eventually(() => did.length > 5 || undefined)
  expect(new Set(did)).toEqual(new Set(['look']))
})

test('a nudge has it look at once', async () => {
  const { did, desk } = sweeping(anHour)
  await eventually(() => did.length === 1 || undefined)
  desk.due = true
  sweep.nudge()
  await eventually(() => did.includes('write') || undefined)
  expect(did).toEqual(['look', 'look', 'read', 'write'])
})

test('a nudge in the middle of a look has it look again', async () => {
  const { did } = sweeping(anHour)
  sweep.nudge()
  await eventually(() => did.length === 2 || undefined)
})
