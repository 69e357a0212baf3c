import { styleText } from 'node:util'
import { installMissingPackages } from '../host/packages.ts'
import { buildStandIns } from '../host/stand-ins.ts'

/** Brings everything to this machine that a boot needs. Quick when it is all there. */
export const setup = async (): Promise<void> => {
  await installMissingPackages(say)
  await buildStandIns(say)
  say('Everything that a boot needs is there.')
}

const say = (line: string): void => {
  process.stderr.write(`${styleText('dim', line, { stream: process.stderr })}\n`)
}
