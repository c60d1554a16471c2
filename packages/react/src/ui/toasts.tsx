import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useStrings } from '../provider/strings.ts'
import { Button, IconButton } from './button.tsx'
import { uiStrings } from './strings.ts'
import type { ToastEntry, ToastStore } from './toast-store.ts'

/** Where toasts appear: a live region that is there from the start, or screen readers would miss the first. */
export function ToastRegion({ toasts }: { readonly toasts: ToastStore }) {
  const words = useStrings('ui', uiStrings)
  const entries = useSyncExternalStore(toasts.subscribe, toasts.getSnapshot, toasts.getSnapshot)
  return (
    <section
      className="sw-toasts"
      aria-label={words.toasts}
      aria-live="polite"
      onPointerEnter={() => toasts.hold()}
      onPointerLeave={() => toasts.letGo()}
      onFocus={() => toasts.hold()}
      onBlur={() => toasts.letGo()}
    >
      {entries.map((entry) => (
        <Toast key={entry.id} entry={entry} toasts={toasts} />
      ))}
    </section>
  )
}

interface ToastProps {
  readonly entry: ToastEntry
  readonly toasts: ToastStore
}

function Toast({ entry: { id, kind, message, action }, toasts }: ToastProps) {
  const words = useStrings('ui', uiStrings)
  const act = () => {
    toasts.close(id)
    action?.run()
  }
  return (
    <div className="sw-toast" data-kind={kind}>
      <p>{message}</p>
      {action !== undefined && <Button onClick={act}>{action.label}</Button>}
      <IconButton label={words.dismiss} onClick={() => toasts.close(id)}>
        <X aria-hidden size={16} />
      </IconButton>
    </div>
  )
}
