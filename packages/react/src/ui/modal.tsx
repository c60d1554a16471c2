import { lazy, Suspense, useState } from 'react'
import type { ModalProps } from './modal-parts.tsx'

const LazyModal = lazy(() => import('./modal-parts.tsx').then((parts) => ({ default: parts.Modal })))

/** A dialog over the page. Its code is fetched when the first one is opened. */
export function Modal(props: ModalProps) {
  const [used, setUsed] = useState(false)
  if (props.open && !used) setUsed(true)
  if (!used) return null
  return (
    <Suspense>
      <LazyModal {...props} />
    </Suspense>
  )
}
