import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createScorer, type RunningScorer } from '../../src/adapters/scorer.ts'
import type { ScoringRound } from '../../src/use-cases/score-leads.ts'
import { eventually } from '../support/baton.ts'

const nothing: ScoringRound = { taken: 0, handedOver: 0, refused: [] }
const limit = 10
const never = 24 * 3_600_000

let scorer: RunningScorer | undefined
afterEach(() => scorer?.stop())

interface Pending {
  resolve: (round: ScoringRound) => void
  reject: (error: Error) => void
}

/** A scorer whose rounds begin when it says so, and end when the test says so. */
function aScorer(sweepEveryMs = never) {
  const rounds: Pending[] = []
  const told: unknown[] = []
  let atOnce = 0
  let mostAtOnce = 0
  const log = {
    info: (facts: unknown) => void told.push(facts),
    warn: (facts: unknown) => void told.push(facts),
  }
  scorer = createScorer({
    async score() {
      atOnce += 1
      mostAtOnce = Math.max(mostAtOnce, atOnce)
      try {
        return await new Promise<ScoringRound>((resolve, reject) => {
          rounds.push({ resolve, reject })
        })
      } finally {
        atOnce -= 1
      }
    },
    limit,
    log,
    sweepEveryMs,
  })
  return {
    scorer,
    rounds,
    told,
    mostAtOnce: () => mostAtOnce,
    /** Waits for the round of that number, from 1, and ends it. */
    async end(number: number, result: Partial<ScoringRound> | Error = {}) {
      await began(number)
      const round = rounds[number - 1]
      if (result instanceof Error) round?.reject(result)
      else round?.resolve({ ...nothing, ...result })
    },
    began,
  }
  function began(number: number) {
    return eventually(() => rounds.length === number || undefined)
  }
}

describe('the scorer', () => {
  test('does nothing until it works', async () => {
    const { scorer, rounds, end } = aScorer()
    scorer.due()
    await turn()
    expect(rounds).toHaveLength(0)
    scorer.work()
    await end(1)
    expect(rounds).toHaveLength(1)
  })

  test('takes a burst for one', async () => {
    const { scorer, end, rounds } = aScorer()
    scorer.work()
    for (let n = 0; n < 100; n++) scorer.due()
    await end(1)
    for (let n = 0; n < 100; n++) scorer.due()
    await end(2)
    await turn()
    expect(rounds).toHaveLength(2)
  })

  test('never looks twice at once, and once more for what came meanwhile', async () => {
    const { scorer, end, began, mostAtOnce } = aScorer(10)
    scorer.work()
    await began(1)
    // sweeps and whoever tells it come while the first round is under way
    for (const number of [1, 2, 3]) {
      scorer.due()
      await end(number)
    }
    await began(4)
    expect(mostAtOnce()).toBe(1)
    await end(4)
  })

  test('goes on at once after a full batch', async () => {
    const { scorer, end, rounds } = aScorer()
    scorer.work()
    await end(1, { taken: limit })
    await end(2, { taken: limit })
    await end(3, { taken: limit - 1 })
    await turn()
    expect(rounds).toHaveLength(3)
  })

  test('tries again after a round that failed', async () => {
    const { scorer, end, told } = aScorer(10)
    scorer.work()
    await end(1, new Error('away'))
    await end(2, { taken: 1, handedOver: 1 })
    await eventually(() => told.length === 2 || undefined)
    expect(told).toEqual([{ err: new Error('away') }, { handedOver: 1 }])
  })

  test('tells who crossed the threshold and stays, by ids', async () => {
    const { scorer, end, told } = aScorer()
    const refused = [{ leadId: 'lead_1', code: 'unknown-lead-type' }]
    scorer.work()
    await end(1, { taken: 1, refused })
    await eventually(() => told.length === 1 || undefined)
    expect(told).toEqual([{ refused }])
  })

  test('that is stopped waits for the round under way, and begins no other', async () => {
    const { scorer, rounds, began, end } = aScorer(10)
    scorer.work()
    await began(1)
    let stopped = false
    const stopping = scorer.stop().then(() => {
      stopped = true
    })
    scorer.due()
    expect(stopped).toBe(false)
    await end(1, { taken: limit })
    await stopping
    expect(rounds).toHaveLength(1)
  })

  test('that is stopped does not wait for ever', async () => {
    const { scorer, rounds, began } = aScorer()
    scorer.work()
    await began(1)
    await scorer.stop()
    expect(rounds).toHaveLength(1)
  })
})
