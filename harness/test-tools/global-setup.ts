import { buildStandIns } from '../host/stand-ins.ts'

/** Makes plain `npx vitest` find the stand-in guests built. */
export const setup = async (): Promise<void> => {
  await buildStandIns((line) => process.stderr.write(`${line}\n`))
}
