export { type Lane, lanesOf } from './arrange/lanes.ts'
export type { BeatTarget } from './arrange/order.ts'
export { beatName } from './arrange/strings.ts'
export { type Arrangement, useArrangement } from './arrange/use-arrangement.ts'
export type { BeatCard, BeatCardsSnapshot } from './cards/beat-cards.ts'
export { useBeatCards } from './cards/use-beat-cards.ts'
export { useLookAt, useUnreadBeats } from './cards/use-unread-beats.ts'
export { Chat, ChatPanel, type ChatPanelProps, type ChatProps } from './chat/index.ts'
export type { ActiveThread, CommentDraft, CommentFocus } from './comments/focus.ts'
export { usePostRefusedWords } from './comments/post-words.ts'
export { useActiveThread, useCommentDraft, useCommentFocus } from './comments/use-comment-focus.ts'
export { type ThreadCounts, useThreadCounts } from './comments/use-thread-counts.ts'
export type { LinkableBeat, MentionablePerson } from './compose/completion.ts'
export { Composer, type ComposerProps } from './compose/composer.tsx'
export { MessageText, type MessageTextProps } from './compose/message-text.tsx'
export { RoomComposer, type RoomComposerProps } from './compose/room-composer.tsx'
export { RoomMessageText, type RoomMessageTextProps } from './compose/room-message-text.tsx'
export { useDraft } from './compose/use-draft.ts'
export { KeptWords } from './drawer/kept-words.tsx'
export { CollaborativeEditor, type CollaborativeEditorProps } from './editor/collaborative-editor.tsx'
export { useExplain } from './faults/use-explain.ts'
export { type Follow, FollowStrip, type FollowStripProps, useFollow, useGoToPerson } from './follow/index.ts'
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
export type { SentMessage } from './hooks/send-message.ts'
export { useAction } from './hooks/use-action.ts'
export { useBeatDocument } from './hooks/use-beat-document.ts'
export { type BeatLockActions, type BeatLockState, useBeatLock } from './hooks/use-beat-lock.ts'
export { type ChatActions, type ChatState, useChat, useTypists } from './hooks/use-chat.ts'
export { type DrawerState, useDrawer } from './hooks/use-drawer.ts'
export { useEvent } from './hooks/use-event.ts'
export { useLeaveGuard } from './hooks/use-leave-guard.ts'
export {
  type NotificationActions,
  type NotificationsState,
  useNotifications,
  useUnreadNotifications,
} from './hooks/use-notifications.ts'
export { type Store, useStore } from './hooks/use-store.ts'
export { type ThreadActions, type ThreadFilter, type ThreadsState, useThreads } from './hooks/use-threads.ts'
export { type UseWebSocketOptions, useWebSocket, type WebSocketState } from './hooks/use-web-socket.ts'
export * from './inbox/index.ts'
export {
  LockBadge,
  type LockBadgeProps,
  LockQuestions,
  LockStrip,
  type LockStripProps,
} from './locks/index.ts'
export { type Member, type Members, useMembers } from './people/use-members.ts'
export { type ShownUser, UserPresence, type UserPresenceProps } from './people/user-presence.tsx'
export { REMEMBERED_PREFIX } from './provider/remembered-story.ts'
export { type Place, useRoom, useRoomState, useRoomView } from './provider/room.ts'
export { StoryRoom, type StoryRoomProps } from './provider/story-room.tsx'
export { StoryWeaveProvider, type StoryWeaveProviderProps } from './provider/story-weave-provider.tsx'
export { type StringOverrides, useStrings } from './provider/strings.ts'
export { type Ticker, TickerContext } from './provider/ticker.ts'
export { useWeave, type Weave } from './provider/weave.ts'
export { SaveStatus } from './save/save-status.tsx'
export type * from './types/collaboration.ts'
