import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Agreement, roles } from '../../../../src/domain/agreement.ts'
import type { Member } from '../../../../src/domain/person.ts'
import type { UserGroup } from '../../../../src/domain/roles.ts'
import { aMember, anAgreement } from '../../../support/builders.ts'
import type { FakeView, FieldValue } from '../../../support/fake-slack.ts'
import { createMemoryWorld, type MemoryWorld } from '../../../support/memory-world.ts'
import {
  anna,
  benMember,
  luca,
  mario,
  saraMember,
  startWorkplace,
  type Workplace,
} from './workplace.ts'

const root = aMember({
  id: 'per_root',
  slackId: 'U0ROOT',
  email: 'root@acme.example',
  name: 'Rita Root',
  slackAdmin: true,
})
const guest = aMember({
  id: 'per_guest',
  slackId: 'U0GUEST',
  email: 'guest@else.example',
  name: 'Gil Guest',
  external: true,
})
const nobodyNamed = anAgreement({ people: [] })
const managersNamed = anAgreement({
  people: [
    { email: 'sara@acme.example', role: 'sales_manager' },
    { email: 'mario@acme.example', role: 'marketing_manager' },
  ],
})

let place: Workplace
let world: MemoryWorld

async function open({
  agreement = managersNamed,
  others = [],
  groups,
}: {
  agreement?: Agreement
  others?: Member[]
  groups?: () => UserGroup[]
} = {}) {
  world = createMemoryWorld({
    agreement,
    members: [anna, luca, benMember, saraMember, mario, root, guest, ...others],
    ...(groups && { groups }),
  })
  place = await startWorkplace({ through: () => world })
}
afterEach(() => place.stop())

const ask = (user: string) => place.slack.sendCommand({ command: '/handoff', text: 'roles', user })

async function formFor(user: string): Promise<FakeView> {
  await ask(user)
  return place.slack.nextView()
}
const send = async (user: string, view: FakeView, values: Record<string, FieldValue>) =>
  (await place.slack.submitView({ user, view, values })).body

const roleOf = async (slackId: string) =>
  (await world.members.bySlackId('T0TEST', slackId)).assigned

const textsOf = ({ blocks }: Pick<FakeView, 'blocks'>): string[] =>
  blocks.flatMap(({ text }) =>
    typeof text === 'object' && text !== null && 'text' in text ? [String(text.text)] : [],
  )
const optionsOf = ({ blocks }: FakeView, id: string): unknown[] => {
  const element = blocks.find((block) => block.block_id === id)?.element
  const options = element instanceof Object && 'options' in element ? element.options : []
  return Array.isArray(options) ? options.map(({ value }) => value) : []
}
const elementType = ({ blocks }: FakeView, id: string): unknown => {
  const element = blocks.find((block) => block.block_id === id)?.element
  return element instanceof Object && 'type' in element ? element.type : undefined
}

