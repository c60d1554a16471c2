import { Button } from '@storyweave/react/ui'

export function EmptyShelf({ onNew }: { readonly onNew: () => void }) {
  return (
    <div className="shelf-empty">
      <h2>Nothing here yet</h2>
      <p>A story starts with a title. You can change it as often as you like.</p>
      <Button variant="primary" onClick={onNew}>
        Start your first story
      </Button>
    </div>
  )
}
