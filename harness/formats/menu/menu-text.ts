import fc from 'fast-check'

/** Strings in which everything that GRUB looks at is frequent. */
export const menuText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r\n', '\\\n', '\\', '\r', '\t', ' ', '=', '#', '\0', '(', ')', ','),
      fc.constantFrom('title', 'kernel', 'module', 'root (hd0,0)', 'timeout', '/x', 'kernal'),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constant('long '.repeat(301)),
    ),
  )
  .map((parts) => parts.join(''))
