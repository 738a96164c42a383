import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A small program in the place of Baton's, prepared by the real start script. */
let project: string
beforeAll(async () => {
  project = fs.mkdtempSync(join(tmpdir(), 'baton-start-'))
  const copies = ['package.json', 'package-lock.json', 'prisma.config.ts', 'tsconfig.json']
  for (const file of [...copies, 'tsconfig.build.json', 'prisma/schema.prisma', 'src/start.mjs'])
    fs.cpSync(join(root, file), join(project, file))
  fs.symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  write('src/main.ts', `import { word } from './lib/word.ts'\nconsole.log(word)\n`)
  write('src/cli.ts', 'console.log(JSON.stringify(process.argv.slice(2)))\n')
  write('src/lib/word.ts', `export const word: string = 'hello'\n`)
  write('src/lib/words.yml', 'a: 1\n')
  const first = await start('prepare')
  expect(first).toMatchObject({ code: 0, out: '' })
}, 60_000)
afterAll(() => fs.rmSync(project, { recursive: true, force: true }))

function write(file: string, content: string) {
  fs.mkdirSync(join(project, file, '..'), { recursive: true })
  fs.writeFileSync(join(project, file), content)
}

function start(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(project, 'src/start.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((done) => child.once('close', (code) => done({ code, out, err })))
}

const inDist = (file: string) => fs.existsSync(join(project, 'dist', file))

test('when nothing has changed it hands over without a word', async () => {
  expect(await start('main')).toEqual({ code: 0, out: 'hello\n', err: '' })
})

test('a command sees its own arguments only, and stdout is its own', async () => {
  expect(await start('cli', 'agreement', 'due', '--json')).toEqual({
    code: 0,
    out: '["agreement","due","--json"]\n',
    err: '',
  })
})

test('a changed source is compiled, a deleted one leaves nothing behind, other files come along', async () => {
  expect(inDist('lib/words.yml')).toBe(true)
  write('src/lib/word.ts', `export { word } from './other.ts'\n`)
  write('src/lib/other.ts', `export const word = 'changed'\n`)
  expect(await start('main')).toEqual({ code: 0, out: 'changed\n', err: 'Compiling …\n' })

  fs.rmSync(join(project, 'src/lib/other.ts'))
  fs.rmSync(join(project, 'src/lib/words.yml'))
  write('src/lib/word.ts', `export const word = 'again'\n`)
  expect(await start('main')).toMatchObject({ code: 0, out: 'again\n' })
  expect(inDist('lib/other.js')).toBe(false)
  expect(inDist('lib/words.yml')).toBe(false)
})

test('a source that does not compile ends the start with the lines of the compiler', async () => {
  write('src/bad.ts', `export const bad: number = 'text'\n`)
  const failed = await start('main')
  expect(failed).toMatchObject({ code: 1, out: '' })
  expect(failed.err).toMatch(/src\/bad\.ts\(1,14\): error TS2322/)
  expect(failed.err).toMatch(/The sources do not compile/)
  fs.rmSync(join(project, 'src/bad.ts'))
  expect(await start('main')).toMatchObject({ code: 0 })
})

test('a fault in the program is reported at its line in the source', async () => {
  write('src/cli.ts', `\n\nthrow new Error('boom')\n`)
  const failed = await start('cli')
  expect(failed.code).toBe(1)
  expect(failed.err).toMatch(/src\/cli\.ts:3/)
})

test('of several started at once one prepares and the others wait for it', async () => {
  write('src/lib/word.ts', `export const word = 'together'\n`)
  const all = await Promise.all([start('main'), start('main'), start('main')])
  expect(all.map(({ code, out }) => [code, out])).toEqual(Array(3).fill([0, 'together\n']))
  expect(all.filter(({ err }) => err.includes('Compiling'))).toHaveLength(1)
})

test('a lock whose holder died is taken over', async () => {
  write('dist/.preparing/pid', '4194999')
  write('src/lib/word.ts', `export const word = 'alive'\n`)
  expect(await start('main')).toMatchObject({ code: 0, out: 'alive\n' })
  expect(inDist('.preparing')).toBe(false)
})

test('a way to start that does not exist is refused with those that do', async () => {
  expect(await start('nonsense')).toMatchObject({
    code: 2,
    err: expect.stringContaining('main | cli <arguments> | prepare'),
  })
})
