/** As names are compared: capitals, and the way in which accents are written, do not matter. */
export const folded = (text: string): string => text.normalize('NFC').toLowerCase()

/** Whether a name was typed out whole, with whatever space after it. */
export const isNamedAs = (name: string, typed: string): boolean =>
  folded(name.trim()) === folded(typed.trim())
