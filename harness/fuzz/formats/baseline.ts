import { parseBaseline } from '../../baseline/baseline.ts'
import { filesBelow, type FuzzedFormat } from '../format.ts'

export const baseline: FuzzedFormat = {
  name: 'baseline',
  samples: () => filesBelow('scenarios/pistachio', '.baseline.json'),
  run: (bytes) => parseBaseline(bytes.toString()),
}
