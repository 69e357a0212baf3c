import { installMissingPackages } from '../host/packages.ts'
import { buildStandIns } from '../host/stand-ins.ts'
import { sayDim } from './print.ts'

/** Brings everything to this machine that a boot needs. Quick when it is all there. */
export const setup = async (): Promise<void> => {
  await installMissingPackages(sayDim)
  await buildStandIns(sayDim)
  sayDim('Everything that a boot needs is there.')
}
