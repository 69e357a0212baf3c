import assert from 'node:assert'
import { printMenu } from '../../formats/menu/menu-file.ts'
import { parseMenu } from '../../formats/menu/parse.ts'
import { standInFolder } from '../../host/stand-ins.ts'
import { applyFixes } from '../../lint/apply-fixes.ts'
import { folderMedium } from '../../lint/folder-medium.ts'
import { lintMenu } from '../../lint/lint-menu.ts'
import { sarifOf } from '../../lint/sarif.ts'
import { textOf } from '../../lint/text-report.ts'
import { filesBelow, type FuzzedFormat } from '../format.ts'

const context = {
  root: folderMedium(standInFolder),
  machine: { memory: 64, serialPorts: 1, drives: ['cd'] },
}

export const menu: FuzzedFormat = {
  name: 'menu',
  samples: () => [...filesBelow('grub-menus', '.lst'), ...filesBelow('fixtures/menus/bad')],
  run: (bytes) => {
    const text = bytes.toString('latin1')
    const file = parseMenu(text)
    assert.equal(printMenu(file), text)
    const linted = { path: 'menu.lst', findings: lintMenu(file, context) }
    textOf(linted)
    sarifOf([linted], '1')
    applyFixes(file, context)
  },
}
