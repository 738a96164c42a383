import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emailAddress } from '../../src/domain/lead.ts'
import { leadIn } from '../../src/domain/lead-text.ts'

const email = 'maria@officineverdi.example'

describe('what a message tells of a lead', () => {
  test('is who it is from, and what is said', () => {
    expect(
      leadIn(`Maria Verdi <Maria@OfficineVerdi.example>\nWants a quote for two presses.`),
    ).toEqual({ email, name: 'Maria Verdi', reason: 'Wants a quote for two presses.' })
    expect(leadIn(`Please call Maria de Verdi (${email}), +39 051 555-0199 about a press`)).toEqual(
      {
        email,
        name: 'Maria de Verdi',
        phone: '+39 051 555-0199',
        reason: `Please call Maria de Verdi (${email}), +39 051 555-0199 about a press`,
      },
    )
    expect(leadIn(`From: "Verdi, Maria" <${email}>`)).toMatchObject({ name: 'Verdi, Maria', email })
  })

  test('is read as Slack writes it', () => {
    const sent = `Maria Verdi &lt;<mailto:${email}|${email}>&gt; rang: <tel:+390515550199|+39 051 555 0199>, see <https://verdi.example/a|their page> &amp; ask <@U0ANNA> in <#C0SQL|sql> <!channel>`
    expect(leadIn(sent)).toEqual({
      email,
      name: 'Maria Verdi',
      phone: '+39 051 555 0199',
      reason: `Maria Verdi <${email}> rang: +39 051 555 0199, see their page (https://verdi.example/a) & ask  in sql`,
    })
  })

  test('is in lines of a form, in English', () => {
    const form = `*Name:* Maria Verdi\n*Email:* <mailto:${email}|${email}>\n- Company: Officine Verdi\nJob title: Plant manager\nPhone: 051 5550199\n\nBudget: approved`
    expect(leadIn(form)).toEqual({
      email,
      name: 'Maria Verdi',
      company: 'Officine Verdi',
      title: 'Plant manager',
      phone: '051 5550199',
      reason: 'Budget: approved',
    })
  })

  test('is in lines of a form, in Italian', () => {
    const form = `Nome: Maria\nCognome: Verdi\nIndirizzo e-mail: ${email}\nAzienda: Officine Verdi\nRuolo: Responsabile\nCellulare: 333 5550199\nChiede un preventivo`
    expect(leadIn(form)).toEqual({
      email,
      name: 'Maria Verdi',
      company: 'Officine Verdi',
      title: 'Responsabile',
      phone: '333 5550199',
      reason: 'Chiede un preventivo',
    })
  })

  test('is only what it tells', () => {
    expect(leadIn('')).toEqual({})
    expect(leadIn(' \n ')).toEqual({})
    expect(leadIn(email)).toEqual({ email })
    expect(leadIn('Two presses, by 2026-11-23, for 10.000.000')).toEqual({
      reason: 'Two presses, by 2026-11-23, for 10.000.000',
    })
    expect(leadIn('Name:\nno one@nowhere, a@b')).toEqual({ reason: 'Name:\nno one@nowhere, a@b' })
  })

  test('is nothing worse than text, whatever it is', () => {
    const parts = fc.constantFrom(
      '<mailto:',
      '|',
      '>',
      '<',
      '(',
      '"',
      'Name:',
      'Email: ',
      '@',
      'a@b.example',
      '+39',
      '051 ',
      ' de ',
      'Verdi',
      '\n',
      '*',
      '\u0000',
      '\ud800',
      'x'.repeat(300),
      '&lt;',
      '<!channel>',
      '.',
      '-',
    )
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(parts, { maxLength: 60 }).map((all) => all.join('')),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        const told = leadIn(text)
        for (const value of Object.values(told)) {
          expect(value.trim()).toBe(value)
          expect(value).not.toBe('')
          expect(value.isWellFormed()).toBe(true)
          expect(value).not.toContain('\u0000')
          expect(value.length).toBeLessThanOrEqual(8_000)
        }
        if (told.email !== undefined) expect(emailAddress.parse(told.email)).toBe(told.email)
        const { name = '', company = '', title = '' } = told
        for (const short of [name, company, title]) expect(short.length).toBeLessThanOrEqual(401)
      }),
    )
  })

  test('is read to a bound, however long it is', () => {
    const long = ['a', 'a.', 'A ', '+39 ', '0 ', '<', '"', 'A@', 'a-', 'Name ', '<mailto:', ' (']
    for (const part of long) expect(leadIn(part.repeat(50_000)).company).toBeUndefined()
  })
})
