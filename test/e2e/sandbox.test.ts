import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/baton.ts'

/**
 * The sandbox as a new user meets it: `npm start`, a browser, a lead, a click. The pictures of the
 * README are taken here, anew where they are missing or UPDATE_PICTURES is set.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const chromiumPath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(existsSync)
const needsBrowser = 'no Chromium is installed on this machine'

/** A browser that stays at home. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
]

const folder = mkdtempSync(join(tmpdir(), 'baton-sandbox-'))
let sandbox: ChildProcess | undefined
let browser: Browser | undefined
let output = ''

beforeAll(async () => {
  if (chromiumPath === undefined) return
  sandbox = spawn('npm', ['start'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: folder, BATON_DATA_DIR: folder, PORT: '0' },
    detached: true,
  })
  sandbox.stdout?.on('data', (chunk) => {
    output += chunk
  })
  await eventually(() => (output.includes('Ctrl-C') ? true : undefined), 60_000)
  browser = await chromium.launch({ executablePath: chromiumPath, args: quiet })
}, 90_000)

afterAll(async () => {
  await browser?.close()
  if (sandbox?.pid !== undefined && sandbox.exitCode === null) {
    const stopped = once(sandbox, 'exit')
    process.kill(-sandbox.pid, 'SIGINT')
    await stopped
  }
  rmSync(folder, { recursive: true, force: true })
})

const found = (pattern: RegExp): string => {
  const [, text] = pattern.exec(output) ?? []
  if (text === undefined) throw new Error(`the terminal does not say ${pattern}`)
  return text
}

async function open(): Promise<Page> {
  if (browser === undefined) throw new Error(needsBrowser)
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(found(/Open\s+(http\S+)/))
  return page
}

const condition = 'next year’s budget is approved'

async function picture(page: Page, name: string): Promise<void> {
  const path = join(root, 'docs', `${name}.png`)
  if (existsSync(path) && process.env.UPDATE_PICTURES === undefined) return
  await page.screenshot({ path })
}

/** Hands a lead over as another program would: with the request that the terminal shows. */
async function handOver(name: string, email: string): Promise<void> {
  const response = await fetch(found(/curl (http\S+)/), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${found(/Bearer (\S+?)'/)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      lead: {
        email,
        name,
        title: 'Head of production',
        company: { name: 'Nordlicht Maschinen', industry: 'manufacturing', employees: 300 },
      },
      reason: 'Downloaded the price list, budget is planned for next year',
      handedOffBy: 'ben@acme.example',
    }),
  })
  expect(response.status).toBe(201)
}

test('a lead arrives, is accepted, another is returned, and /glossary MQL answers', async ({
  skip,
}) => {
  skip(chromiumPath === undefined, needsBrowser)
  const page = await open()
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 15_000 })

  await says('Maria Verdi')
  await page.getByRole('button', { name: 'Accept' }).first().click()
  await says(/Accepted by/)

  await handOver('Nora Lind', 'nora@example.com')
  await says('Nora Lind')
  await page.getByRole('button', { name: 'Return' }).last().click()
  await says('Return to marketing')
  const form = page.locator('.modal')
  await form.locator('.bk-input', { hasText: 'Ready when' }).locator('input').fill(condition)
  await form.getByRole('button', { name: 'Return' }).click()
  await says('Returned – not ready')
  await says(new RegExp(condition))

  const composer = page.getByPlaceholder(/Message/)
  await composer.fill('/glossary MQL')
  await composer.press('Enter')
  await says('Marketing qualified lead')

  await picture(page, 'sandbox')
}, 60_000)

test('a return is contested and ruled on, the lead comes back, is won, and its story tells it all', async ({
  skip,
}) => {
  skip(chromiumPath === undefined, needsBrowser)
  const page = await open()
  const says = (text: string | RegExp) => page.getByText(text).last().waitFor({ timeout: 15_000 })
  const press = (name: string | RegExp) => page.getByRole('button', { name }).last().click()
  const actAs = (name: string) => page.locator('select').first().selectOption({ label: name })
  const form = page.locator('.modal')
  const fill = (field: string | RegExp, text: string) =>
    form.locator('.bk-input', { hasText: field }).locator('input, textarea').fill(text)
  const send = async () => {
    await form.locator('.primary').click()
    await form.waitFor({ state: 'detached' })
  }
  const say = async (text: string) => {
    const composer = page.getByPlaceholder(/Message #/)
    await composer.fill(text)
    await composer.press('Enter')
  }
  const words = 'A budget counts from the day on which the board approves it'

  await handOver('Iris Novak', 'iris@example.com')
  await says('SQL: Iris Novak, Nordlicht Maschinen')
  await press('Return')
  await fill('Ready when', condition)
  await send()
  await page
    .locator('.msg-body', { hasText: 'SQL: Iris Novak' })
    .getByText(/1 reply/)
    .click()
  await says(/Ready when: next year/)

  await actAs('Ben Marsh')
  await press('Contest')
  await fill(/./, 'The board has approved it last week')
  await send()
  await says(/contests the return/)
  for (const manager of ['Sara Conti', 'Mario Neri']) {
    await actAs(manager)
    await press(/Clarify/)
    await fill(/./, words)
    await send()
  }
  await says(/both managers have ruled/)
  await picture(page, 'return-loop')

  await actAs('Ben Marsh')
  await press('Hand over again')
  await fill(/changed/, 'The board has approved the budget')
  await send()
  await says(/Second handoff/)
  await actAs('Anna Rossi')
  await press('Accept')
  await says(/Accepted by/)
  for (const stage of ['Exploration / meeting booked', 'Closed won']) {
    await press('Outcome')
    await form.locator('select').first().selectOption({ label: stage })
    await send()
    await says(new RegExp(`Deal.*${stage}|${stage}`))
  }
  await say('/handoff find iris@example.com')
  await says(/First handoff/)
  await says(/Closed won, reported by Anna Rossi/)
  await picture(page, 'story')
}, 90_000)
