import { Modal } from '@storyweave/react/ui'
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react'
import { type Command, currentCommands } from './commands.ts'
import { fuzzyScore } from './fuzzy.ts'
import { KeyCaps } from './key-caps.tsx'

interface PaletteProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Everything that can be done here, found by a few letters. */
export default function Palette({ open, onOpenChange }: PaletteProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange} title="Go to or do" className="palette">
      <Search onDone={() => onOpenChange(false)} />
    </Modal>
  )
}

/** More than anybody reads; typing on finds the rest. */
const MAX_SHOWN = 50

function Search({ onDone }: { readonly onDone: () => void }) {
  const [all] = useState(currentCommands)
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const id = useId()
  const found = useMemo(() => matching(all, query), [all, query])
  const optionId = (index: number) => `${id}-${index}`
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, active])
  const run = (command: Command | undefined) => {
    if (command === undefined) return
    onDone()
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: found.length - 1 }[event.key]
    if (event.nativeEvent.isComposing || (to === undefined && event.key !== 'Enter')) return
    event.preventDefault()
    if (to === undefined) run(found[active])
    else if (found.length > 0) setActive((to + found.length) % found.length)
  }
  return (
    <div className="palette-search">
      <input
        className="sw-input"
        role="combobox"
        aria-label="Beat, scene or command"
        aria-expanded
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? optionId(active) : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="Beat, scene or command"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label="Found" className="palette-list">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's.
          <div
            key={command.id}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="palette-option"
            onPointerMove={() => setActive(index)}
            onClick={() => run(command)}
          >
            <span className="palette-label">{command.label}</span>
            {command.keys === undefined ? (
              <span className="palette-group">{command.group}</span>
            ) : (
              <KeyCaps keys={command.keys} />
            )}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="palette-none" role="status">
          Nothing here is called that.
        </p>
      )}
    </div>
  )
}

function matching(all: readonly Command[], query: string): readonly Command[] {
  if (query.trim() === '') return all.slice(0, MAX_SHOWN)
  return all
    .flatMap((command) => {
      const score = fuzzyScore(query, `${command.label} ${command.keywords ?? ''}`)
      return score === undefined ? [] : [{ command, score }]
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_SHOWN)
    .map(({ command }) => command)
}
