export { createTestRoom, type TestRoom, type TestRoomOptions } from './create-test-room.ts'
export type { TestBeat } from './outline-server.ts'
export type { TestScene } from './scene-keys.ts'
export { TestPerson, type TestPersonOptions } from './test-person.tsx'
