import { useEffect, useRef, useState } from 'react'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from './copy.ts'
import { sharingStrings } from './strings.ts'

interface LinkFieldProps {
  readonly address: string
  /** What is said where it is in the clipboard. */
  readonly copiedWords: string
  /** Whether it was copied as it was made; undefined where nobody tried. */
  readonly copied?: boolean | undefined
}

/** An address to give away: with a button that copies it, and selected where the browser does not allow that. */
export function LinkField({ address, copiedWords, copied }: LinkFieldProps) {
  const words = useStrings('sharing', sharingStrings)
  const field = useRef<HTMLInputElement>(null)
  const [again, setAgain] = useState<boolean>()
  const known = again ?? copied
  useEffect(() => {
    if (known === false) field.current?.select()
  }, [known])
  const copy = async () => {
    const done = await copyText(address)
    setAgain(done)
    if (!done) field.current?.select()
  }
  return (
    <div className="sw-link-field">
      <input
        ref={field}
        className="sw-input"
        aria-label={words.address}
        readOnly
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => void copy()}>{words.copy}</Button>
      <p role="status" className="sw-link-field-words" data-failed={known === false || undefined}>
        {known === true && copiedWords}
        {known === false && words.notCopied}
      </p>
    </div>
  )
}
