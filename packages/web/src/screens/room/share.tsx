import { ShareDialog } from '@storyweave/react/sharing'
import { useNavigate } from '@tanstack/react-router'
import { queryClient } from '../../app/session.ts'

interface ShareProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The share dialog; whoever leaves the story by it is back at their shelf. */
export default function Share(props: ShareProps) {
  const navigate = useNavigate()
  const leave = () => {
    void queryClient.invalidateQueries({ queryKey: ['stories'] })
    void navigate({ to: '/' })
  }
  return <ShareDialog {...props} onLeft={leave} />
}
