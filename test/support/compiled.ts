import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Compiles these sources (paths below src) and what they import into a folder of its own that any
 * account may read, for tests that run them in a process of its own. Types are not checked.
 */
export function compiled(...sources: string[]): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'baton-compiled-'))
  execFileSync(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...sources.map((source) => join(root, 'src', source)),
    ...['--ignoreConfig', '--noCheck', '--rewriteRelativeImportExtensions'],
    ...['--target', 'es2023', '--module', 'nodenext', '--rootDir', join(root, 'src')],
    ...['--outDir', folder],
  ])
  execFileSync('chmod', ['-R', 'a+rX', folder])
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  symlinkSync(join(root, 'package.json'), join(folder, 'package.json'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
