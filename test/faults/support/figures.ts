import type { TestContext } from 'vitest'

/**
 * What a fault test came to. `npm test` goes a few rounds of each; FAULTS=full goes all of them, and
 * FAULTS_SEED repeats what a failure printed.
 */
export interface Figures {
  /** What was done to Baton, in a few words. */
  fault: string
  rounds: number
  faults: number
  lost: number
  doubled: number
  early: number
  /** How late the latest timer was, in milliseconds; null where none was at stake. */
  worstLateMs: number | null
}

declare module 'vitest' {
  interface TaskMeta {
    faults?: Figures & { row: number }
  }
}

/** Whether all of the rounds are wanted. */
export const isFull = process.env.FAULTS === 'full'

/** How many of something: a few in every run, all of them where the full figures are wanted. */
export const many = (few: number, all: number): number => (isFull ? all : few)

/** How long such a test may take: the full figures have an hour and a half. */
export const timeoutMs = isFull ? 90 * 60_000 : 120_000

/** The seed of this run; a failure prints it with the name of the test. */
export const seed: number = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)

/** Notes the figures of a row down, for the table at the end. */
export function report(
  { task }: Pick<TestContext, 'task'>,
  row: number,
  figures: Partial<Figures> & Pick<Figures, 'fault' | 'rounds' | 'faults'>,
): void {
  const none = { lost: 0, doubled: 0, early: 0, worstLateMs: null }
  task.meta.faults = { ...none, ...figures, row }
}

/** Numbers between 0 and 1, the same ones for the same seed (mulberry32). */
export function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
