import { crashReports } from '../../diagnosis/crash-report.ts'
import { findingsIn } from '../../diagnosis/findings.ts'
import { dumpsIn } from '../../dumps/dumps-in.ts'
import { crashText } from '../../report/crash-text.ts'
import { filesBelow, type FuzzedFormat } from '../format.ts'

export const log: FuzzedFormat = {
  name: 'log',
  samples: () => [
    ...filesBelow('fixtures/recordings', '.log'),
    ...filesBelow('fixtures/recordings', '.raw'),
  ],
  run: (bytes) => {
    const text = bytes.toString('latin1')
    dumpsIn(text)
    for (const crash of crashReports(text, { files: [] })) crashText('log', [crash])
    findingsIn(text)
  },
}
