import { askRows } from './ask-rows.ts'
import { STORY_ROUTE_ROWS } from './rows.ts'

askRows('stories and the house', STORY_ROUTE_ROWS)
