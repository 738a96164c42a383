import type { Agreement } from './agreement.ts'
import {
  isWrittenFields,
  type Written,
  type WrittenFields,
  writtenAgreement,
} from './agreement-written.ts'

/** What is different in one clause, as the file writes it; null where there is none. */
export interface Change {
  /** The place in the file, such as `clocks.accept.within`. */
  clause: string
  /** The same, key by key; an entry of a list by its id, its address, its group or its text. */
  path: readonly string[]
  what: 'changed' | 'added' | 'removed' | 'reordered'
  before: Written | null
  after: Written | null
}

/** Every difference between two agreements, clause by clause, in the order of the file. */
export const agreementDiff = (before: Agreement, after: Agreement): Change[] =>
  compare(writtenAgreement(before), writtenAgreement(after), { clause: '', path: [] })

type Place = Pick<Change, 'clause' | 'path'>

const below = ({ clause, path }: Place, key: string, told: string = key): Place => ({
  clause: [clause, told].filter((part) => part !== '').join('.'),
  path: [...path, key],
})

function compare(before: Written | null, after: Written | null, place: Place): Change[] {
  if (same(before, after)) return []
  if (before === null) return [{ ...place, what: 'added', before, after }]
  if (after === null) return [{ ...place, what: 'removed', before, after }]
  if (isWrittenFields(before) && isWrittenFields(after) && !isWhole(before, after, place)) {
    return keysOf(before, after).flatMap((key) =>
      compare(before[key] ?? null, after[key] ?? null, below(place, key)),
    )
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [was, is] = [named(before, place), named(after, place)]
    if (was !== undefined && is !== undefined) return compareLists(was, is, place)
  }
  return [{ ...place, what: 'changed', before, after }]
}

const keysOf = (...records: WrittenFields[]): string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record))),
]

function same(a: Written | null, b: Written | null): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => same(entry, b[index] ?? null))
  }
  if (isWrittenFields(a) && isWrittenFields(b)) {
    return keysOf(a, b).every((key) => same(a[key] ?? null, b[key] ?? null))
  }
  return a === b
}

const clocks: readonly string[] = ['working', 'wall']
const isAllowance = (fields: WrittenFields): boolean => {
  const keys = Object.keys(fields)
  return keys.length === 1 && keys.every((key) => clocks.includes(key))
}

/** A time allowed reads as one value, and so do the hours of a week. */
const isWhole = (before: WrittenFields, after: WrittenFields, { path }: Place): boolean =>
  path.at(-1) === 'hours' || (isAllowance(before) && isAllowance(after))

interface Entry {
  name: string
  /** The name in the clause; a text is no part of it. */
  told: string
  value: Written
}

/** The entries of a list by their names; undefined for a list that reads as one value. */
function named(list: readonly Written[], place: Place): Entry[] | undefined {
  const seen = new Map<string, number>()
  const entries = list.flatMap((value): Entry[] => {
    const known = nameOf(value, place)
    if (known === undefined) return []
    const times = (seen.get(known.name) ?? 0) + 1
    seen.set(known.name, times)
    return [{ ...known, name: times === 1 ? known.name : `${known.name} (${times})`, value }]
  })
  return entries.length === list.length ? entries : undefined
}

function nameOf(value: Written, { path }: Place): Pick<Entry, 'name' | 'told'> | undefined {
  if (typeof value === 'string') {
    return path.at(-1) === 'holidays' ? { name: value, told: value } : undefined
  }
  if (!isWrittenFields(value)) return undefined
  const name = value.id ?? value.email ?? value.group ?? value.clock ?? value.measure
  if (typeof name === 'string') return { name, told: name }
  return typeof value.en === 'string' ? { name: value.en, told: '' } : undefined
}

/** Entries by name, wherever they stand; then their order, where that has changed. */
function compareLists(before: Entry[], after: Entry[], place: Place): Change[] {
  const find = (list: Entry[], name: string) => list.find((entry) => entry.name === name)
  const all = [...before, ...after.filter(({ name }) => find(before, name) === undefined)]
  const changes = all.flatMap(({ name, told }) =>
    compare(
      find(before, name)?.value ?? null,
      find(after, name)?.value ?? null,
      below(place, name, told),
    ),
  )
  // dates have an order of their own
  if (place.path.at(-1) === 'holidays') return changes
  const kept = all.map(({ name }) => name).filter((name) => find(after, name) !== undefined)
  const order = after.map(({ name }) => name)
  if (same(kept, order)) return changes
  const was = before.map(({ name }) => name)
  return [...changes, { ...place, what: 'reordered', before: was, after: order }]
}
