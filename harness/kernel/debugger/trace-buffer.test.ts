import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { elfSymbols } from '../../formats/elf-symbols.ts'
import { standInFolder } from '../../host/stand-ins.ts'
import { showsTraceBuffer } from './trace-buffer.ts'

const kernel = fs.readFileSync(path.join(standInFolder, 'ia32-kernel'))

/** The stand-in's kernel with a variable renamed to what a kernel with a trace buffer has. */
const withTraceBuffer = (): Buffer =>
  Buffer.from(
    kernel.toString('latin1').replaceAll('running_utcb_table', 'xdump_tbufE6tb_str'),
    'latin1',
  )

const moved = (bytes: Buffer, from: number, to: number): Buffer => {
  const word = (value: number) => {
    const it = Buffer.alloc(4)
    it.writeUInt32LE(value)
    return it.toString('latin1')
  }
  return Buffer.from(bytes.toString('latin1').replaceAll(word(from), word(to)), 'latin1')
}

test('is asked for where the kernel keeps what it is written with', () => {
  const sound = withTraceBuffer()
  const [text] = elfSymbols(sound, { variables: true }).filter(({ name }) =>
    name.endsWith('tb_str'),
  )
  expect(showsTraceBuffer(sound)).toBe(true)
  expect(showsTraceBuffer(moved(sound, text!.address, 0x17_4c60))).toBe(false)
})

test('is not asked for where nothing says that there is one', () => {
  expect(showsTraceBuffer(kernel)).toBe(false)
  expect(showsTraceBuffer(Buffer.from('no ELF file'))).toBe(false)
})
