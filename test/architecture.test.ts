import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** Who may import whom: the direction is main → compose → adapters → use-cases → domain. */
const mayImport: Record<string, string[]> = {
  domain: ['domain'],
  'use-cases': ['domain', 'use-cases'],
  content: ['domain', 'content'],
  'adapters/http': ['domain', 'use-cases', 'content', 'adapters/http'],
  'adapters/slack': ['domain', 'use-cases', 'content', 'adapters/slack'],
  'adapters/postgres': ['domain', 'use-cases', 'adapters/postgres', 'generated'],
  'adapters/webhooks': ['domain', 'use-cases', 'adapters/webhooks'],
  'adapters/csv': ['domain', 'use-cases', 'adapters/csv'],
  'adapters/queue': ['domain', 'use-cases', 'adapters/queue'],
  // the mapping is a file of YAML, as the agreement and the glossary are
  'adapters/crm': ['domain', 'use-cases', 'adapters/crm', 'adapters'],
  adapters: ['domain', 'use-cases', 'content', 'adapters'],
}
/** What the rules may use of others: types and checks, and a calendar. */
const packagesOfDomain = ['zod', 'temporal-polyfill']

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : filesIn(path)
    return /\.m?[jt]s$/.test(entry.name) ? [path] : []
  })

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^'"]*from ['"]([^'"]+)['"]/gm)].map(
    ([, specifier]) => specifier ?? '',
  )

/** The room that a file is in: `adapters/slack`, `domain` … */
const roomOf = (file: string): string => {
  const parts = relative(src, file).split('/')
  return parts[0] === 'adapters' && parts.length > 2
    ? parts.slice(0, 2).join('/')
    : (parts.length > 1 && parts[0]) || 'top'
}

const files = filesIn(src)

describe('the direction of imports', () => {
  test.each(Object.entries(mayImport))('%s imports only %j', (room, allowed) => {
    const wrong = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) =>
        importsOf(file)
          .filter((specifier) => specifier.startsWith('.'))
          .filter((specifier) => !allowed.includes(roomOf(resolve(dirname(file), specifier))))
          .map((specifier) => `${relative(src, file)} imports ${specifier}`),
      )
    expect(wrong).toEqual([])
  })

  test('the domain knows nothing of the world', () => {
    const wrong = files
      .filter((file) => roomOf(file) === 'domain')
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => !name.startsWith('.') && !packagesOfDomain.includes(name))
          .map((name) => `${relative(src, file)} imports ${name}`),
      )
    expect(wrong).toEqual([])
  })

  test('every room is looked at', () => {
    const rooms = new Set(files.map(roomOf))
    const free = ['top', 'commands', 'sandbox']
    expect([...rooms].filter((room) => !free.includes(room)).sort()).toEqual(
      Object.keys(mayImport).sort(),
    )
  })
})

describe('the environment and the clock', () => {
  const offenders = (pattern: RegExp, allowed: (path: string) => boolean): string[] =>
    files
      .map((file) => relative(src, file))
      .filter((path) => !allowed(path) && pattern.test(readFileSync(join(src, path), 'utf8')))

  test('process.env is read in config.ts, and by the start that runs before it', () => {
    expect(offenders(/process\.env/, (path) => ['config.ts', 'start.mjs'].includes(path))).toEqual(
      [],
    )
  })

  test('the rules have no clock and no chance of their own', () => {
    const outside = (path: string): boolean => !path.startsWith('domain/')
    expect(offenders(/Date\.now\(|new Date\(\)|Math\.random/, outside)).toEqual([])
  })
})
