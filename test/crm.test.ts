import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from './support/database.ts'
import { type FakeHubspot, hubspotToken, startFakeHubspot } from './support/fake-hubspot.ts'
import { type FakeSlack, startFakeSlack } from './support/fake-slack.ts'
import { createProgram, type Program } from './support/program.ts'

/** The mapping of the fields, as whoever starts Baton meets it. */

let program: Program
let slack: FakeSlack
let hubspot: FakeHubspot
let database: Awaited<ReturnType<typeof freshDatabase>>
let folder: string
beforeAll(async () => {
  program = createProgram()
  folder = dirname(program.newDataDir())
  slack = await startFakeSlack({ users: [], channels: [] })
  hubspot = await startFakeHubspot()
  database = await freshDatabase()
}, 60_000)
afterAll(async () => {
  await program.remove()
  await hubspot.stop()
  await slack.stop()
  await database.drop()
})

const shipped = readFileSync('src/content/crm.yml', 'utf8')
/** A mapping of one's own, with something changed. */
function mapping(part: string, changed: string): string {
  const file = join(folder, 'crm.yml')
  expect(shipped).toContain(part)
  writeFileSync(file, shipped.replace(part, changed))
  return file
}
const environment = (file: string) => ({
  SLACK_BOT_TOKEN: slack.botToken,
  SLACK_SIGNING_SECRET: slack.signingSecret,
  SLACK_API_URL: slack.apiUrl,
  DATABASE_URL: database.url,
  HUBSPOT_ACCESS_TOKEN: hubspotToken,
  HUBSPOT_API_URL: hubspot.url,
  BATON_CRM_MAPPING: file,
  LOG_FORMAT: 'json',
  PORT: '0',
})

describe('a mapping that is wrong in itself', () => {
  test.each([
    ['title: jobtitle', 'titel: jobtitle', 'no such field'],
    ['title: jobtitle', 'title: "job title"', 'expects the name of a field, as the CRM spells it'],
  ])(
    '%j written as %j ends the start with code 2, and names file, line and field',
    async (right, wrong, said) => {
      const file = mapping(right, wrong)
      const line = shipped.slice(0, shipped.indexOf(right)).split('\n').length
      for (const run of [['main'], ['cli', 'doctor']] as const) {
        const running = program.start({ run: [...run], env: environment(file) })
        expect(await running.ended).toBe(2)
        expect(running.err()).toContain(`baton: ${file}:${line}: hubspot.contact.read.tit`)
        expect(running.err()).toContain(said)
      }
    },
  )

  test('one that is not there ends it as well', async () => {
    const running = program.start({ run: ['main'], env: environment('/nowhere/crm.yml') })
    expect(await running.ended).toBe(2)
    expect(running.err()).toMatch(
      /^baton: BATON_CRM_MAPPING: .*\/nowhere\/crm\.yml can't be read\n$/,
    )
  })
})

describe('a field that the CRM does not have', () => {
  test('is named in the log at the start', async () => {
    const env = environment(mapping('title: jobtitle', 'title: job_titel'))
    const running = program.start({ run: ['main'], env })
    const [line] = await running.says(/.*the mapping names fields that the CRM does not have.*/)
    expect(JSON.parse(line)).toMatchObject({ system: 'hubspot', fields: ['job_titel'] })
    running.signal('SIGTERM')
    expect(await running.ended).toBe(0)
  })

  test('is named by doctor, which finds no fault in a mapping that fits', async () => {
    const doctor = async (file: string) => {
      const running = program.start({ run: ['cli', 'doctor'], env: environment(file) })
      await running.ended
      return running.out()
    }
    expect(await doctor(mapping('title: jobtitle', 'title: job_titel'))).toMatch(
      /^ill +hubspot +it has no job_titel, which the mapping names/m,
    )
    expect(await doctor(mapping('title: jobtitle', 'title: jobtitle'))).toMatch(
      /^well +hubspot +answers, and has every field of the mapping/m,
    )
  })
})
