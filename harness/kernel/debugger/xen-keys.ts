import type { Console } from '../../console/console.ts'
import type { Dump } from '../../dumps/dumps-in.ts'
import { conversation, impossible, type Step } from './conversation.ts'
import type { Debugger } from './debugger.ts'

type XenDump = Extract<Dump, { readonly system: 'xen' }>
type DumpOf<K extends XenDump['kind']> = Extract<XenDump, { readonly kind: K }>

/**
 * Xen's debug keys. Nothing stands still meanwhile: entering gives the keys to Xen, and continuing gives them
 * back to the first domain.
 */
export interface XenKeys extends Debugger {
  /** Of the first processor. */
  readonly frame: () => Promise<DumpOf<'registers'>>
  /** Of each one. */
  readonly frames: () => Promise<readonly DumpOf<'registers'>[]>
  /** A virtual processor of the first domain, such as `d0v1`; its first one otherwise. */
  readonly thread: (id?: string) => Promise<DumpOf<'registers'>>
  readonly domains: () => Promise<readonly DumpOf<'domain'>[]>
}

/** Control-A thrice, which gives the keys to the next one: Xen or the first domain. */
const switchKeys = '\x01\x01\x01'

/** Talks to Xen, whose answers end with no prompt: they have come when nothing more does. */
export const xenKeysOn = (console: Console): XenKeys => {
  const { awaitPrompt, say, askAll } = conversation(console, {
    name: 'Xen',
    within: 5_000,
    silence: 2_000,
  })
  const given = (to: 'Xen' | 'DOM0') => new RegExp(`\\(XEN\\) \\*\\*\\* Serial input to ${to} `)
  const giveKeysTo = async (to: 'Xen' | 'DOM0') => {
    const { text } = await say(key(switchKeys))
    // They were there already.
    if (!given(to).test(text)) await say(key(switchKeys))
    await awaitPrompt(given(to))
  }
  const registers = async (pressed: string) =>
    await askAll(
      'registers',
      key(pressed),
      (it): it is DumpOf<'registers'> => it.system === 'xen' && it.kind === 'registers',
    )
  const domains = async () =>
    await askAll(
      'domain',
      key('q'),
      (it): it is DumpOf<'domain'> => it.system === 'xen' && it.kind === 'domain',
    )
  return {
    stopped: async (options) => {
      await awaitPrompt(given('Xen'), options)
    },
    enter: async () => await giveKeysTo('Xen'),
    continue: async () => await giveKeysTo('DOM0'),
    command: async (...parts) => await say(parts.flatMap(key)),
    frame: async () => (await registers('d'))[0],
    frames: async () => await registers('d'),
    threads: async () =>
      (await domains()).flatMap(({ domain, processors }) =>
        processors.map(({ vcpu, paused, pauseFlags }) => ({
          id: `d${domain}v${vcpu}`,
          ready: paused === 0 && Number(pauseFlags) === 0,
        })),
      ),
    thread: async (id = 'd0v0') => {
      const wanted = `Dom0 vcpu#${/^d0v(\d+)$/.exec(id)?.[1]}`
      const found = (await registers('0')).find(({ of }) => of === wanted)
      return (
        found ??
        (await impossible(`Xen shows the registers of domain 0 only, as d0v0; found "${id}".`))
      )
    },
    memory: async () => await impossible("None of Xen's debug keys shows memory."),
    domains,
  }
}

const key = (pressed: string): readonly Step[] => [[pressed, 'silence']]
