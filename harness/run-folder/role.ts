import { z } from 'zod'

/** A console's name. It is a part of file names, so a verdict can have no other characters in it. */
export const role = z.string().regex(/^[A-Za-z][\w-]{0,99}$/, {
  error: 'expected letters, digits, - and _',
})
