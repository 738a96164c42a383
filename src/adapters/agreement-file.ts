import { readFile, stat } from 'node:fs/promises'
import { stringify } from 'yaml'
import { z } from 'zod'
import { type Agreement, agreementSchema } from '../domain/agreement.ts'
import { type Calendar, calendarSchema } from '../domain/calendar.ts'
import { check, type FileKind, parseYaml, refuseTooLarge, type YamlFile } from './yaml-file.ts'

const calendarSectionSchema = z.object({ calendar: calendarSchema })

/** The top-level sections of an agreement file as it writes them, not checked yet. */
export type AgreementSections = Record<string, unknown>

/** What is wrong with an agreement file: a line for each fault, with file, line and field. */
export class AgreementFileError extends Error {
  override readonly name = 'AgreementFileError'
}

const kind: FileKind = {
  unknownField: 'is no field of an agreement',
  whole: (file) => file,
  error: (message, options) => new AgreementFileError(message, options),
}

/**
 * Reads and checks an agreement. Sections that the source leaves out are taken from `defaults`
 * (those it has replace them whole). The answer is plain data and may be kept as JSON.
 * Throws AgreementFileError with the faults found (the first thirty).
 */
export function parseAgreement(
  source: string,
  file: string,
  defaults: AgreementSections = {},
): Agreement {
  const yaml = parseYaml(source, file, kind)
  return check(agreementSchema, { ...defaults, ...sectionsOf(yaml) }, yaml)
}

/** Reads only the calendar of an agreement, whatever else the source holds or lacks. */
export function parseAgreementCalendar(source: string, file: string): Calendar {
  const yaml = parseYaml(source, file, kind)
  return check(calendarSectionSchema, sectionsOf(yaml), yaml).calendar
}

/** The sections of a source, to be the `defaults` of another one. */
export function parseAgreementSections(source: string, file: string): AgreementSections {
  return sectionsOf(parseYaml(source, file, kind))
}

/** `parseAgreement` of a file, and of the file that its defaults are in, if there is one. */
export async function readAgreement(path: string, defaultsPath?: string): Promise<Agreement> {
  const defaults =
    defaultsPath === undefined
      ? {}
      : parseAgreementSections(await readAgreementSource(defaultsPath), defaultsPath)
  return parseAgreement(await readAgreementSource(path), path, defaults)
}

/** The text of an agreement, and how faults name the file that it stands in. */
export interface AgreementText {
  text: string
  file: string
}

/**
 * A whole agreement out of a text that may leave sections out, completed with those of `base`, so
 * that it means the same for ever: read, and as text. Throws what `parseAgreement` throws.
 */
export function completedAgreement(
  own: AgreementText,
  base: AgreementText,
): { agreement: Agreement; source: string } {
  const defaults = parseAgreementSections(base.text, base.file)
  const agreement = parseAgreement(own.text, own.file, defaults)
  const source = stringify({ ...defaults, ...parseAgreementSections(own.text, own.file) })
  // two texts that can be read may make one that can't, being too large
  parseAgreement(source, own.file)
  return { agreement, source }
}

/**
 * The text of a whole agreement: that of the file, completed with the sections of `defaultsPath`
 * that it leaves out. Refuses what `readAgreement` refuses.
 */
export async function completeAgreement(path: string, defaultsPath: string): Promise<string> {
  const own = { text: await readAgreementSource(path), file: path }
  const base = { text: await readAgreementSource(defaultsPath), file: defaultsPath }
  return completedAgreement(own, base).source
}

/** The text of an agreement file; refuses one that can't be read, is no file or is over 1 MiB. */
export async function readAgreementSource(path: string): Promise<string> {
  try {
    refuseTooLarge((await stat(path)).size, path, kind)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof AgreementFileError) throw error
    throw new AgreementFileError(`${path}: ${whyUnreadable(error)}`, { cause: error })
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this file may not be read',
  EISDIR: 'this is a folder, expects a file',
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? `this file can't be read (${code || String(error)})`
}

function sectionsOf({ value, file }: YamlFile): AgreementSections {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AgreementFileError(`${file}:1: expects the sections of an agreement, such as clocks`)
  }
  return { ...value }
}
