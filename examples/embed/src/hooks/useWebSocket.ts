export { useWebSocket } from '@storyweave/react'
