import type { LinkChanges, ShareLink } from '@storyweave/protocol'
import { useEffect, useId, useRef } from 'react'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { formTexts } from '../ui/form-texts.ts'
import { GUEST_ROLES, RoleSelect, roleIn } from './role-select.tsx'
import { sharingStrings } from './strings.ts'

const MAX_GUESTS = 1_000
const USUAL_HOURS = 168
const USUAL_GUESTS = 10
const MIN_PASSCODE_CHARS = 4
const MAX_PASSCODE_CHARS = 200

/** What is said of a link; `null` takes its passcode away. */
export type LinkTerms = Omit<LinkChanges, 'enabled'>

interface LinkFormProps {
  /** The link to change; a new one if left out. */
  readonly link?: ShareLink
  readonly busy: boolean
  readonly onSubmit: (terms: LinkTerms) => void
  readonly onCancel: () => void
}

/** A link's terms. */
export function LinkForm({ link, busy, onSubmit, onCancel }: LinkFormProps) {
  const words = useStrings('sharing', sharingStrings)
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('select')?.focus(), [])
  return (
    <form
      ref={form}
      className="sw-link-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) onSubmit(termsOf(event.currentTarget))
      }}
    >
      <div className="sw-field">
        <label htmlFor={`${id}-role`}>{words.role}</label>
        <RoleSelect id={`${id}-role`} name="role" roles={GUEST_ROLES} defaultValue={link?.role ?? 'editor'} />
      </div>
      <div className="sw-field">
        <label htmlFor={`${id}-hours`}>{link ? words.lastsFromNow : words.lasts}</label>
        <select
          id={`${id}-hours`}
          name="hours"
          className="sw-select"
          defaultValue={link ? '' : String(USUAL_HOURS)}
        >
          {link && <option value="">{words.unchanged}</option>}
          {Object.entries(words.periods).map(([hours, name]) => (
            <option key={hours} value={hours}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <TextField
        label={words.guests}
        name="guests"
        type="number"
        min={1}
        max={MAX_GUESTS}
        defaultValue={link?.max_uses ?? USUAL_GUESTS}
        required
      />
      <TextField
        label={link?.has_passcode ? words.newPasscode : words.passcode}
        name="passcode"
        minLength={MIN_PASSCODE_CHARS}
        maxLength={MAX_PASSCODE_CHARS}
        autoComplete="off"
        hint={link?.has_passcode ? words.newPasscodeHint : words.passcodeHint}
      />
      {link?.has_passcode && (
        <label className="sw-check">
          <input type="checkbox" name="drop" value="yes" />
          {words.dropPasscode}
        </label>
      )}
      <div className="sw-link-form-actions">
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {link ? words.keepLink : words.makeLink}
        </Button>
      </div>
    </form>
  )
}

function termsOf(form: HTMLFormElement): LinkTerms {
  const { role, hours, guests, passcode, drop } = formTexts(
    form,
    'role',
    'hours',
    'guests',
    'passcode',
    'drop',
  )
  const chosen = roleIn(GUEST_ROLES, role)
  return {
    ...(chosen && { role: chosen }),
    ...(hours !== '' && { expires_in_hours: Number(hours) }),
    max_uses: Number(guests),
    ...(passcode !== '' && { passcode }),
    ...(drop === 'yes' && { passcode: null }),
  }
}
