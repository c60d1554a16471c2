import { lazy, Suspense } from 'react'
import type { ModalProps } from './modal-parts.tsx'

const LazyModal = lazy(() => import('./modal-parts.tsx').then((parts) => ({ default: parts.Modal })))

/** A dialog over the page. Its code is fetched when the first one is opened. */
export function Modal(props: ModalProps) {
  return (
    <Suspense>
      <LazyModal {...props} />
    </Suspense>
  )
}
