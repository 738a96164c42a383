import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { glossaryVerbs } from '../../../../src/adapters/slack/features/glossary/feature.ts'
import { buildHelp } from '../../../../src/adapters/slack/features/help/help.ts'
import { slaVerbs } from '../../../../src/adapters/slack/features/sla/feature.ts'
import { handoffVerbs, verbNames } from '../../../../src/content/words/command.ts'
import { exampleOf, helpWords } from '../../../../src/content/words/help.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { type HelpCommand, helpFor, subCommands } from '../../../../src/domain/help.ts'
import { aMember, anAgreement } from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { startWorkplace, type Workplace } from './workplace.ts'

const commands = ['/handoff', '/glossary', '/sla'] as const

/** What is registered besides the command alone. */
const registered: Record<HelpCommand, readonly string[]> = {
  '/handoff': handoffVerbs,
  '/glossary': [...glossaryVerbs.keys()],
  '/sla': [...slaVerbs.keys()],
}
const named = (names: readonly string[]): string[] => names.filter((name) => name !== '').sort()

describe.each(commands)('the help of %s', (command) => {
  test('names what is registered, and nothing else', () => {
    expect(named(subCommands[command])).toEqual(named(registered[command]))
    for (const locale of locales) {
      const lines: Record<string, unknown> = helpWords[locale].lines[command]
      expect(named(Object.keys(lines))).toEqual(named(registered[command]))
    }
  })

  test.each(locales)('gives an example of each that begins with its word (%s)', (locale) => {
    for (const sub of subCommands[command]) {
      const verb = handoffVerbs.find((one) => command === '/handoff' && one === sub)
      const word = verb === undefined ? sub : verbNames[locale][verb]
      expect(`${exampleOf(command, sub, locale)} `).toContain(`${command} ${word}`.trim())
    }
  })

  test.each(locales)('keeps within the limits of Slack and reads well (%s)', (locale) => {
    const built = buildHelp(command, subCommands[command], { said: 'dance', locale })
    expect(faultsOf(messageBlocksSchema, built.blocks)).toEqual([])
    expect(built.text).toMatchSnapshot()
  })
})

describe('what is told depends on what one may do', () => {
  const agreement = anAgreement()

  test('whoever has no role is told what everybody may', () => {
    const stranger = aMember({ email: 'nobody@acme.example' })
    expect(helpFor('/handoff', stranger, agreement)).toEqual(['find', 'roles', 'help'])
    expect(helpFor('/sla', stranger, agreement)).toEqual(['', 'route', 'help'])
  })

  test('a rep is told how to sell, an admin everything', () => {
    expect(helpFor('/handoff', aMember(), agreement)).toContain('attempt')
    expect(helpFor('/handoff', aMember(), agreement)).not.toContain('setup')
    const admin = aMember({ email: 'root@acme.example', assigned: 'admin' })
    for (const command of commands) {
      expect(helpFor(command, admin, agreement)).toEqual([...subCommands[command]])
    }
  })
})

describe('in Slack', () => {
  let place: Workplace
  beforeEach(async () => {
    place = await startWorkplace()
  })
  afterEach(() => place.stop())

  const answer = async (command: string, text: string, user = 'U0ANNA'): Promise<string> => {
    const { body } = await place.slack.sendCommand({ user, command, text })
    return JSON.parse(JSON.stringify(body)).text
  }

  test.each(commands)('%s help answers the one who asks, in their language', async (command) => {
    expect(await answer(command, 'help')).toMatch(/^What `\/\w+` can do:/)
    expect(await answer(command, 'help', 'U0LUCA')).toMatch(/^Che cosa sa fare/)
  })

  test.each(['/handoff', '/sla'])('%s names what it does not know', async (command) => {
    expect(await answer(command, 'dance <!here>')).toMatch(/^“dance &lt;!here&gt;” is not/)
  })
})
