export { UserPresence } from '@storyweave/react'
