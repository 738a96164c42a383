import { expect, test } from 'vitest'
import { createDrawings, type Drawn } from '../../../src/adapters/slack/drawings.ts'

const messages = { drawn: { text: 'drawn' }, message: { text: 'plain' } }

/** A Slack that takes what it is told to, and remembers what it was sent. */
function slackTaking(...texts: string[]) {
  const sent: string[] = []
  const send = async ({ text }: Drawn) => {
    sent.push(text)
    return texts.includes(text)
  }
  return { sent, send }
}

test('charts and tables are drawn where Slack takes them', async () => {
  const { sent, send } = slackTaking('drawn', 'plain')
  expect(await createDrawings('https://slack.com/api/').send(messages, send)).toBe(true)
  expect(sent).toEqual(['drawn'])
})

test('a Slack that refuses them gets the same plainly, and is not asked again', async () => {
  const drawings = createDrawings('https://slack.com/api/')
  const { sent, send } = slackTaking('plain')
  expect(await drawings.send(messages, send)).toBe(true)
  expect(await drawings.send(messages, send)).toBe(true)
  expect(sent).toEqual(['drawn', 'plain', 'plain'])
})

test('where nothing gets through, nothing is learnt', async () => {
  const drawings = createDrawings('https://slack.com/api/')
  expect(await drawings.send(messages, slackTaking().send)).toBe(false)
  const { sent, send } = slackTaking('drawn')
  await drawings.send(messages, send)
  expect(sent).toEqual(['drawn'])
})

test('a local Slack draws none', async () => {
  const { sent, send } = slackTaking('drawn', 'plain')
  await createDrawings('http://127.0.0.1:3100/api/').send(messages, send)
  expect(sent).toEqual(['plain'])
})