describe('/handoff roles', () => {
  test('shows whoever administers Slack who is who, and the form', async () => {
    await open()
    const view = await formFor('U0ROOT')
    expect(view).toMatchObject({ callback_id: 'handoff.roles', title: { text: 'Roles' } })
    expect(textsOf(view)).toEqual([
      '*Marketing manager*: Mario Neri (agreement)',
      '*Sales manager*: Sara Conti (agreement)',
    ])
    expect(optionsOf(view, 'role')).toEqual([...roles, 'none'])
    // nobody whom the agreement names, and nobody of outside
    expect(optionsOf(view, 'person')).toEqual(['per_anna', 'per_ben', 'per_luca', 'per_root'])
  })

  test('gives the role, tells nobody, and shows it at the next look', async () => {
    await open()
    const view = await formFor('U0ROOT')
    expect(await send('U0ROOT', view, { person: 'per_anna', role: 'rep' })).toBe('')
    expect(await roleOf('U0ANNA')).toBe('rep')
    expect(textsOf(await formFor('U0ROOT'))).toContain('*Rep*: Anna Rossi (by hand)')
    expect(place.slack.callsOf('chat.postMessage')).toEqual([])
    expect(place.slack.callsOf('chat.postEphemeral')).toEqual([])
    expect(world.notices).toEqual([])
  })

  test('takes the role away again', async () => {
    await open({ others: [aMember({ id: 'per_x', slackId: 'U0X', email: null, assigned: 'rep' })] })
    const view = await formFor('U0ROOT')
    expect(await send('U0ROOT', view, { person: 'per_x', role: 'none' })).toBe('')
    expect(await roleOf('U0X')).toBeNull()
  })

  test('offers a manager the roles of their side, and refuses the others', async () => {
    await open()
    const view = await formFor('U0SARA')
    expect(optionsOf(view, 'role')).toEqual(['rep', 'sales_manager', 'none'])
    expect(await send('U0SARA', view, { person: 'per_anna', role: 'rep' })).toBe('')
    const all = await formFor('U0ROOT')
    expect(await send('U0SARA', all, { person: 'per_anna', role: 'admin' })).toMatchObject({
      response_action: 'errors',
      errors: { role: 'Only an admin can do this: ask one of the workspace.' },
    })
    expect(await roleOf('U0ANNA')).toBe('rep')
  })

  test('shows everyone else who is who, and who can change it', async () => {
    await open()
    const { body } = await ask('U0ANNA')
    expect(body).toMatchObject({ response_type: 'ephemeral' })
    expect(body).toMatchObject({
      text: expect.stringMatching(/Sara Conti \(agreement\)\nAdmins, and whoever administers/),
    })
    expect(place.slack.callsOf('views.open')).toEqual([])
  })

  test('in a fresh installation lets only those begin who administer Slack', async () => {
    await open({ agreement: nobodyNamed })
    const { body } = await ask('U0ANNA')
    expect(body).toMatchObject({ text: expect.stringMatching(/^Nobody has a role yet/) })
    const view = await formFor('U0ROOT')
    expect(await send('U0ANNA', view, { person: 'per_anna', role: 'admin' })).toMatchObject({
      errors: { role: expect.any(String) },
    })
    expect(await roleOf('U0ANNA')).toBeNull()
    expect(await send('U0ROOT', view, { person: 'per_anna', role: 'admin' })).toBe('')
    expect(await roleOf('U0ANNA')).toBe('admin')
  })

  test('says why under the field that it is about', async () => {
    const manyMore = Array.from({ length: 100 }, (_, n) =>
      aMember({ id: `per_${n}`, slackId: `U1${n}`, email: null, name: `Person ${n}` }),
    )
    await open({
      others: [
        ...manyMore,
        aMember({
          ...root,
          id: 'per_ada',
          slackId: 'U0ADA',
          email: null,
          slackAdmin: false,
          assigned: 'admin',
          name: 'Ada',
        }),
      ],
    })
    const view = await formFor('U0ADA')
    expect(elementType(view, 'person')).toBe('users_select')
    const error = async (values: Record<string, FieldValue>) => send('U0ADA', view, values)
    expect(await error({ person: 'U0GUEST', role: 'rep' })).toMatchObject({
      errors: { person: expect.stringMatching(/^Gil Guest is a guest/) },
    })
    expect(await error({ person: 'U0SARA', role: 'rep' })).toMatchObject({
      errors: { person: expect.stringMatching(/agreement itself names the role of Sara/) },
    })
    expect(await error({ person: 'U0ADA', role: 'rep' })).toMatchObject({
      errors: { role: expect.stringMatching(/^Nobody else is an admin/) },
    })
    expect(await error({ person: null, role: 'rep' })).toMatchObject({
      errors: { person: 'Choose a person.' },
    })
    expect(await error({ person: 'U0ANNA', role: null })).toMatchObject({
      errors: { role: 'Choose a role.' },
    })
    expect(await error({ person: 'U0ANNA', role: 'marketing' })).toBe('')
    expect(await roleOf('U0ANNA')).toBe('marketing')
  })

  test('offers nobody where the agreement names everyone', async () => {
    await open({
      agreement: anAgreement({
        people: [anna, luca, benMember, saraMember, mario, root].map(({ email }) => ({
          email: email ?? '',
          role: 'rep',
        })),
      }),
    })
    const { body } = await ask('U0ROOT')
    expect(body).toMatchObject({ text: expect.stringContaining('propose a change') })
  })

  test('what is no person of the workspace changes nothing', async () => {
    await open()
    const view = await formFor('U0ROOT')
    const submit = (person: string) =>
      place.slack.submitView({
        user: 'U0ROOT',
        view: {
          ...view,
          blocks: view.blocks.map((block) =>
            block.block_id === 'person'
              ? { ...block, element: { type: 'users_select', action_id: 'value' } }
              : block,
          ),
        },
        values: { person, role: 'rep' },
      })
    for (const person of ['per_none', '../x', 'nul\u0000', 'x'.repeat(50)]) {
      expect((await submit(person)).body).toMatchObject({
        errors: { person: 'Choose a person.' },
      })
    }
  })

  test('shows names as text, however they are written, and tells namesakes apart', async () => {
    const hostile = '<!channel> *bold* <https://evil.example|x> '.repeat(4)
    await open({
      agreement: nobodyNamed,
      others: [
        ...Array.from({ length: 30 }, (_, n) =>
          aMember({
            id: `per_h${n}`,
            slackId: `U0H${n}`,
            email: `h${n}@acme.example`,
            name: hostile,
            assigned: 'rep',
          }),
        ),
        aMember({ id: 'per_anna2', slackId: 'U0ANNA2', email: 'anna2@acme.example' }),
      ],
    })
    const view = await formFor('U0ROOT')
    const [line = ''] = textsOf(view)
    expect(line).toMatch(/^\*Rep\*: /)
    expect(line).toMatch(/and 10 others$/)
    expect(line).not.toMatch(/<!|<https/)
    expect(JSON.stringify(view.blocks)).toContain('Anna Rossi (anna2@acme.example)')
  })

  test('speaks Italian', async () => {
    await open({
      others: [
        aMember({ ...luca, id: 'per_capo', slackId: 'U0CAPO', email: null, assigned: 'admin' }),
      ],
    })
    const view = await formFor('U0CAPO')
    expect(view).toMatchObject({ title: { text: 'Ruoli' }, submit: { text: 'Assegna ruolo' } })
    expect(textsOf(view)).toContain('*Amministratore*: Luca Bianchi (a mano)')
    expect(await send('U0CAPO', view, { person: 'per_capo', role: 'rep' })).toMatchObject({
      errors: { role: expect.stringMatching(/^Nessun altro è amministratore/) },
    })
  })
})

describe('an event of a user group', () => {
  test.each(['subteam_members_changed', 'subteam_updated'])('%s: roles follow', async (type) => {
    let people = ['U0ANNA']
    await open({
      agreement: anAgreement({ people: [], groups: [{ group: 'reps', role: 'rep' }] }),
      groups: () => [{ id: 'S0REPS', handle: 'reps', people }],
    })
    await place.slack.sendEvent({ type, subteam_id: 'S0REPS' })
    await vi.waitFor(async () => expect(await roleOf('U0ANNA')).toBe('rep'), { timeout: 5_000 })
    people = ['U0LUCA']
    await place.slack.sendEvent({ type, subteam_id: 'S0REPS' })
    await vi.waitFor(async () => expect(await roleOf('U0LUCA')).toBe('rep'), { timeout: 5_000 })
    expect(await roleOf('U0ANNA')).toBeNull()
  })
})
