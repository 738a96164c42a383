/** A schema of the document: as much of JSON Schema as the document uses. */
export type JsonSchema = Record<string, unknown>

const known = new Set([
  ...['$ref', 'type', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items'],
  ...['anyOf', 'oneOf', 'allOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'format', 'propertyNames'],
  ...['description', 'example', 'default', 'title'],
])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const formats: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  email: /^[^@\s]+@[^@\s]+$/,
}

/**
 * Where and how a value does not fit a schema; nothing where it fits. `resolve` finds what a
 * reference is to. A keyword that it does not know is a fault too: it checks nothing half.
 */
export function misfits(
  value: unknown,
  schema: JsonSchema,
  resolve: (ref: string) => JsonSchema,
  at = '',
): string[] {
  const inner = (other: unknown, next: unknown, where = at): string[] =>
    isObject(next) ? misfits(other, next, resolve, where) : []
  const faults: string[] = []
  const expect = (fits: boolean, what: string): void => {
    if (!fits) faults.push(`${at || '/'}: ${what}`)
  }

  for (const keyword of Object.keys(schema)) {
    expect(known.has(keyword) || keyword.startsWith('x-'), `unknown keyword ${keyword}`)
  }
  if (typeof schema.$ref === 'string') faults.push(...inner(value, resolve(schema.$ref)))
  if (schema.type !== undefined) {
    const types = [schema.type].flat()
    const type = typeOf(value)
    const fits = types.includes(type) || (type === 'integer' && types.includes('number'))
    expect(fits, `is ${type}, not ${types.join(' or ')}`)
  }
  if (Array.isArray(schema.enum)) expect(schema.enum.includes(value), 'is none of its values')
  if ('const' in schema) expect(value === schema.const, 'is not the one value')

  const branches = (list: unknown): string[][] =>
    Array.isArray(list) ? list.map((next) => inner(value, next)) : []
  for (const branch of branches(schema.allOf)) faults.push(...branch)
  const anyOf = branches(schema.anyOf)
  if (anyOf.length > 0)
    expect(
      anyOf.some((branch) => branch.length === 0),
      'fits no branch',
    )
  const oneOf = branches(schema.oneOf)
  if (oneOf.length > 0) {
    expect(oneOf.filter((branch) => branch.length === 0).length === 1, 'fits not just one branch')
  }

  const bound = (keyword: string, size: number, fits: (a: number, b: number) => boolean): void => {
    const limit = schema[keyword]
    if (typeof limit === 'number') expect(fits(size, limit), `breaks ${keyword} ${limit}`)
  }
  const [least, most] = [(a: number, b: number) => a >= b, (a: number, b: number) => a <= b]
  if (typeof value === 'string') {
    bound('minLength', value.length, least)
    bound('maxLength', value.length, most)
    const { pattern, format } = schema
    if (typeof pattern === 'string') expect(new RegExp(pattern, 'u').test(value), 'breaks pattern')
    if (typeof format === 'string') {
      expect(formats[format]?.test(value) ?? true, `is no ${format}`)
    }
  }
  if (typeof value === 'number') {
    bound('minimum', value, least)
    bound('maximum', value, most)
    bound('exclusiveMinimum', value, (a, b) => a > b)
    bound('exclusiveMaximum', value, (a, b) => a < b)
  }
  if (Array.isArray(value)) {
    bound('minItems', value.length, least)
    bound('maxItems', value.length, most)
    faults.push(...value.flatMap((item, place) => inner(item, schema.items, `${at}/${place}`)))
  }
  if (isObject(value)) {
    const properties = isObject(schema.properties) ? schema.properties : {}
    for (const name of Array.isArray(schema.required) ? schema.required : []) {
      expect(Object.hasOwn(value, name), `lacks ${name}`)
    }
    for (const [name, field] of Object.entries(value)) {
      if (Object.hasOwn(properties, name)) {
        faults.push(...inner(field, properties[name], `${at}/${name}`))
      } else if (schema.additionalProperties === false) {
        expect(false, `has ${name} too`)
      } else {
        faults.push(...inner(field, schema.additionalProperties, `${at}/${name}`))
      }
    }
  }
  return faults
}
