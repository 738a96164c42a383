import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { examineSlack } from '../../../../src/commands/doctor.ts'
import { type FakeSlack, startFakeSlack } from '../../../support/fake-slack.ts'

let slack: FakeSlack
beforeEach(async () => {
  slack = await startFakeSlack({ users: [], channels: [] })
})
afterEach(() => slack.stop())

const manifest = readFileSync(new URL('../../../../manifest.yml', import.meta.url), 'utf8')
const { bot: scopes } = z
  .object({ oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }) })
  .parse(parse(manifest)).oauth_config.scopes

const examined = () =>
  examineSlack({
    slack: {
      mode: { kind: 'http', signingSecret: slack.signingSecret },
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
    },
  })

describe('the doctor', () => {
  test('finds a token well that may do all that the manifest asks for', async () => {
    expect(await examined()).toContain('good for Test')
    slack.tellScopes(scopes)
    expect(await examined()).toContain('good for Test')
  })

  test('names the scopes that a token lacks', async () => {
    slack.tellScopes(scopes.filter((scope) => !['im:write', 'users:read'].includes(scope)))
    await expect(examined()).rejects.toThrow(
      /lacks im:write, users:read: install the app again with the scopes of manifest.yml/,
    )
  })

  test.each([
    ['account_inactive', /^account_inactive: the bot was removed: install the app again/],
    ['token_revoked', /^token_revoked: install the app again and set its new token/],
    ['not_allowed_token_type', /^not_allowed_token_type: SLACK_BOT_TOKEN must be a bot token/],
  ])('says what to do about %s', async (error, told) => {
    slack.fail('auth.test', { with: { error } })
    await expect(examined()).rejects.toThrow(told)
  })
})
