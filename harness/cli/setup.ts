import { installMissingPackages } from '../host/packages.ts'
import { buildStandIns } from '../host/stand-ins.ts'
import { sayBeside } from './print.ts'

/** Brings everything to this machine that a boot needs. Quick when it is all there. */
export const setup = async (): Promise<void> => {
  await installMissingPackages(sayBeside)
  await buildStandIns(sayBeside)
  sayBeside('Everything that a boot needs is there.')
}
