export const uiStrings = {
  toasts: 'Messages',
  dismiss: 'Dismiss',
}
