import { parseKernelConfig } from '../../formats/kernel-config.ts'
import { systems } from '../../lint/config/config-rule.ts'
import { lintConfig } from '../../lint/config/lint-config.ts'
import type { FuzzedFormat } from '../format.ts'

const sample = [
  '# Linux/i386 2.6.26-l4 Kernel Configuration',
  '# CONFIG_SMP is not set',
  'CONFIG_L4=y',
  'CONFIG_L4_MEMSIZE=64',
  'CONFIG_CMDLINE="console=ttyLv0 \\"x\\""',
  'CONFIG_MOSIX=y',
  'CONFIG_BPROC=m',
  '',
].join('\n')

export const kernelConfig: FuzzedFormat = {
  name: 'config',
  samples: () => [Buffer.from(sample)],
  run: (bytes) => lintConfig(parseKernelConfig(bytes.toString('latin1')), { systems, memory: 64 }),
}
