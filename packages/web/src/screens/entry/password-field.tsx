import { TextField } from '@storyweave/react/ui'

export const MIN_PASSWORD_CHARS = 8
const MAX_PASSWORD_CHARS = 128

/** Where a password is chosen. */
export function NewPasswordField({ label = 'Password' }: { readonly label?: string }) {
  return (
    <TextField
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      minLength={MIN_PASSWORD_CHARS}
      maxLength={MAX_PASSWORD_CHARS}
      hint={`At least ${MIN_PASSWORD_CHARS} characters.`}
      required
    />
  )
}
