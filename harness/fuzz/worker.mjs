// A worker does not inherit the hooks that read TypeScript.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
