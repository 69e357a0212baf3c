import { expect, test } from 'bootstand/testing'
import pingpong from './pingpong.ts'

test('messages cross and stay within address spaces', async ({ boot }) => {
  const target = await boot(pingpong)
  for (const [key, benchmark] of [
    ['1', 'Inter-AS'],
    ['2', 'Intra-AS'],
  ] as const) {
    await expect(target.herc).toPrint('s: print SQLite table')
    await target.herc.type(key)
    await expect(target.herc).toPrint(`Benchmarking ${benchmark} IPC...`)
    await expect(target.herc).toPrint(/^IPC \(63 MRs\): [\d.]+ cycles/)
    await expect(target.herc).toPrint('ESC - Enter KDB')
    await target.herc.type('q')
  }
})
