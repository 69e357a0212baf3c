/**
 * Computes something once for each object, such as a file's bytes: thousands of lines may name one file. The object must
 * not change afterwards.
 */
export const onceEach = <K extends object, T>(read: (key: K) => T): ((key: K) => T) => {
  const kept = new WeakMap<K, { readonly value: T }>()
  return (key) => {
    const known = kept.get(key) ?? { value: read(key) }
    kept.set(key, known)
    return known.value
  }
}
