import { z } from 'zod'

/**
 * A length of time as the agreement writes it: `20s`, `15m`, `4h` are exact; `2d` is two
 * working days, counted as people count them (see business-time.ts).
 */
export type Duration = { unit: 'exact'; ms: number } | { unit: 'days'; days: number }

const msPerUnit = { s: 1_000, m: 60_000, h: 3_600_000 } as const

const unitSchema = z.enum(['s', 'm', 'h', 'd'])

const expectedDuration = 'expects a duration such as 20s, 15m, 4h or 2d'

export const durationSchema = z
  .string(expectedDuration)
  .regex(/^\d{1,6}[smhd]$/, expectedDuration)
  .transform((text): Duration => {
    const amount = Number(text.slice(0, -1))
    const unit = unitSchema.parse(text.slice(-1))
    return unit === 'd'
      ? { unit: 'days', days: amount }
      : { unit: 'exact', ms: amount * msPerUnit[unit] }
  })

/** Time allowed: counted inside the calendar's spans, or on the wall clock (a day is 24 hours). */
export type Allowance = { clock: 'working' | 'wall'; duration: Duration }

const expectedAllowance = 'expects { working: <duration> } or { wall: <duration> }'

export const allowanceSchema = z
  .strictObject(
    { working: durationSchema.optional(), wall: durationSchema.optional() },
    expectedAllowance,
  )
  .transform(({ working, wall }, context): Allowance => {
    if (working !== undefined && wall === undefined) return { clock: 'working', duration: working }
    if (wall !== undefined && working === undefined) return { clock: 'wall', duration: wall }
    context.addIssue({ code: 'custom', message: expectedAllowance })
    return z.NEVER
  })

/** The duration of an allowance in the agreement's own letters, in the largest unit that fits. */
export const formatAllowance = ({ duration }: Allowance): string => formatDuration(duration)

/** A duration in the agreement's own letters, in the largest unit that fits. */
export function formatDuration(duration: Duration): string {
  if (duration.unit === 'days') return `${duration.days}d`
  const { ms } = duration
  if (ms > 0 && ms % msPerUnit.h === 0) return `${ms / msPerUnit.h}h`
  return ms % msPerUnit.m === 0 ? `${ms / msPerUnit.m}m` : `${ms / msPerUnit.s}s`
}
