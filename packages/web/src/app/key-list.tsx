import { IconButton, Modal } from '@storyweave/react/ui'
import { X } from 'lucide-react'
import { KeyCaps } from './key-caps.tsx'

interface KeyListProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

const GROUPS = [
  [
    'Everywhere',
    [
      ['Mod+K', 'Go to a beat or scene, or do something'],
      ['?', 'This list'],
    ],
  ],
  [
    'Board',
    [
      ['Space', 'Lift a card, or put it down'],
      ['Up', 'Go to the card above; move a lifted one'],
      ['Down', 'Go to the card below; move a lifted one'],
      ['Left', 'To the act before'],
      ['Right', 'To the next act'],
      ['Escape', 'Take a lifted card back'],
      ['Enter', 'Open the beat'],
    ],
  ],
  [
    'Outline',
    [
      ['Up', 'The beat before'],
      ['Down', 'The next beat'],
      ['Alt+Up', 'Move the beat up'],
      ['Alt+Down', 'Move the beat down'],
    ],
  ],
  [
    'Writing',
    [
      ['Mod+B', 'Bold'],
      ['Mod+I', 'Italic'],
      ['Mod+Alt+2', 'Heading'],
      ['Mod+Shift+B', 'Quote'],
      ['Mod+Shift+8', 'List'],
      ['Mod+Alt+M', 'Comment on what is selected'],
      ['Mod+Z', 'Take back what you did'],
      ['Mod+Shift+Z', 'Do it again'],
      ['Alt+F10', 'To the toolbar'],
    ],
  ],
] as const

/** What the keys do. */
export default function KeyList({ open, onOpenChange }: KeyListProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange} title="Keys" className="key-list">
      {/* Above the list: what has the focus first is in view. */}
      <span className="key-list-close">
        <IconButton label="Close" onClick={() => onOpenChange(false)}>
          <X aria-hidden size={16} />
        </IconButton>
      </span>
      {GROUPS.map(([name, rows]) => (
        <section key={name}>
          <h3>{name}</h3>
          <dl>
            {rows.map(([keys, does]) => (
              <div key={keys}>
                <dt>{does}</dt>
                <dd>
                  <KeyCaps keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  )
}
