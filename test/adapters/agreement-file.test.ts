import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  AgreementFileError,
  parseAgreement,
  parseAgreementCalendar,
  parseAgreementSections,
  readAgreement,
  readAgreementSource,
} from '../../src/adapters/agreement-file.ts'
import { fitOf, journeyOf, personaOf } from '../../src/domain/fit.ts'
import { leadInputSchema, mergeLead } from '../../src/domain/lead.ts'
import { type Activity, scoreOf } from '../../src/domain/scoring.ts'
import { sampleHandoffs } from '../../src/sandbox/workspace.ts'
import { aLead, fixedNow } from '../support/builders.ts'

const shippedPath = fileURLToPath(new URL('../../src/content/agreement.yml', import.meta.url))
const sandboxPath = fileURLToPath(new URL('../../src/sandbox/agreement.yml', import.meta.url))

let folder = ''
let shipped = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-agreement-'))
  shipped = await readAgreementSource(shippedPath)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The faults of the shipped agreement with one text in it replaced by another. */
function faultsWith(before: string | RegExp, after: string): string[] {
  const source = shipped.replace(before, after)
  expect(source).not.toBe(shipped)
  return faultsOf(source)
}

function faultsOf(source: string): string[] {
  try {
    parseAgreement(source, 'a.yml')
  } catch (error) {
    expect(error).toBeInstanceOf(AgreementFileError)
    return error instanceof Error ? error.message.split('\n') : []
  }
  return []
}

const lineOf = (text: string): number => shipped.split('\n').findIndex((l) => l.includes(text)) + 1

describe('the shipped agreement', () => {
  it('holds the defaults of the product', async () => {
    const agreement = await readAgreement(shippedPath)
    const hours = (count: number) => ({ unit: 'exact', ms: count * 3_600_000 })
    expect(agreement.clocks).toEqual({
      accept: {
        within: { clock: 'working', duration: hours(4) },
        hard: { clock: 'wall', duration: hours(24) },
        remind: [0.5, 0.8],
      },
      first_attempt: {
        hot: { clock: 'working', duration: hours(0.25) },
        standard: { clock: 'working', duration: hours(2) },
        remind: [0.5, 0.8],
      },
      attempts: {
        count: 6,
        within: { clock: 'working', duration: { unit: 'days', days: 10 } },
        channels: 2,
        gap: { clock: 'working', duration: hours(4) },
        gaps: {},
        counted: ['call', 'email', 'linkedin', 'meeting', 'voicemail'],
        not_counted: ['auto-reply', 'bounced', 'wrong-person'],
        remind: [0.8],
      },
      return_answer: {
        within: { clock: 'working', duration: { unit: 'days', days: 1 } },
        remind: [0.8],
      },
      idle: {
        within: { clock: 'working', duration: { unit: 'days', days: 2 } },
        remind: [],
        escalation: [{ at: 1, to: 'owner' }],
      },
      ruling: {
        within: { clock: 'working', duration: { unit: 'days', days: 2 } },
        remind: [],
        escalation: [
          { at: 1, to: 'manager' },
          { at: 2, to: 'managers_channel' },
        ],
      },
    })
    expect(agreement.escalation).toEqual([
      { at: 1, to: 'manager' },
      { at: 1.5, to: 'managers_channel' },
    ])
    expect(agreement.pause).toMatchObject({
      reasons: [{ id: 'waiting-for-customer' }, { id: 'on-hold' }],
      at_most: { clock: 'working', duration: { unit: 'days', days: 5 } },
      times: 2,
      clocks: ['first_attempt', 'attempts', 'idle'],
    })
    expect(agreement.promises).toEqual({
      marketing: [
        { measure: 'handoff_data', fields: ['phone', 'title', 'company.name'], share: 0.9 },
        { measure: 'clock', clock: 'return_answer', share: 0.95 },
      ],
      sales: [
        { measure: 'clock', clock: 'accept', share: 0.95 },
        { measure: 'clock', clock: 'first_attempt', share: 0.9 },
      ],
    })
    expect(agreement.return_reasons.map(({ id, stage }) => `${id} ${stage}`)).toEqual([
      'not-ready mql',
      'not-a-fit lead',
      'wrong-data mql',
      'duplicate lead',
      'unresponsive mql',
    ])
    expect(agreement.people).toEqual([])
  })

  it('scores an MQL from 30 points and an SQL from 70', async () => {
    const { scoring } = await readAgreement(shippedPath)
    expect(scoring).toMatchObject({ threshold: 70, mql: 30, again: 'after_drop' })
  })

  it('makes an SQL of a lead that shows interest, and says why', async () => {
    const agreement = await readAgreement(shippedPath)
    const lead = aLead()
    const done = (type: string, page?: string): Activity => ({
      type,
      at: fixedNow,
      properties: page === undefined ? {} : { page },
    })
    const views = [done('page-view', '/pricing'), done('page-view', '/pricing/presses')]
    const activities = [...views, done('quote-request'), done('quote-request')]
    expect(scoreOf(agreement, lead, [], fixedNow)?.total).toBeLessThan(30)
    expect(scoreOf(agreement, lead, activities, fixedNow)).toEqual({
      total: 87,
      threshold: 70,
      lines: [
        { rule: 'quote-request', points: 40, times: 1 },
        { rule: 'pricing-page', points: 20, times: 2 },
        { rule: 'right-industry', points: 15, times: 1 },
        { rule: 'deciding-role', points: 10, times: 1 },
        { rule: 'page-view', points: 2, times: 2 },
      ],
    })
    const undecided = aLead({ journeyStage: null })
    expect(journeyOf(agreement, undecided, views)).toBe('awareness')
    expect(journeyOf(agreement, undecided, activities)).toBe('decision')
  })

  it('hands nobody over for reading alone', async () => {
    const agreement = await readAgreement(shippedPath)
    const often = ['email-open', 'guide-download', 'page-view'].flatMap((type) =>
      Array.from({ length: 500 }, () => ({ type, at: fixedNow, properties: { page: '/blog' } })),
    )
    expect(scoreOf(agreement, aLead(), often, fixedNow)?.total).toBeLessThan(70)
  })

  it('is plain data that can be kept as JSON', async () => {
    const agreement = await readAgreement(shippedPath)
    expect(JSON.parse(JSON.stringify(agreement))).toEqual(agreement)
  })
})

