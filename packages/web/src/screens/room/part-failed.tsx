import { Button } from '@storyweave/react/ui'
import { Component, type ReactNode } from 'react'

interface PartFailedProps {
  /** What stands here, as its title says it. */
  readonly what: string
  readonly children: ReactNode
}

/** Where a part of the room fails, words about it stand in its place, and the rest goes on. */
export class PartFailed extends Component<PartFailedProps, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <div className="part-failed" role="alert">
        <p>
          <b>{this.props.what} stopped working.</b> Your text is not touched by it, and goes on being saved.
        </p>
        <Button onClick={() => this.setState({ failed: false })}>Try again</Button>
      </div>
    )
  }
}
