import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, standIns, test, type BootFixture } from 'bootstand/testing'
import {
  folderMedium,
  grubMenu,
  grubOn,
  lintMenu,
  parseMenu,
  type BootedTarget,
  type Console,
  type Finding,
} from 'bootstand'
import { afterAll, beforeAll } from 'vitest'
import { findImages, imageList } from '../../harness/bootset/images.ts'
import { plainText } from '../../harness/core/text.ts'
import { packageRoot } from '../../harness/host/paths.ts'
import { provedByGrub } from '../../harness/lint/proofs/by-grub.ts'
import { provedByKickstart } from '../../harness/lint/proofs/by-kickstart.ts'
import { proofFiles, type RightFiles } from '../../harness/lint/proofs/files.ts'
import { notBooted } from '../../harness/lint/proofs/not-booted.ts'
import type { Proof, Sight } from '../../harness/lint/proofs/proof.ts'
import { code, proofTable, type ProvedRule } from '../../harness/lint/proofs/table.ts'
import { rules } from '../../harness/lint/rules/list.ts'
import pingpong from './pingpong.ts'

const proofs = [...provedByGrub, ...provedByKickstart]
const usualMemory = 64

/** Writes the images of a directory and, beside them, the wrong files: all for one medium. */
const writeFiles = async (images: string): Promise<string> => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstand-faulty-menus-'))
  const right = imageList(await findImages(pingpong.bootSet, images)).map((it) => it.bytes)
  const [kickstart, kernel, sigma0, task] = right as [Buffer, Buffer, Buffer, Buffer]
  const names: RightFiles = { kickstart, 'ia32-kernel': kernel, sigma0, pingpong: task }
  for (const [name, bytes] of Object.entries(proofFiles(names))) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    fs.writeFileSync(path.join(root, name), bytes)
  }
  const yesterday = Date.now() / 1000 - 86_400
  fs.utimesSync(path.join(root, 'pingpong'), yesterday, yesterday)
  return root
}

/** What the proof's own rule says of its menu. */
const foretold = ({ rule, menu, memory = usualMemory }: Proof, root: string): Finding => {
  const machine = { memory, serialPorts: 1, drives: ['cd'] }
  const findings = lintMenu(parseMenu(menu), { root: folderMedium(root), machine })
  expect(findings.map((it) => it.rule)).toContain(rule)
  return findings.find((it) => it.rule === rule)!
}

const transcriptOf = ({ transcript }: Console): string =>
  plainText(transcript.read(0).toString('latin1')).trim()

/** Waits for something, and gives it as the table has it. */
const see = async (sight: Sight, com1: Console, { vga }: BootedTarget): Promise<string> => {
  if (sight.kind === 'com1') return code((await com1.waitFor(sight.text)).text.trim())
  if (sight.kind === 'vga') {
    return `on the VGA: ${code((await vga.waitToShow(sight.text)).text)}`
  }
  if (sight.kind === 'silence') {
    await com1.staysQuiet(sight.for)
    return 'then nothing'
  }
  expect(transcriptOf(com1)).toBe('')
  return 'on COM1: nothing'
}

/** Boots a faulty menu, and gives what was seen of it. */
const bootProof = async (
  { menu, memory = usualMemory, sees, pick }: Proof,
  root: string,
  boot: BootFixture,
): Promise<string[]> => {
  const scenario = grubMenu({ menu, memory, missingFiles: 'allow' })
  const target = await boot(scenario, { from: 'loader', images: root, method: 'iso' })
  const { com1 } = target
  if (pick !== undefined) await grubOn(com1).pick(pick)
  const seen: string[] = []
  for (const sight of sees) seen.push(await see(sight, com1, target))
  return seen
}

test('every rule is proved, or it is said why not', () => {
  const shown = new Set([...proofs.map((it) => it.rule), ...Object.keys(notBooted)])
  expect([...shown].toSorted()).toEqual(rules.map((it) => it.id).toSorted())
})

describe('what a rule foretells is what happens', () => {
  const proved: ProvedRule[] = []
  let root: string
  beforeAll(async () => {
    root = await writeFiles(standIns)
  })
  afterAll(() => fs.rmSync(root, { recursive: true }))

  test.for(proofs.map((it) => [it.rule, it] as const))('%s', async ([, proof], { boot }) => {
    const said = foretold(proof, root)
    proved.push({ proof, said, seen: await bootProof(proof, root, boot) })
  })

  test('the table of proofs', async ({ skip }) => {
    skip(proved.length < proofs.length, 'not every proof was booted')
    await expect(proofTable(proved)).toMatchFileSnapshot(
      path.join(packageRoot, 'docs/lint-proofs.md'),
    )
  })
})

const { BOOTSTAND_IMAGES: images } = process.env
if (images === undefined) {
  test('it happens on the images of the user too', ({ skip }) => {
    skip('BOOTSTAND_IMAGES names no directory with a Pistachio build')
  })
} else {
  describe('it happens on the images of the user too', () => {
    let root: string
    beforeAll(async () => {
      root = await writeFiles(images)
    })
    afterAll(() => fs.rmSync(root, { recursive: true }))

    test.for(proofs.map((it) => [it.rule, it] as const))('%s', async ([, proof], { boot }) => {
      foretold(proof, root)
      await bootProof(proof, root, boot)
    })
  })
}