describe('the agreement of the sandbox', () => {
  it('is the shipped one with quicker clocks and sample people', async () => {
    const [agreement, base] = [
      await readAgreement(sandboxPath, shippedPath),
      await readAgreement(shippedPath),
    ]
    expect(agreement.calendar.always).toBe(true)
    expect(agreement.clocks.accept.within.duration).toEqual({ unit: 'exact', ms: 90_000 })
    expect(agreement.clocks.idle?.within.duration).toEqual({ unit: 'exact', ms: 180_000 })
    expect(agreement.pause?.at_most.duration).toEqual({ unit: 'exact', ms: 120_000 })
    expect(agreement.people).toHaveLength(6)
    expect(agreement.return_reasons).toEqual(base.return_reasons)
    expect(agreement.scoring).toEqual(base.scoring)
  })

  it('recognises personas and fit in the sample leads', async () => {
    const agreement = await readAgreement(sandboxPath, shippedPath)
    const told = sampleHandoffs.map(({ lead: sample }) => {
      const lead = mergeLead(undefined, leadInputSchema.parse(sample), 'lead')
      const verdicts = fitOf(agreement, lead).map(({ verdict }) => verdict)
      return [lead.name, personaOf(agreement, lead)?.id, ...verdicts]
    })
    expect(told).toEqual([
      ['Maria Verdi', 'plant-manager', 'met', 'met', 'met'],
      ['James Holt', undefined, 'not-met', 'not-met', 'met'],
      ['Eva Lindqvist', 'head-of-purchasing', 'met', 'met', 'met'],
      ['Paolo Greco', undefined, 'not-met', 'not-met', 'met'],
    ])
  })

  it('is not complete without the shipped one', async () => {
    await expect(readAgreement(sandboxPath)).rejects.toThrow(/lead_types: is missing, expects/)
  })
})

