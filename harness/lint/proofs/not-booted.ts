/** Rules that no boot here can prove, and why. */
export const notBooted: Readonly<Record<string, string>> = {
  'ramdisk-not-after-l4linux': 'it takes an L4Linux, of which there is no stand-in.',
  'serial-speed': "QEMU's ports take every speed for the right one; only a real line garbles.",
  'no-captured-console': "it takes a Linux; Pistachio's own programs read no `console=`.",
  'console-port-missing': "it takes a Linux; Pistachio's own programs read no `console=`.",
}
