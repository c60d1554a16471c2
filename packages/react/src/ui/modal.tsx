import { LateDialog, latePart } from './late.tsx'
import type { ModalProps } from './modal-parts.tsx'

const MODAL = latePart(async () => ({ default: (await import('./modal-parts.tsx')).Modal }))

/** A dialog over the page. Its code is fetched when the first one is opened. */
export const Modal = (props: ModalProps) => <LateDialog part={MODAL} props={props} />
