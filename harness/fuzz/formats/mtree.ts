import { mtreeName, mtreeText, parseMtree } from '../../formats/mtree.ts'
import { filesBelow, type FuzzedFormat } from '../format.ts'

export const mtree: FuzzedFormat = {
  name: 'mtree',
  samples: () => [
    ...filesBelow('fixtures/linux', '.mtree'),
    ...filesBelow('fixtures/stand-in/ramdisk', 'contents'),
  ],
  run: (bytes) => {
    const text = bytes.toString('latin1')
    parseMtree(text)
    mtreeName(mtreeText(text))
  },
}
