import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { glossarySchema, type Term } from '../domain/glossary.ts'
import { check, type FileKind, parseYaml } from './yaml-file.ts'

const fileSchema = z.strictObject({ terms: glossarySchema })

const kind: FileKind = {
  unknownField: 'no such field',
  whole: (file) => `${file}:1`,
  error: (message, options) => new Error(message, options),
}

/**
 * The terms of a glossary file in YAML, in its order. Refuses a file that is not right with one
 * error that names the faults as `file:line: field: what is expected`.
 */
export function parseGlossary(source: string, file: string): Term[] {
  const yaml = parseYaml(source, file, kind)
  return check(fileSchema, yaml.value, yaml).terms
}

/** The glossary that comes with Baton. */
export function shippedGlossary(): Term[] {
  // The content is not compiled: it lies in src, whether this runs from src or from dist.
  const file = fileURLToPath(new URL('../../src/content/glossary.yml', import.meta.url))
  return parseGlossary(readFileSync(file, 'utf8'), 'glossary.yml')
}
