export { ChatPanel } from '@storyweave/react/chat'
