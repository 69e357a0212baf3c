import { z } from 'zod'

/**
 * Entries of a list. One issue is made for each wrong entry, so a longer list is rejected before its entries are
 * checked.
 */
const longestList = 100_000

const anyList = z.array(z.unknown()).max(longestList)

/** Checks a list of a limited length. */
export const list = <T extends z.ZodType>(item: T): z.ZodType<readonly z.output<T>[]> =>
  anyList.pipe(z.array(item) as z.ZodType<z.output<T>[], unknown[]>)
