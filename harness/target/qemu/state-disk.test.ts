import path from 'node:path'
import { expect, test } from 'vitest'
import { openMonitor } from '../../test-tools/monitor.ts'
import { folder, useRuns } from '../../test-tools/runs.ts'
import { StateDisk } from './state-disk.ts'

useRuns()

test('a state that is not kept, or not put back, spoils no other', async () => {
  const nodes: string[] = []
  const refusals = new Map<string, string>()
  const job = { id: 'bootstand-state-format', status: 'concluded' }
  const qmp = await openMonitor((command, words) => {
    const node = String(words['node-name'])
    if (refusals.has(command)) throw refusals.get(command)
    if (command === 'query-jobs') return [job]
    if (command === 'blockdev-add') {
      if (nodes.includes(node)) throw `Duplicate nodes with node-name='${node}'`
      nodes.push(node)
    }
    if (command === 'blockdev-del') {
      // A disk needs its file.
      if (nodes.at(-1) !== node) throw `Node '${node}' is busy or is not there`
      nodes.pop()
    }
    return command === 'human-monitor-command'
      ? (refusals.get(String(words['command-line'])) ?? '')
      : undefined
  })
  const states = new StateDisk(qmp, folder)
  const [first, second] = ['first', 'second'].map((it) => path.join(folder, it))
  for (const refused of ['blockdev-create', 'savevm checkpoint']) {
    refusals.set(refused, 'no space')
    await expect(states.save(first!)).rejects.toThrow('no space')
    refusals.clear()
    await states.save(first!)
    expect(nodes).toEqual([])
  }
  await states.save(second!)
  refusals.set('loadvm checkpoint', 'no snapshot')
  await expect(states.load(first!)).rejects.toThrow('no snapshot')
  refusals.clear()
  for (const file of [first!, first!, second!]) await states.load(file)
  expect(nodes).toEqual(['bootstand-state-file', 'bootstand-state'])
})