describe('a faulty agreement file', () => {
  it('tells file, line, field and what is expected', () => {
    expect(faultsWith('within: { working: 4h }', 'within: { working: 4 hours }')).toEqual([
      `a.yml:${lineOf('within: { working: 4h }')}: clocks.accept.within.working: ` +
        'expects a duration such as 20s, 15m, 4h or 2d',
    ])
  })

  it('tells every fault, in the order of its lines', () => {
    const source = shipped
      .replace('stage: lead', 'stage: leed')
      .replace('count: 6', 'count: six')
      .replace('Europe/Rome', 'Europe/Roma')
    expect(faultsOf(source).map((fault) => fault.split(': ').slice(0, 3).join(': '))).toEqual([
      `a.yml:${lineOf('timezone')}: calendar.timezone: expects a time zone such as Europe/Rome`,
      `a.yml:${lineOf('count: 6')}: clocks.attempts.count: expects a number`,
      `a.yml:${lineOf('stage: lead')}: return_reasons.1.stage: expects one of subscriber, lead, mql, sql, opportunity, customer`,
    ])
  })

  it('tells a missing field at the place where it should be', () => {
    expect(faultsWith(/ {4}gap: .*\n/, '')).toEqual([
      `a.yml:${lineOf('  attempts:')}: clocks.attempts.gap: is missing, ` +
        'expects { working: <duration> } or { wall: <duration> }',
    ])
  })

  it('tells an unknown field at the field', () => {
    expect(faultsWith('    channels: 2 ', '    chanels: 2 ')).toEqual([
      `a.yml:${lineOf('  attempts:')}: clocks.attempts.channels: is missing, expects a number`,
      `a.yml:${lineOf('    channels: 2')}: clocks.attempts.chanels: is no field of an agreement`,
    ])
  })

  it('tells what is wrong in one of several conditions, at its line', () => {
    const source = shipped.replace(
      'activity: quote-request',
      'when:\n        - { field: title, is: a }\n        - { field: title, is: b, like: c }',
    )
    expect(faultsOf(source)).toEqual([
      `a.yml:${lineOf('activity: quote-request') + 2}: scoring.rules.0.when.1.like: ` +
        'is no field of an agreement',
    ])
  })

  it('tells the line of a span in the calendar', () => {
    expect(faultsWith('"14:00-18:00"', '"12:00-18:00"')).toEqual([
      `a.yml:${lineOf('14:00-18:00')}: calendar.hours.mon-fri.1: ` +
        'expects hours that do not overlap others on mon',
    ])
  })

  it.each([
    ['id: existing-service', 'id: new-equipment', 'lead_types.1.id: expects each id once'],
    ['id: wrong-data', 'id: not-ready', 'return_reasons.2.id: expects each id once'],
    ['id: employees', 'id: industry', 'icp.1.id: expects each id once'],
    ['at: 150%', 'at: 950%', 'escalation.1.at: expects a percentage from 100% to 900%'],
    [
      'at: 100%, to: manager',
      'at: 300%, to: manager',
      'clocks.ruling.escalation.1.at: expects a percentage that is not below',
    ],
    [
      'at: 100%, to: owner',
      'at: 90%, to: owner',
      'clocks.idle.escalation.0.at: expects a percentage from 100% to 900%',
    ],
    ['at_most: { working: 5d }', 'at_most: 5d', 'pause.at_most: expects { working'],
    [
      'id: on-hold, name: { en: On hold, it: In sosp',
      'id: waiting-for-customer, name: { en: On hold, it: In sosp',
      'pause.reasons.1.id: expects each id once',
    ],
    ['  times: 2', '  times: 2\n  clocks: [return]', 'pause.clocks.0: expects one of accept'],
    [
      '[phone, title, company.name]',
      '[phone, Title]',
      'promises.marketing.0.fields.1: expects a field',
    ],
    [
      'share: 90% }\n    - { measure: clock, clock: r',
      'share: 0% }\n    - { measure: clock, clock: r',
      'promises.marketing.0.share: expects a percentage between',
    ],
    [
      '- { measure: clock, clock: accept',
      '- { measure: clock, clock: idle',
      'promises.sales.0.clock: expects one of accept',
    ],
    ['channels: 2', 'channels: 5\n    x-y: 1', 'clocks.attempts.x-y: is no field'],
    [
      '[call, email, linkedin, meeting, voicemail]',
      '[call]',
      'clocks.attempts.channels: expects at most 1',
    ],
    [
      'owners: open',
      'owners: { rotate: [anna] }',
      'lead_types.0.owners.rotate.0: expects an e-mail',
    ],
    ['owners: open', 'owners: closed', 'lead_types.0.owners: expects open, { fixed'],
    [
      'remind: [50%, 80%]',
      'remind: [100%]',
      'clocks.accept.remind.0: expects a percentage between',
    ],
    ['remind: [50%, 80%]', 'remind: [50]', 'clocks.accept.remind.0: expects a percentage such as'],
    [
      'people: []',
      'people: [{ email: a@b.example, role: boss }]',
      'people.0.role: expects one of rep',
    ],
    [
      'people: []',
      'people: [{ email: a@b.example, role: rep }, { email: A@b.example, role: admin }]',
      'people.1.email: expects each email once',
    ],
    [
      'channel: sql-handoffs',
      'channel: sql handoffs',
      'lead_types.0.channel: expects the name or id',
    ],
    ['clocks: {}', 'clocks: { accept: null }', 'lead_types.0.clocks.accept: expects'],
    ['threshold: 70', 'threshold: 70 %', 'scoring.threshold: expects a number'],
    ['again: after_drop', 'again: always', 'scoring.again: expects one of never, after_drop'],
    ['id: demo-request', 'id: quote-request', 'scoring.rules.1.id: expects each id once'],
    [
      '      half_life: 60d',
      '      half_life: 2 weeks',
      'scoring.rules.1.half_life: expects a dur',
    ],
    ['      times: once', '      times: twice', 'scoring.rules.0.times: expects one of once, each'],
    ['      activity: quote-request\n', '', 'scoring.rules.0: expects activity, when, or both'],
    [
      '      activity: quote-request\n',
      '      activity: [a]\n',
      'scoring.rules.0.activity: expects',
    ],
    [
      'contains: [plant, production, operations, stabilimento, produzione]',
      'contains: []',
      'personas.0.when.contains: expects at least 1 in the list',
    ],
    [
      'employees, from: 50, to: 1000',
      'employees',
      'icp.1.when: expects a check: one of is, not, contains',
    ],
    [
      'field: company.industry',
      'field: company industry!',
      'icp.0.when.field: expects a field of the lead',
    ],
    [
      'when: { field: company.employees, from: 50, to: 1000 }',
      'when: 50',
      'icp.1.when: expects a list or fields below it',
    ],
    ['page: "/pricing*"', 'page: [a]', 'scoring.rules.2.where.page: expects a text or a number'],
    ['from: 50, to: 1000', 'from: fifty, to: 1000', 'icp.1.when.from: expects a number'],
    ['stage: decision, activity', 'stage: sold, activity', 'journey.rules.4.stage: expects one of'],
    ['sticky: company\n', 'sticky: always\n', 'routing.sticky: expects one of company, none'],
  ])('%j as %j is told', (before, after, expected) => {
    const faults = faultsWith(before, after)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(`: ${expected}`)
  })

  describe('in what its lead types inherit', () => {
    /** The shipped agreement with the lead types in the place of its own: [id, like]. */
    const withTypes = (types: [string, string?][]): string => {
      const [before = '', rest = ''] = shipped.split(/(?<=\nlead_types:\n)/)
      const after = rest.slice(rest.indexOf('\n# Why sales'))
      const written = types.map(
        ([id, like]) =>
          `  - id: ${id}\n${like === undefined ? '' : `    like: ${like}\n`}` +
          `    name: { en: ${id}, it: ${id} }\n    channel: leads\n`,
      )
      return before + written.join('') + after
    }
    const lineIn = (source: string, text: string): number => source.split('\n').indexOf(text) + 1

    it('tells a circle with its way round, at each type in it', () => {
      const source = withTypes([['presses', 'lathes'], ['saws'], ['lathes', 'presses']])
      expect(faultsOf(source)).toEqual([
        `a.yml:${lineIn(source, '    like: lathes')}: lead_types.0.like: ` +
          'expects no circle: presses is like lathes is like presses',
        `a.yml:${lineIn(source, '    like: presses')}: lead_types.2.like: ` +
          'expects no circle: lathes is like presses is like lathes',
      ])
    })

    it('tells a type that is like itself', () => {
      const source = withTypes([['saws', 'saws']])
      expect(faultsOf(source)).toEqual([
        `a.yml:${lineIn(source, '    like: saws')}: lead_types.0.like: ` +
          'expects no circle: saws is like saws',
      ])
    })

    it('does not blame a type that only leads into a circle', () => {
      const source = withTypes([
        ['presses', 'lathes'],
        ['lathes', 'lathes'],
      ])
      expect(faultsOf(source)).toHaveLength(1)
      expect(faultsOf(source)[0]).toContain('lead_types.1.like: expects no circle')
    })

    it('tells a type that is like one that is not there', () => {
      const source = withTypes([['presses', 'mills'], ['saws']])
      expect(faultsOf(source)).toEqual([
        `a.yml:${lineIn(source, '    like: mills')}: lead_types.0.like: expects one of presses, saws`,
      ])
    })

    it('takes a line of any length', () => {
      const types = Array.from({ length: 50 }, (_, place): [string, string?] =>
        place === 0 ? ['t0'] : [`t${place}`, `t${place - 1}`],
      )
      expect(faultsOf(withTypes(types))).toEqual([])
    })
  })

  it('with a key twice is refused at the second one', () => {
    expect(faultsOf('title: A\nlanguage: en\ntitle: B\n')).toEqual([
      'a.yml:3: Map keys must be unique',
    ])
  })

  it('that is no YAML is refused with its line', () => {
    expect(faultsOf('title: A\ngoals: [\n')[0]).toMatch(/^a\.yml:\d: /)
  })

  it.each(['', '- a', 'just text', '3', 'null'])('that is %j names what is expected', (source) => {
    expect(faultsOf(source)).toEqual([
      'a.yml:1: expects the sections of an agreement, such as clocks',
    ])
  })

  it('with aliases that multiply is refused quickly', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 10; level += 1) {
      const alias = `*a${level - 1}`
      bomb.push(`a${level}: &a${level} [${Array(10).fill(alias).join(', ')}]`)
    }
    expect(faultsOf(bomb.join('\n'))[0]).toMatch(/alias/i)
  })

  it('over 1 MiB is refused', () => {
    expect(faultsOf(`title: ${'x'.repeat(1_048_576)}`)).toEqual(['a.yml: expects at most 1 MiB'])
  })

  it('that is nested without end is refused, and its faults do not fill the screen', () => {
    const faults = faultsOf(`title: ${'['.repeat(50_000)}`)
    expect(faults.length).toBeLessThanOrEqual(31)
    expect(faults.at(-1)).toMatch(/^a\.yml|^… and \d+ more$/)
  })

  it('is refused in no other way, whatever it holds', () => {
    const lines = shipped.split('\n')
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ unit: 'binary' }), (index, text) => {
        faultsOf(lines.with(index, text).join('\n'))
        faultsOf(text)
      }),
      { numRuns: 50 },
    )
  })
})

