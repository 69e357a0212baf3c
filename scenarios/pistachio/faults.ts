import { pistachio } from 'bootstand'

// Root tasks that go wrong, one a scenario.
export const undefinedOpcode = pistachio({ rootTask: 'rt-ud2' })
export const divideByZero = pistachio({ rootTask: 'rt-div0' })
export const generalProtection = pistachio({ rootTask: 'rt-hlt' })
export const kernelArea = pistachio({ rootTask: 'rt-pf-high' })
export const debuggerEntry = pistachio({ rootTask: 'rt-kdbenter' })
export const returnFromMain = pistachio({ rootTask: 'rt-exit' })
export const kernelMemory = pistachio({ rootTask: 'rt-kmem' })
export const nullPointer = pistachio({ rootTask: 'rt-nullderef' })
export const spin = pistachio({ rootTask: 'rt-spin' })
export const sleep = pistachio({ rootTask: 'rt-sleep' })
export const tripleFault = pistachio({ rootTask: 'rt-triplefault' })
