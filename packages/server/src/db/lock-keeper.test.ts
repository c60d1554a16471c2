import type { AppendResult, Lock } from '../room/ports.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DatabaseLocks } from './lock-keeper.ts'
import { EMPTY_UPDATE, RowMaker } from './log/testing.ts'
import type { Database } from './open.ts'
import { addStory, addUser, describeEachDatabase, TEST_TIME, type TemporaryDatabase, temporaryDatabase } from './testing.ts'

const MINUTE_MS = 60_000
