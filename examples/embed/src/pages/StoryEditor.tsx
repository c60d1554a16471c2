import { useState } from 'react';
import type { ChatMessage } from '../types/collaboration';
import { useWebSocket } from '../hooks/useWebSocket';
import { UserPresence } from '../components/UserPresence';
import { ChatPanel } from '../components/ChatPanel';

export function StoryEditor({ storyId }: { storyId: number }) {
  const [chatMessages, setChatMessages] = useState<ChatMessage[]>([]);

  const ws = useWebSocket({
    storyId,
    userId: 1,
    userName: 'Alice',
    userEmail: 'alice@example.com',
    onMessage: (message) => {
      if (message.type === 'chat') {
        setChatMessages(prev => [...prev, message as ChatMessage]);
      }
      // Handle other message types...
    }
  });

  return (
    <div>
      <UserPresence users={ws.users} currentUserId={1} />
      <button onClick={() => ws.lockBeat(1)}>Lock Beat</button>
      <ChatPanel
        messages={chatMessages}
        onSendMessage={ws.sendChat}
        currentUserId={1}
      />
    </div>
  );
}
