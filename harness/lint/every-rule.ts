import { configRules } from './config/rules.ts'
import { rules } from './rules/list.ts'

/** The rules of menus and of kernels' configurations, as far as reports need them. */
export const everyRule = [...rules, ...configRules].map(({ id, severity, trips, why }) => ({
  ...{ id, severity, trips, why },
}))
