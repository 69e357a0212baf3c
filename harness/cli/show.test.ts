import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { bootstand, useSandbox } from '../test-tools/sandbox.ts'

useSandbox()

describe('list, show and doctor', () => {
  test('list names every scenario and matrix', async () => {
    const { stdout } = await bootstand(['list'])
    expect(stdout).toMatch(
      /^pingpong +L4Ka::Pistachio pingpong +scenarios\/pistachio\/pingpong\.ts$/m,
    )
    expect(stdout).toMatch(
      /^l4linux-consoles +What .* scenarios\/l4linux\/l4linux-consoles\.matrix\.ts$/m,
    )
  })

  test('show gives a line that boots when it is pasted', async () => {
    const { stdout } = await bootstand(['show', 'pingpong', '--json'])
    const shown = JSON.parse(stdout) as { readonly line: string; readonly menu: string }
    const again = await bootstand(['show', 'pingpong', '--json'])
    expect((JSON.parse(again.stdout) as typeof shown).line).toBe(shown.line)
    expect(shown.menu).toContain('module /ia32-kernel\nmodule /sigma0\nmodule /pingpong\n')
    const pasted = execa('sh', ['-c', shown.line], { reject: false, stdin: 'pipe' })
    for await (const line of pasted.iterable()) {
      // Ctrl-A X, as a person leaves.
      if (line.includes('s: print SQLite table')) pasted.stdin.write('\x01x')
    }
    expect((await pasted).exitCode).toBe(0)
  })

  test('doctor names every outside program, a usable accelerator and what each profile is worth', async () => {
    const result = await bootstand(['doctor'])
    expect(result.stdout).toMatch(/^✓ qemu-system-i386 +\d+\.\d+\S* +\//m)
    expect(result.stdout).toMatch(/^✓ sandbox qemu-system-i386 +on$/m)
    expect(result.stdout).toMatch(/^✓ accelerator tcg +a guest prints after .*; used$/m)
    for (const [profile, told] of [
      ['deterministic', 'pingpong measures the same numbers'],
      ['record', 'pingpong measures the same numbers'],
      ['replay', 'a recorded pingpong prints the same bytes'],
    ] as const)
      expect(result.stdout).toMatch(
        new RegExp(`^✓ profile ${profile} +${told} when it runs again`, 'm'),
      )
    expect(result.exitCode).toBe(0)
  })
})
