import { expect, test } from 'vitest'
import { didYouMean } from './nearest.ts'

const verbs = ['run', 'boot', 'list', 'show', 'doctor']

test.for([
  ['pingpnog', ['pingpong', 'rt-ud2'], ' Did you mean "pingpong"?'],
  ['shwo', verbs, ' Did you mean "show"?'],
  ['DOCTOR', verbs, ' Did you mean "doctor"?'],
  ['l4linux', ['pingpong'], ''],
] as const)('%s among %s', ([word, candidates, hint]) => {
  expect(didYouMean(word, candidates)).toBe(hint)
})
