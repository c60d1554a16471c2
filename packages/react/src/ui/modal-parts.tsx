import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export interface ModalProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** A dialog over the page: keeps the focus, closes on Escape, gives the focus back. */
export function Modal({ open, onOpenChange, title, description, className, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sw-modal-backdrop" />
        <Dialog.Popup className={classNames('sw-modal', className)}>
          <Dialog.Title className="sw-modal-title">{title}</Dialog.Title>
          {description !== undefined && (
            <Dialog.Description className="sw-modal-description">{description}</Dialog.Description>
          )}
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
