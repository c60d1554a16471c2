export { CollaborativeEditor, type CollaborativeEditorProps } from './editor/collaborative-editor.tsx'
export { latest } from './hooks/latest.ts'
export {
  isOver,
  useBeat,
  useBeats,
  useCan,
  useConnectionStatus,
  usePresence,
  useSaveStatus,
  useSelf,
  useStory,
} from './hooks/room.ts'
export { useAction } from './hooks/use-action.ts'
export { useBeatDocument } from './hooks/use-beat-document.ts'
export { useEvent } from './hooks/use-event.ts'
export { useLeaveGuard } from './hooks/use-leave-guard.ts'
export { type Store, useStore } from './hooks/use-store.ts'
export { type ShownUser, UserPresence, type UserPresenceProps } from './people/user-presence.tsx'
export { REMEMBERED_PREFIX } from './provider/remembered-story.ts'
export { type Place, useRoom, useRoomState, useRoomView } from './provider/room.ts'
export { StoryRoom, type StoryRoomProps } from './provider/story-room.tsx'
export { StoryWeaveProvider, type StoryWeaveProviderProps } from './provider/story-weave-provider.tsx'
export { type StringOverrides, useStrings } from './provider/strings.ts'
export { useWeave, type Weave } from './provider/weave.ts'
export { SaveStatus } from './save/save-status.tsx'
