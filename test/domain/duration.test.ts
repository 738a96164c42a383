import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowanceSchema, durationSchema, formatAllowance } from '../../src/domain/duration.ts'

describe('a duration', () => {
  it('is exact in seconds, minutes and hours', () => {
    expect(durationSchema.parse('20s')).toEqual({ unit: 'exact', ms: 20_000 })
    expect(durationSchema.parse('15m')).toEqual({ unit: 'exact', ms: 900_000 })
    expect(durationSchema.parse('4h')).toEqual({ unit: 'exact', ms: 14_400_000 })
  })

  it('is a number of working days with d', () => {
    expect(durationSchema.parse('2d')).toEqual({ unit: 'days', days: 2 })
  })

  it.each(['', '4', 'h', '-4h', '1.5h', '4 h', '4H', '4w', '1234567s', 4, null, { h: 4 }])(
    'is not %j, and the message says what is',
    (value) => {
      const result = durationSchema.safeParse(value)
      expect(result.error?.issues[0]?.message).toBe('expects a duration such as 20s, 15m, 4h or 2d')
    },
  )
})

describe('an allowance', () => {
  it('says which clock counts', () => {
    expect(allowanceSchema.parse({ working: '4h' })).toMatchObject({ clock: 'working' })
    expect(allowanceSchema.parse({ wall: '24h' })).toMatchObject({ clock: 'wall' })
  })

  it.each([{}, '4h', null, { working: '4h', wall: '24h' }])(
    'is not %j, and the message says what is',
    (value) => {
      const result = allowanceSchema.safeParse(value)
      expect(result.error?.issues[0]?.message).toBe(
        'expects { working: <duration> } or { wall: <duration> }',
      )
    },
  )

  it('with a wrong duration tells the fault at the duration', () => {
    const result = allowanceSchema.safeParse({ working: '4 hours' })
    expect(result.error?.issues).toMatchObject([{ path: ['working'] }])
  })

  it('reads in words as it was written, in the largest unit that fits', () => {
    const written = (working: string): string => formatAllowance(allowanceSchema.parse({ working }))
    expect(['0m', '20s', '90s', '15m', '60m', '4h', '2d'].map(written)).toEqual([
      '0m',
      '20s',
      '90s',
      '15m',
      '1h',
      '4h',
      '2d',
    ])
  })

  it('means the same after it was written and read again', () => {
    const anyText = fc
      .tuple(fc.integer({ min: 0, max: 9_999 }), fc.constantFrom('s', 'm', 'h', 'd'))
      .map(([amount, unit]) => `${amount}${unit}`)
    fc.assert(
      fc.property(anyText, (text) => {
        const allowance = allowanceSchema.parse({ wall: text })
        expect(allowanceSchema.parse({ wall: formatAllowance(allowance) })).toEqual(allowance)
      }),
    )
  })
})
