export { createTestRoom, type TestRoom, type TestRoomOptions } from './create-test-room.ts'
export type { TestBeat, TestScene } from './story-server.ts'
export { TestPerson, type TestPersonOptions } from './test-person.tsx'
