/** Milliseconds of this process's processor time that some work takes: a busy host makes it later, not more. */
export const processorTimeOf = async (work: () => unknown): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
