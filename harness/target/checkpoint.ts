export { checkpointFiles, type MachineCheckpoint } from '../run-folder/checkpoint-file.ts'
