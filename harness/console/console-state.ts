export type { ConsoleState } from '../run-folder/checkpoint-file.ts'
