import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { commentStrings } from './strings.ts'

export function ThreadsFailed({ onRetry }: { readonly onRetry: () => void }) {
  const words = useStrings('comments', commentStrings)
  return (
    <Notice tone="bad" urgent action={<Button onClick={onRetry}>{words.tryAgain}</Button>}>
      {words.failed}
    </Notice>
  )
}
