import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packageRoot } from '../host/paths.ts'
import { bannersIn } from './banners.ts'
import { processorTimeOf } from '../test-tools/processor-time.ts'

const recording = (name: string) =>
  fs.readFileSync(path.join(packageRoot, 'fixtures/recordings', name), 'latin1')

test.for([
  [
    'pistachio/10-rt-sleep.log',
    [
      { part: 'loader', name: 'KickStart', version: '0.13.06' },
      {
        part: 'kernel',
        name: 'L4Ka::Pistachio',
        built: 'Nov 20 2026 21:02:58',
        compiler: 'gcc version 12.2.0',
      },
    ],
  ],
  [
    'fiasco/hello-2026.log',
    [
      {
        part: 'kernel',
        name: 'L4Re Microkernel',
        version: '245fce53-dirty',
        built: 'Fri Nov 20 21:01:10 UTC 2026',
        compiler: 'gcc 12.2.0',
      },
    ],
  ],
  [
    'l4linux/nocons.log',
    [
      {
        part: 'kernel',
        name: 'L4/Fiasco.OC microkernel',
        version: 'r77',
        built: 'Tue May  1 16:26:26 CST 2018',
        compiler: 'gcc 5.4.0 20160609',
      },
      {
        part: 'kernel',
        name: 'Linux',
        version: '4.15.0-l4-svn58',
        built: 'Tue May 1 15:28:27 CST 2018',
        compiler: 'gcc version 5.4.0 20160609 (Ubuntu 5.4.0-6ubuntu1~16.04.9)',
      },
    ],
  ],
  [
    'gnumach/wild-jump.log',
    [{ part: 'kernel', name: 'GNU Mach', version: '1.8+git20221224-486-dbg' }],
  ],
  [
    'linux-2.4/no-root.log',
    [
      {
        part: 'kernel',
        name: 'Linux',
        version: '2.4.22',
        built: 'Fri Nov 20 21:36:40 UTC 2026',
        compiler: 'gcc version 12.2.0 (Debian 12.2.0-14+deb12u1)',
      },
    ],
  ],
  [
    'xen/no-dom0.log',
    [
      {
        part: 'kernel',
        name: 'Xen',
        version: '4.17.7 (Debian 4.17.7+13-g2445b30a44-0+deb12u1)',
        built: 'Wed Nov  4 16:52:28 UTC 2026',
        compiler: 'x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0',
      },
    ],
  ],
] as const)('%s says who it is', ([name, banners]) => {
  expect(bannersIn(recording(name))).toEqual(banners)
})

test('a log without a banner names nobody, whatever it is', () => {
  expect(bannersIn(recording('grub-legacy/menu-drawn.log'))).toEqual([])
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => bannersIn(text).length === 0))
})

test('a long log takes no time', async () => {
  const text = 'L4Ka::Pistachio - built on '.repeat(100_000)
  expect(await processorTimeOf(() => bannersIn(text))).toBeLessThan(1_000)
  expect(bannersIn(text)).toEqual([])
})
