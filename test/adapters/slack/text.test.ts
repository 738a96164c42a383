import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  asMrkdwn,
  asPlain,
  cut,
  escapeText,
  link,
  mention,
  oneLine,
} from '../../../src/adapters/slack/text.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 200 })

describe('a text of others', () => {
  test('stays as it reads where nothing in it is a control of Slack', () => {
    const text = "Holt & Sons' €5 press, 3 × 4 m (50%), maria_verdi@acme.example"
    expect(asPlain(text, 200)).toBe(text)
    expect(asMrkdwn(text, 200)).toBe(text.replace('&', '&amp;'))
  })

  test('becomes one line without what can not be seen', () => {
    expect(oneLine(' a\r\n\tb\u2028c\u202e\u0000d\u200b ')).toBe('a b c d')
    expect(oneLine('lone \ud800')).toBe('lone \ufffd')
  })

  test('does not format in mrkdwn', () => {
    expect(asMrkdwn('*b* _i_ ~s~ `c` a_b', 200)).toBe('∗b∗ ˍiˍ ∼s∼ ˋcˋ a_b')
    expect(asMrkdwn('> quoted', 200)).toBe('› quoted')
    expect(asMrkdwn('at :smile: 10:30', 200)).toBe('at :\u2060smile: 10:30')
    expect(asMrkdwn('@channel', 200)).toBe('@\u2060channel')
  })

  test('makes no mention and no link', () => {
    expect(asMrkdwn('<!channel> <@U1> <https://a.example|b>', 200)).toBe(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;https:\u2060//a.example|b&gt;',
    )
    expect(asPlain('<@U1> www.a.example', 200)).toBe('<\u2060@U1> www\u2060.a.example')
  })

  test('in a whole sentence is escaped', () => {
    expect(escapeText('<!here> is “New & old”.')).toBe('&lt;!here&gt; is “New &amp; old”.')
  })
})

describe('cutting', () => {
  test('leaves a text that fits alone, and ends a longer one with an ellipsis', () => {
    expect(cut('four', 4)).toBe('four')
    expect(cut('four and more', 6)).toBe('four…')
  })

  test('keeps whole what is read as one character', () => {
    expect(cut('ab👩‍👩‍👧cd', 6)).toBe('ab…')
    expect(cut('e\u0301e\u0301e\u0301', 4)).toBe('e\u0301…')
  })

  test('keeps to the length, and never leaves half an entity', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const mrkdwn = asMrkdwn(text, max)
        expect(mrkdwn.length).toBeLessThanOrEqual(max)
        expect(mrkdwn.isWellFormed()).toBe(true)
        expect(mrkdwn.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/)
        expect(asPlain(text, max).length).toBeLessThanOrEqual(max)
      }),
    )
  })
})

describe('a person', () => {
  test('is mentioned where Slack knows them, and called by name elsewhere', () => {
    expect(mention({ slackId: 'U0ANNA', name: 'Anna' })).toBe('<@U0ANNA>')
    expect(mention({ slackId: null, name: 'Anna <!here>' })).toBe('Anna &lt;!here&gt;')
    expect(mention({ slackId: 'U1> <!here', name: 'Anna' })).toBe('Anna')
  })
})

describe('a link', () => {
  test('goes to http(s) addresses only, under our own label', () => {
    expect(link('https://crm.example/a?b=1&c=2', 'Open')).toBe(
      '<https://crm.example/a?b=1&amp;c=2|Open>',
    )
    expect(link('https://crm.example/|evil>x', 'Open')).toBe(
      '<https://crm.example/%7Cevil%3Ex|Open>',
    )
    for (const url of ['javascript:alert(1)', 'slack://open', 'nonsense', '']) {
      expect(link(url, 'Open')).toBeUndefined()
    }
    expect(link(`https://crm.example/${'a'.repeat(3_000)}`, 'Open')).toBeUndefined()
  })
})
