import fs from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { deadlines } from '../../core/deadline.ts'
import { BootstandError } from '../../core/errors.ts'
import { forPeople } from './monitor-commands.ts'
import type { Qmp } from './qmp.ts'

/** What a snapshot is called in its file, which has no other. */
const snapshot = 'checkpoint'

/** QEMU's names of a file's contents and of the file. */
const nodes = { disk: 'bootstand-state', file: 'bootstand-state-file' } as const

/** Only its snapshot counts, which lies behind its blocks. */
const diskSize = 1024 * 1024

/**
 * Keeps a machine's memory and devices in files, and puts them back. QEMU keeps them on a disk, so it is given
 * one for that: the guest knows nothing of it, and the command line stays what it is.
 *
 * Calls must not overlap, and the machine has to stand still.
 */
export class StateDisk {
  readonly #qmp: Qmp
  /** QEMU writes to the file that it loads from, so it gets a copy. */
  readonly #copy: string
  /** The file that the machine was last loaded from, by its copy. */
  #loaded: string | undefined
  /** Of the disk that the machine has now, in the order in which they were added. */
  readonly #nodes: string[] = []

  /** @param folder The run's. */
  constructor(qmp: Qmp, folder: string) {
    this.#qmp = qmp
    this.#copy = path.join(folder, 'state.qcow2')
  }

  /** Writes the machine's state to a new file. */
  async save(file: string): Promise<void> {
    await this.#leave()
    await fs.writeFile(file, '')
    await this.#orLeave(async () => {
      await this.#add('file', { driver: 'file', filename: file })
      await this.#format()
      await this.#addDisk()
      await this.#tell(`savevm ${snapshot}`)
    })
    await this.#leave()
  }

  /** Gives the machine the state of a file. */
  async load(file: string): Promise<void> {
    await this.#orLeave(async () => {
      if (this.#loaded !== file) {
        await this.#leave()
        await fs.copyFile(file, this.#copy, fs.constants.COPYFILE_FICLONE)
        await this.#add('file', { driver: 'file', filename: this.#copy })
        await this.#addDisk()
        this.#loaded = file
      }
      await this.#tell(`loadvm ${snapshot}`)
    })
  }

  /** Removes the copy, when QEMU is gone. */
  async clear(): Promise<void> {
    await fs.rm(this.#copy, { force: true })
  }

  /** Where it fails, the next one finds the machine without a disk all the same. */
  async #orLeave(action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      await this.#leave().catch(() => {})
      throw error
    }
  }

  /** Takes the disk away from the machine, if it has one. */
  async #leave(): Promise<void> {
    this.#loaded = undefined
    for (const name of this.#nodes.splice(0).toReversed())
      await this.#qmp.execute('blockdev-del', { 'node-name': name })
  }

  async #addDisk(): Promise<void> {
    await this.#add('disk', { driver: 'qcow2', file: nodes.file })
  }

  async #add(node: keyof typeof nodes, options: Readonly<Record<string, unknown>>): Promise<void> {
    const cache = { 'no-flush': true }
    await this.#qmp.execute('blockdev-add', { 'node-name': nodes[node], cache, ...options })
    this.#nodes.push(nodes[node])
  }

  /** Makes an empty disk of the file. */
  async #format(): Promise<void> {
    const id = 'bootstand-state-format'
    const options = { driver: 'qcow2', file: nodes.file, size: diskSize }
    await this.#qmp.execute('blockdev-create', { 'job-id': id, options })
    const until = performance.now() + deadlines.monitorAnswer
    while (performance.now() < until) {
      const jobs = (await this.#qmp.execute('query-jobs')) as readonly Job[]
      const job = jobs.find((it) => it.id === id)
      if (job?.status === 'concluded') {
        await this.#qmp.execute('job-dismiss', { id })
        if (job.error !== undefined) throw refused(job.error)
        return
      }
      await pause(1)
    }
    throw refused('it was not written in time')
  }

  /** The monitor for people says something only when it goes wrong. */
  async #tell(line: string): Promise<void> {
    const words = (await forPeople(this.#qmp, line)).trim()
    if (words !== '') throw refused(words)
  }
}

interface Job {
  readonly id: string
  readonly status: string
  readonly error?: string
}

const refused = (words: string): BootstandError =>
  new BootstandError(
    'BOOTSTAND_CHECKPOINT',
    'host',
    `QEMU did not keep or put back the machine's state: ${words}`,
  )
