// Plain JavaScript: bootstand.mjs needs it before anything can read TypeScript.

/** What the system's error codes mean where the host has run out of something. */
const hostProblems = {
  ENOSPC: 'no space or no inode is left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EIO: 'the device fails',
  EFBIG: 'the file would be larger than this user may write (ulimit -f)',
  EMFILE: 'too many files are open (ulimit -n)',
  ENFILE: 'too many files are open on this host',
  ENOMEM: 'no memory is left',
  EAGAIN: 'no more processes or threads can be started (ulimit -u)',
  E2BIG: 'the environment or the command line is too long',
  ERR_WORKER_INIT_FAILED: 'no thread can be started',
  ERR_WORKER_OUT_OF_MEMORY: 'no memory is left',
}

/** esbuild's words when its process has ended; V8's when no address space is left (ulimit -v). */
const hostMessages = [
  [
    /The service (?:was stopped|is no longer running)/,
    'esbuild, which reads TypeScript, was ended',
  ],
  [/Out of memory|Array buffer allocation failed/, 'no memory is left (ulimit -v)'],
]

/** Returns what an error says about the host, as a clause; nothing where it says something else. */
export const hostProblem = (error) => {
  if (!(error instanceof Error)) return undefined
  const { code, path: place, syscall, message, cause, errors } = error
  if (Object.hasOwn(hostProblems, code)) {
    const what = place === undefined ? syscall : place
    return `${hostProblems[code]}${what === undefined ? '' : ` (${JSON.stringify(what)})`}`
  }
  const known = hostMessages.find(([pattern]) => pattern.test(message))
  if (known !== undefined) return known[1]
  return [cause, ...(Array.isArray(errors) ? errors : [])].map(hostProblem).find(Boolean)
}
