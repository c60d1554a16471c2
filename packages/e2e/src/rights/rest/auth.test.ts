import { askRows } from './ask-rows.ts'
import { AUTH_ROWS } from './auth-rows.ts'

askRows('accounts and sessions', AUTH_ROWS)
