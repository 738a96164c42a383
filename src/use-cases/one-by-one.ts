const lines = new WeakMap<object, Map<string, Promise<unknown>>>()

/**
 * Does work that would only get in its own way one after the other: what shares an owner and a key.
 * It spares this process races that it would lose; between processes the database decides. The work
 * must not wait for more work of the same line.
 */
export function oneByOne<Done>(
  owner: object,
  key: string,
  work: () => Promise<Done>,
): Promise<Done> {
  const own = lines.get(owner) ?? new Map<string, Promise<unknown>>()
  lines.set(owner, own)
  const done = (own.get(key) ?? Promise.resolve()).then(work)
  const over = done
    .catch(() => undefined)
    .then(() => {
      if (own.get(key) === over) own.delete(key)
    })
  own.set(key, over)
  return done
}
