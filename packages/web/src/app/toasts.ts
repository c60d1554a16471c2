import { ToastStore, type Toasts } from '@storyweave/react/ui'

/** The application's short messages, on every screen. */
export const toasts = new ToastStore()

export const useToasts = (): Toasts => toasts