describe('what the file may leave out or write in its own way', () => {
  it('a return reason without a name goes by its status', () => {
    const agreement = parseAgreement(shipped.replace(/ {4}name: { en: Not ready.*\n/, ''), 'a.yml')
    expect(agreement.return_reasons[0]?.name).toEqual({
      en: 'Returned – not ready',
      it: 'Returned – not ready',
    })
  })

  it('a channel may have its hash', () => {
    const source = shipped.replace('channel: sql-handoffs', 'channel: "#sql-handoffs"')
    expect(parseAgreement(source, 'a.yml').lead_types[0]?.channel).toBe('sql-handoffs')
  })

  it('owners need not be among the people', () => {
    const source = shipped.replace('owners: open', 'owners: { fixed: Anna@acme.example }')
    expect(parseAgreement(source, 'a.yml').lead_types[0]?.owners).toEqual({
      fixed: 'anna@acme.example',
    })
  })

  it('sections come whole from the defaults', () => {
    const defaults = parseAgreementSections(shipped, 'shipped.yml')
    const own = 'calendar: { timezone: UTC, hours: { mon: ["09:00-10:00"] } }'
    const agreement = parseAgreement(own, 'a.yml', defaults)
    expect(agreement.calendar).toMatchObject({ timezone: 'UTC', holidays: [] })
    expect(agreement.managers_channel).toBe('sales-managers')
  })

  it('for its calendar alone nothing else is needed', () => {
    const source = 'calendar: { timezone: Asia/Kolkata, hours: always }'
    expect(parseAgreementCalendar(source, 'a.yml').timezone).toBe('Asia/Kolkata')
    expect(() => parseAgreementCalendar('calendar: { hours: always }', 'a.yml')).toThrow(
      'a.yml:1: calendar.timezone: is missing, expects a time zone such as Europe/Rome',
    )
    expect(() => parseAgreementCalendar('title: A', 'a.yml')).toThrow(
      'a.yml:1: calendar: is missing, expects timezone and hours',
    )
  })
})

describe('a file that can not be read', () => {
  it('is named, with the reason', async () => {
    await expect(readAgreement(join(folder, 'none.yml'))).rejects.toThrow(
      /none\.yml: there is no such file$/,
    )
    await expect(readAgreement(folder)).rejects.toThrow(/: this is a folder, expects a file$/)
  })

  it('over 1 MiB is not even read', async () => {
    const path = join(folder, 'large.yml')
    await writeFile(path, 'x'.repeat(1_048_577))
    await expect(readAgreement(path)).rejects.toThrow(/large\.yml: expects at most 1 MiB$/)
  })
})
