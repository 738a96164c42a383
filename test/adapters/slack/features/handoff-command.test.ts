import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import { reportDeal } from '../../../../src/use-cases/report-deal.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import { anna, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace()
})
afterEach(() => place.stop())

const command = (user: string, text = '') =>
  place.slack.sendCommand({ user, command: '/handoff', text })

/** The form that a command opens. */
async function formOf(user: string, text: string) {
  expect(await command(user, text)).toMatchObject({ status: 200, body: '' })
  return place.slack.nextView()
}

/** What a command says, to the one who asked alone. */
async function answerTo(user: string, text: string): Promise<string> {
  const { body } = await command(user, text)
  expect(body).toMatchObject({ response_type: 'ephemeral', text: expect.any(String) })
  expect(place.slack.callsOf('views.open')).toEqual([])
  return JSON.parse(JSON.stringify(body)).text
}

const email = 'maria@officineverdi.example'

const closeDeal = ({ id }: Handoff) =>
  reportDeal(
    place.world,
    { workspaceId, handoffId: id, by: anna },
    { stage: 'closed-won', lostReason: undefined, note: undefined, fromProgram: false },
  )

describe('/handoff', () => {
  test('alone opens the form that hands a lead over', async () => {
    expect((await formOf('U0BEN', '')).callback_id).toBe('handoff.new')
    expect((await formOf('U0BEN', '  ')).callback_id).toBe('handoff.new')
  })

  test.each(['find', 'FIND', 'trova'])('%s looks a lead up', async (word) => {
    await place.offer()
    const { body } = await command('U0BEN', `${word}  ${email}`)
    expect(JSON.stringify(body)).toContain('Maria Verdi')
  })

  test.each(['returns', 'restituzioni'])('%s lists what is back', async (word) => {
    const { handoff } = await place.offerAccepted()
    await returnHandoff(
      place.world,
      { workspaceId, handoffId: handoff.id, by: anna },
      {
        reason: 'not-ready',
        criterion: undefined,
        readyOn: undefined,
        readyWhen: 'spring',
        field: undefined,
        duplicateOf: undefined,
        note: undefined,
      },
    )
    const { body } = await command('U0BEN', word)
    expect(body).toMatchObject({ response_type: 'ephemeral' })
    expect(JSON.stringify(body)).toContain('Maria Verdi')
  })

  test.each(['roles', 'ruoli'])('%s tells who has which role', async (word) => {
    expect(await answerTo('U0BEN', word)).toContain('Anna Rossi')
  })

  test.each(['outcome', 'Esito'])('%s opens the form of the open handoff', async (word) => {
    const { handoff } = await place.offerAccepted()
    const view = await formOf('U0ANNA', `${word} Maria@OfficineVerdi.example`)
    expect(view.callback_id).toBe('handoff.outcome')
    const values = { deal_stage: 'quote' }
    expect((await place.slack.submitView({ user: 'U0ANNA', view, values })).body).toBe('')
    expect((await place.handoff(handoff.id)).deal?.stage).toBe('quote')
  })

  test('outcome opens the form of a closed handoff too, to correct it', async () => {
    const { handoff } = await place.offerAccepted()
    await closeDeal(handoff)
    const view = await formOf('U0ANNA', `outcome ${email}`)
    expect(view.blocks[0]).toMatchObject({ element: { initial_option: { value: 'closed-won' } } })
  })

  test.each(['attempt', 'tentativo'])('%s opens the form of an attempt', async (word) => {
    const { handoff } = await place.offerAccepted()
    const view = await formOf('U0ANNA', `${word} ${email}`)
    expect(view.callback_id).toBe('handoff.attempt')
    await place.slack.submitView({ user: 'U0ANNA', view })
    expect((await place.handoff(handoff.id)).attempts).toHaveLength(1)
  })

  test('attempt says so where the handoff is closed', async () => {
    const { handoff } = await place.offerAccepted()
    await closeDeal(handoff)
    expect(await answerTo('U0ANNA', `attempt ${email}`)).toMatch(/moved on.*Closed won/)
  })

  test('what is not for the one who asks is refused as on the card', async () => {
    await place.offerAccepted()
    for (const word of ['outcome', 'attempt']) {
      expect(await answerTo('U0LUCA', `${word} ${email}`)).toMatch(/^Questo lead è di Anna Rossi/)
      expect(await answerTo('U0BEN', `${word} ${email}`)).toMatch(/^Only sales can do this/)
      expect(await answerTo('U0GUEST', `${word} ${email}`)).toMatch(/^Only sales can do this/)
    }
  })

  test('a lead that nobody accepted has no outcome yet, and its card is refreshed', async () => {
    const { handoff } = await place.offer()
    expect(await answerTo('U0ANNA', `outcome ${email}`)).toMatch(/^Nobody has accepted this lead/)
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
  })

  test.each(['outcome', 'attempt'])(
    '%s of a lead that is not there says what to do',
    async (word) => {
      expect(await answerTo('U0ANNA', `${word} nobody@acme.example`)).toMatch(
        /^Baton knows no lead with the address nobody.*: check it, or look for the company with `\/handoff find`\.$/,
      )
      expect(await answerTo('U0ANNA', `${word} Officine Verdi`)).toMatch(
        /^“Officine Verdi” is not an e-mail address: `\/handoff find` looks/,
      )
      expect(await answerTo('U0ANNA', word)).toBe(
        `Say which lead, such as \`/handoff ${word} maria@example.com\`.`,
      )
    },
  )

  test('find alone asks for whom', async () => {
    expect(await answerTo('U0LUCA', 'trova')).toMatch(
      /^Indica chi cercare, per esempio `\/handoff trova/,
    )
  })

  test.each(['help', 'aiuto', 'HELP'])('%s lists what one can do with it', async (word) => {
    const english = await answerTo('U0BEN', word)
    expect(english).toContain('`/handoff` opens a form')
    const italian = await answerTo('U0LUCA', word)
    expect(italian).toContain('`/handoff` apre un modulo')
    expect(english).toContain('`/handoff find maria@example.com`')
    expect(italian).toContain('`/handoff trova maria@example.com`')
    // marketing logs no attempts, and neither of them sets Baton up
    expect(english).not.toContain('/handoff attempt')
    expect(italian).toContain('/handoff tentativo')
    expect(english + italian).not.toMatch(/handoff (setup|configura)/)
  })

  test('what it does not know is named, and can not mention anyone', async () => {
    expect(await answerTo('U0BEN', 'dance <!channel>')).toMatch(
      /^“dance &lt;!channel&gt;” is not something that `\/handoff` can do\./,
    )
    expect(await answerTo('U0LUCA', '__proto__')).toMatch(
      /non è tra le cose che `\/handoff` sa fare/,
    )
    expect(await answerTo('U0BEN', 'outcome <@U0BEN> *W*')).not.toContain('<@U0BEN>')
    const long = await answerTo('U0BEN', 'x'.repeat(10_000))
    expect(long.length).toBeLessThan(3_000)
  })
})

test('a lead that was never handed over says what to do', async () => {
  const { lead } = (await place.offer()).handoff
  await place.stop()
  place = await startWorkplace({
    through: (world) => ({
      ...world,
      leads: {
        ...world.leads,
        byEmail: async () => ({ lead, stage: 'lead', status: null, score: null }),
      },
    }),
  })
  expect(await answerTo('U0ANNA', `outcome ${email}`)).toMatch(
    /has not been handed over to sales yet: `\/handoff` opens the form for it\.$/,
  )
})
