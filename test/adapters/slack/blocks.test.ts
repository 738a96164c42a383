import { describe, expect, test } from 'vitest'
import {
  actions,
  button,
  context,
  fields,
  header,
  message,
  mrkdwn,
  option,
  overflow,
  plain,
  plainSection,
  privateMetadata,
  section,
} from '../../../src/adapters/slack/blocks.ts'
import { faultsOf, messageBlocksSchema } from '../../support/slack-limits.ts'

const long = 'word '.repeat(2_000)

describe('blocks', () => {
  test('of too long texts are cut to what Slack takes', () => {
    const { text, blocks } = message(long, [
      header(long),
      section(long),
      plainSection(long),
      ...fields(Array.from({ length: 20 }, () => long)),
      ...context(Array.from({ length: 20 }, () => plain(long))),
      ...actions(Array.from({ length: 30 }, (_, index) => button(`id-${index}`, long, 'hof_1'))),
      ...actions(
        overflow(
          'more',
          Array.from({ length: 7 }, (_, index) => option(`value-${index}`, long)),
        ),
      ),
    ])
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(text.length).toBeLessThanOrEqual(3_000)
  })

  test('are fifty at most', () => {
    const many = Array.from({ length: 60 }, () => plainSection('text'))
    expect(message('text', many).blocks).toHaveLength(50)
  })

  test('are left out where they would be empty', () => {
    expect([...fields([]), ...context([]), ...actions([]), ...overflow('more', [])]).toEqual([])
    expect(plainSection('\u200b ').text).toMatchObject({ text: '–' })
  })

  test('do not end in half a mention or entity', () => {
    expect(mrkdwn('Anna <@U0ANNA> and more', 12).text).toBe('Anna …')
    expect(mrkdwn('Holt &amp; Sons', 9).text).toBe('Holt …')
    expect(mrkdwn('Anna <@U0ANNA>', 14).text).toBe('Anna <@U0ANNA>')
  })

  test('refuse ids and memories that Slack would refuse', () => {
    expect(() => option('x'.repeat(151), 'Label')).toThrow('value of an option')
    expect(() => button('id', 'Label', 'x'.repeat(2_001))).toThrow('value of a button')
    expect(() => privateMetadata({ text: long })).toThrow('private metadata')
    expect(privateMetadata({ handoff: 'hof_1' })).toBe('{"handoff":"hof_1"}')
  })
})
