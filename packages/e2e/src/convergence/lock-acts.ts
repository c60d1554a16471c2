import { Violation } from './checks.ts'
import { OWNER } from './house.ts'
import type { Page } from './page.ts'
import { watched } from './talk-acts.ts'
import type { World } from './world.ts'

/** How people deal in locks, also where it is not theirs to. */

export function lock(world: World, page: Page): void {
  const { chance, house, watch } = world
  const beatId = chance.pick(house.beatIds)
  if (beatId === undefined) return
  const minutes = chance.pick([1, 2, 30, undefined] as const)
  world.note(`${page.name} wants to lock beat ${beatId} for ${minutes} minutes`)
  watched(world, page, page.room.lockBeat(beatId, minutes), () => {
    world.note(`${page.name} has locked beat ${beatId}`)
    watch.look()
    if (!watch.hasHeld(page.person.userId, beatId))
      throw new Violation(`the lock of beat ${beatId} is acknowledged to ${page.name}, but was never there`)
  })
}

/** The holder gives it back, mostly; or the owner takes it away, or somebody tries to. */
export function unlock(world: World, page: Page): void {
  const { chance, watch } = world
  const { userId } = page.person
  const locks = watch.standing()
  const mine = locks.filter((one) => one.userId === userId)
  const one = chance.pick(userId === OWNER || chance.happens(0.1) ? locks : mine)
  if (one === undefined) return
  world.note(`${page.name} unlocks beat ${one.beatId}`)
  watched(world, page, page.room.unlockBeat(one.beatId), () => undefined)
}

export function askForLock(world: World, page: Page): void {
  const one = world.chance.pick(page.room.getSnapshot().locks)
  if (one === undefined) return
  world.note(`${page.name} asks for beat ${one.beat_id}`)
  watched(world, page, page.room.askForLock(one.beat_id), () => undefined)
}

export function answerLock(world: World, page: Page): void {
  const question = world.chance.pick(page.room.getSnapshot().lockQuestions)
  if (question === undefined) return
  const grant = world.chance.happens(0.6)
  world.note(`${page.name} ${grant ? 'grants' : 'declines'} beat ${question.beatId}`)
  watched(world, page, page.room.answerLock(question.beatId, question.userId, grant), () => undefined)
}
