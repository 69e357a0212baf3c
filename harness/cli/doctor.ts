import { output } from '../host/output.ts'
import { exitStatuses } from '../core/errors.ts'
import { formatDuration } from '../core/text.ts'
import { printJson } from './print.ts'
import { inspectTool, toolNames, type ToolReport } from '../host/tools.ts'
import { keepSlowness, hostSlowness } from '../host/slowness.ts'
import { measureSpeed, type SpeedReport } from '../target/qemu/slowness.ts'
import { probeAccelerators, type AcceleratorReport } from '../target/qemu/accelerators.ts'
import { probeProfiles, type ProfileReport } from '../boot/probe-profiles.ts'
import { guestsFor } from './guests.ts'
import type { JsonFlag } from './flags.ts'

/** `bootstand doctor`: what this machine has for booting, and what brings the rest. */
export const doctor = async (flags: JsonFlag): Promise<void> => {
  const tools = await Promise.all(toolNames.map(inspectTool))
  const usable = tools.every((tool) => tool.problem === undefined)
  const accelerators = usable ? await probeAccelerators((await guestsFor(undefined)).directory) : []
  const speed = usable ? await measureSpeed((await guestsFor(undefined)).directory) : undefined
  if (speed !== undefined) keepSlowness(speed.slowness)
  const profiles = usable ? await probeProfiles((await guestsFor(undefined)).directory) : []
  if (!usable) process.exitCode = exitStatuses.host
  if (flags.json === true)
    return printJson({
      node: process.versions.node,
      tools,
      accelerators,
      profiles,
      ...(speed && { speed }),
    })
  const good = output.style('green', '✓')
  const neutral = output.style('dim', '–')
  const bad = output.style('red', '✗')
  const lines = [
    `${good} ${'node'.padEnd(18)} ${process.versions.node.padEnd(12)} ${process.execPath}`,
    ...tools.map(({ name, version, path, problem }) =>
      problem === undefined
        ? `${good} ${name.padEnd(18)} ${(version ?? '').padEnd(12)} ${path}`
        : `${bad} ${problem}`,
    ),
    ...tools
      .filter((it) => it.confinement !== undefined || it.unconfined !== undefined)
      .map((it) => `${it.unconfined === undefined ? good : neutral} ${describeConfinement(it)}`),
    ...accelerators.map((it) => `${it.name === 'tcg' ? good : neutral} ${describe(it)}`),
    ...profiles.map((it) => `${it.isSame ? good : bad} ${describeProfile(it)}`),
    ...(speed === undefined ? [] : [`${good} ${describeSpeed(speed)}`]),
  ]
  output.write(`${lines.join('\n')}\n`)
}

const describeConfinement = ({ name, unconfined }: ToolReport): string => {
  const state = unconfined === undefined ? 'on' : `off, QEMU refuses it: ${unconfined}`
  return `${`sandbox ${name}`.padEnd(31)} ${state}`
}

const describeProfile = ({ name, isSame, time, problem }: ProfileReport): string => {
  const what =
    name === 'replay'
      ? `a recorded pingpong prints ${isSame ? 'the same' : 'other'} bytes`
      : `pingpong measures ${isSame ? 'the same' : 'other'} numbers`
  const told = problem ?? `${what} when it runs again (${formatDuration(time)})`
  return `${`profile ${name}`.padEnd(31)} ${told}`
}

const describeSpeed = ({ boot, slowness }: SpeedReport): string => {
  const used = hostSlowness()
  const override = used === slowness ? '' : `; BOOTSTAND_SLOWNESS makes it ${used}`
  return `${'slowness'.padEnd(31)} ${slowness}: the stand-ins boot in ${formatDuration(boot)}; deadlines are multiplied by it${override}`
}

const describe = (it: AcceleratorReport): string => {
  const result =
    it.firstOutput === undefined
      ? it.problem!
      : `a guest prints after ${formatDuration(it.firstOutput)}`
  return `${`accelerator ${it.name}`.padEnd(31)} ${result}${it.name === 'tcg' ? '; used' : it.usable ? '; not used yet' : '; not used'}`
}
