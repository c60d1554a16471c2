export { Chat, type ChatProps } from './chat.tsx'
export { ChatPanel, type ChatPanelProps } from './chat-panel.tsx'
