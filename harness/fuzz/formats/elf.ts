import { addressMap } from '../../diagnosis/address-map.ts'
import { elfCompilers } from '../../formats/elf-comment.ts'
import { elfFunctions } from '../../formats/elf-functions.ts'
import { hasOwnLines } from '../../formats/elf-lines.ts'
import { elfNeeds } from '../../formats/elf-needs.ts'
import { elfCodeRanges, elfSymbols } from '../../formats/elf-symbols.ts'
import { parseElf } from '../../formats/elf.ts'
import { findMultibootHeader, multibootLoadEnd } from '../../formats/multiboot.ts'
import { standInFolder } from '../../host/stand-ins.ts'
import { isOtherKernel, loadSpanOf, look } from '../../lint/look.ts'
import { filesIn, type FuzzedFormat } from '../format.ts'

export const elf: FuzzedFormat = {
  name: 'elf',
  samples: () => filesIn(standInFolder),
  run: (bytes) => {
    const readers = [
      ...[parseElf, elfSymbols, elfFunctions, elfCompilers, elfNeeds, hasOwnLines],
      ...[elfCodeRanges, findMultibootHeader, multibootLoadEnd, look, isOtherKernel, loadSpanOf],
    ]
    for (const read of readers) read(bytes)
    addressMap([{ name: 'x', bytes }])
  },
}
