import { executedIn } from '../../formats/execution-log.ts'
import { parseInterrupts, parseRegisters } from '../../target/qemu/registers.ts'
import type { FuzzedFormat } from '../format.ts'

const trace = [
  'Trace 0: 0x7f1c58000100 [00000000/00100000/000000b0/ff000000] main',
  'cpu_out addr 0x3f8(b) value 65',
  '1234@1600000000.123456:cpu_out addr 0x3fb(b) value 128',
  'Trace 0: 0x7f1c58000280 [00000000/00100005/000000b0/ff000000] main',
  '',
].join('\n')

const registers = [
  'CPU#0',
  'EAX=00000000 EBX=00000000 ECX=00000000 EDX=00000663',
  'EIP=0000fff0 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0',
  'CR0=60000010 CR2=00000000 CR3=00000000 CR4=00000000',
  'IRQ statistics for isa-i8259:',
  ' 0: 123',
  '',
].join('\n')

/** What QEMU prints: execution and port traces, registers and interrupts. */
export const emulatorLog: FuzzedFormat = {
  name: 'emulator-log',
  samples: () => [Buffer.from(trace), Buffer.from(registers)],
  run: (bytes) => {
    const text = bytes.toString('latin1')
    executedIn(text)
    parseRegisters(text)
    parseInterrupts(text)
  },
}
