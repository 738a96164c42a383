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
 * The sandbox as a new user meets it: `npm start`, a browser, a lead, a click. The picture of the
 * README is taken here, anew where it is missing or UPDATE_PICTURES is set.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const picture = join(root, 'docs', 'sandbox.png')
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

/** Hands a lead over as another program would: with the request that the terminal shows. */
async function handOver(name: string): Promise<void> {
  const response = await fetch(found(/curl (http\S+)/), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${found(/Bearer (\S+?)'/)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      lead: {
        email: 'nora@example.com',
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

  await handOver('Nora Lind')
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

  if (!existsSync(picture) || process.env.UPDATE_PICTURES !== undefined) {
    await page.screenshot({ path: picture })
  }
}, 60_000)
