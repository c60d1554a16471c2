const isApple = () => /Mac|iP(?:hone|ad)/.test(navigator.userAgent)

const NAMES: Readonly<Record<string, string>> = { Up: '↑', Down: '↓', Left: '←', Right: '→' }

/** Keys as they stand on the reader's keyboard; `Mod` is Command on Apple's and Control on all others. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  const names = keys
    .split('+')
    .map((key) => (key === 'Mod' ? (isApple() ? '⌘' : 'Ctrl') : (NAMES[key] ?? key)))
  return (
    <span className="key-caps">
      {names.map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  )
}
