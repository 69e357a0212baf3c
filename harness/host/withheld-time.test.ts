import { expect, onTestFinished, test, vi } from 'vitest'
import { stolenTime, throttledTime, totalWithheld, watchWithheld } from './withheld-time.ts'

test('stolen time is averaged over the processors', () => {
  const stat = [
    'cpu  100 0 50 900 3 0 2 500 0 0',
    'cpu0 50 0 25 450 1 0 1 400 0 0',
    'cpu1 50 0 25 450 2 0 1 100 0 0',
    'intr 12345 0 9',
  ].join('\n')
  expect(stolenTime(stat)).toBe(2_500)
  expect(stolenTime('')).toBe(0)
})

test.for([
  ['version 2', '0::/ci/job', '/sys/fs/cgroup/ci', 'usage_usec 9\nthrottled_usec 1500000\n'],
  [
    'version 1',
    '4:memory:/other\n2:cpu,cpuacct:/ci/job\n1:name=systemd:/ci',
    '/sys/fs/cgroup/cpu/ci/job',
    'nr_periods 31\nnr_throttled 30\nthrottled_time 1500000000\n',
  ],
  ['its root, as a container sees it', '0::/', '/sys/fs/cgroup', 'throttled_usec 1500000'],
] as const)('a quota of a cgroup of %s throttles what is inside', ([, cgroups, at, stat]) => {
  const read = (file: string) => (file === `${at}/cpu.stat` ? stat : '')
  expect(throttledTime(cgroups, read)).toBe(1_500)
})

test('time that was throttled counts once, though the threads waited meanwhile', () => {
  expect(totalWithheld({ waited: 700, throttled: 650, stolen: 100 })).toBe(800)
  expect(totalWithheld({ waited: 20, throttled: 650, stolen: 0 })).toBe(650)
})

test('a wait for a processor counts while it lasts, and once', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  let [ran, waited, ready] = [100, 50, true]
  const times = () => new Map([['1', { ran, waited, isReady: () => ready }]])
  const withheld = watchWithheld(process.pid, times)
  const after = (milliseconds: number) => {
    vi.advanceTimersByTime(milliseconds)
    return withheld().waited
  }
  expect(after(30)).toBe(30)
  expect(after(30)).toBe(30)
  // It ran at last, having waited 80 ms.
  ;[ran, waited] = [101, 130]
  expect(after(30)).toBe(20)
  // It sleeps.
  ready = false
  expect(after(30)).toBe(0)
})
