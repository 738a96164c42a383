import fc from 'fast-check'

/** Values that a field may hold, likely and unlikely. */
const value = fc.oneof(
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 2 },
  fc.constantFrom(null, '', 0, -1, 1e308, [], {}, '\u0000', '\ud800', 'x'.repeat(20_000), true),
)

/** The same body with something replaced, taken away or added somewhere inside. */
export function mutated(body: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(body)
  return fc
    .array(fc.tuple(fc.constantFrom(...places), fc.option(value, { nil: undefined })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) => {
      const copy = structuredClone(body)
      for (const [path, other] of changes) put(copy, path, structuredClone(other))
      return copy
    })
}

function placesOf(body: unknown, path: string[] = []): string[][] {
  if (typeof body !== 'object' || body === null) return [path]
  const inner = Object.entries(body).flatMap(([key, next]) => placesOf(next, [...path, key]))
  return [...(path.length === 0 ? [] : [path]), ...inner]
}

function put(body: unknown, path: string[], other: unknown): void {
  const [key, ...rest] = path
  if (typeof body !== 'object' || body === null || key === undefined) return
  if (rest.length === 0) Reflect.set(body, key, other)
  else put(Reflect.get(body, key), rest, other)
}
