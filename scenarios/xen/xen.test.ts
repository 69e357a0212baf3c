import { expect, test } from 'bootstand/testing'
import { debianXen, grubMenu, menu, xenKeysOn } from 'bootstand'
import xen from './xen.ts'

test('the debug keys answer with data, and go back to the domain', async ({ boot }) => {
  const target = await boot(xen)
  await expect(target.com1).toPrint('Brought up 2 CPUs')
  await expect(target.com1).toPrint('stand-in dom0 waits')
  const keys = xenKeysOn(target.com1)
  await keys.enter()
  // Again is no harm.
  await keys.enter()
  const frame = await keys.frame()
  expect(frame).toMatchObject({ of: 'CPU0 host', context: 'hypervisor' })
  expect(frame.callTrace?.map(({ symbol }) => symbol)).toContain('arch/x86/domain.c#idle_loop')
  // It waits for an event.
  await expect(keys.threads()).resolves.toEqual([{ id: 'd0v0', ready: false }])
  await expect(keys.domains()).resolves.toMatchObject([{ domain: 0, processors: [{ cpu: 0 }] }])
  const domain = await keys.thread('d0v0')
  expect(domain).toMatchObject({ context: 'pv guest (d0v0)', decoded: { ring: 3 } })
  // Behind its last hypercall.
  expect(Number(domain.ip.address) & ~0xff).toBe(0x10_1000)
  expect((await keys.command('h')).text).toContain('=> dump Dom0 registers')
  await expect(keys.thread('d0v7')).rejects.toThrow('registers of domain 0 only, as d0v0')
  await expect(keys.memory(0)).rejects.toThrow("None of Xen's debug keys shows memory.")
  await keys.continue()
  await keys.enter()
  await expect(target.stop()).resolves.toMatchObject({ outcome: 'finished' })
})

test('a domain that says nothing is asked about', async ({ boot }) => {
  const target = await boot(xen)
  await expect(target.com1).toPrint('stand-in dom0 waits')
  await expect(target.com1.waitFor('login:', { within: 500 })).rejects.toThrow('alive but silent')
  expect((await target.stop()).interrogation).toEqual([
    expect.stringMatching(/^registers: CPU0 host at arch\/x86\/domain\.c#default_idle/),
    expect.stringMatching(/^registers: CPU1 host at arch\/x86\/domain\.c#default_idle/),
    'domain: domain 0 with 1 processor',
    expect.stringMatching(/^registers: Dom0 vcpu#0 at 0x0*101/),
  ])
})

test('without a domain Xen panics', async ({ boot }) => {
  const alone = menu().entry('Xen', (entry) =>
    entry.root('(hd0,0)').kernel('/xen-4.17-amd64.gz', 'com1=115200,8n1 console=com1 noreboot'),
  )
  const scenario = grubMenu({
    menu: alone.print(),
    entry: 'Xen',
    architecture: 'x86_64',
    guests: debianXen,
  })
  const target = await boot(scenario)
  await expect(target.com1.waitFor('login:')).rejects.toThrow(
    'Xen panicked: dom0 kernel not specified. Check bootloader configuration',
  )
})
