import { Chat } from '@storyweave/react/chat'
import { usePanel } from '../use-panel.ts'

export default function ChatPanel() {
  const { message } = usePanel()
  return <Chat shownMessage={message} />
}
