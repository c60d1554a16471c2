import { Notice } from '@storyweave/react/ui'
import { Link } from '@tanstack/react-router'

/** What a guest can do here, and how they get the rest. */
export const GuestNotice = () => (
  <div className="shelf-guest">
    <Notice
      action={
        <Link to="/keep-name" search={{}} className="sw-button sw-button-quiet">
          Keep your name
        </Link>
      }
    >
      <b>You are here as a guest.</b> The stories that a link has opened to you stand here as long as it
      holds. With an account you keep your name, and begin stories of your own.
    </Notice>
  </div>
)
