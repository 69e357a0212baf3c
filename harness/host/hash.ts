import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** SHA-256 in hexadecimal. */
export const sha256OfBytes = (bytes: Buffer | string): string =>
  createHash('sha256').update(bytes).digest('hex')

/** SHA-256 of a file in hexadecimal, whatever its size. */
export const sha256OfFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

const hashes = new Map<string, Promise<string>>()

/** SHA-256 of a program's file in hexadecimal; looked at once a process. Empty when unreadable. */
export const sha256OfProgram = async (file: string): Promise<string> => {
  let hash = hashes.get(file)
  if (hash === undefined) {
    hash = sha256OfFile(file).catch(() => '')
    hashes.set(file, hash)
  }
  return await hash
}
