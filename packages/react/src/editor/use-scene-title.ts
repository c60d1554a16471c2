import { type ErrorCode, Fault, type SceneSummary } from '@storyweave/protocol'
import { type RefObject, useEffect, useRef } from 'react'
import { useDraft } from '../compose/use-draft.ts'
import { useConnectionStatus } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useEvent } from '../hooks/use-event.ts'
import { useWeave } from '../provider/weave.ts'

export interface SceneTitleDraft {
  /** What was typed and is not on the server yet; undefined where nothing was. */
  readonly draft: string | undefined
  readonly write: (title: string) => void
  readonly takeBack: () => void
  /** Sends the draft; while another one is under way, it is sent behind it. */
  readonly keep: () => void
}

export interface SceneTitleOptions {
  readonly field: RefObject<HTMLInputElement | null>
  readonly writable: boolean
  readonly onRefused: (title: string, why: Fault) => void
}

/** Stands for a title that was emptied: a draft without a character is none. */
const EMPTIED = ' '

/** After these the same title would be refused again. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set([
  'bad_json',
  'bad_message',
  'forbidden',
  'not_found',
  'beat_locked',
  'too_large',
])

/**
 * A scene's title as it is typed: kept on this device until the server has it, and sent again when the server is back.
 * One that is refused for good is handed to `onRefused`, and the field shows the stored one again.
 */
export function useSceneTitle(
  scene: SceneSummary,
  { field, writable, onRefused }: SceneTitleOptions,
): SceneTitleDraft {
  const { rest } = useWeave()
  const isConnected = useConnectionStatus().state === 'connected'
  const [kept, setKept] = useDraft(`scene.${scene.id}.title`)
  const draft = kept === '' ? undefined : kept === EMPTIED ? '' : kept
  /** The server came back while a request was under way. */
  const isBack = useRef(false)
  const answered = useAnswered(scene.title)
  const isInUse = () => field.current !== null && field.current === document.activeElement

  /** What is to be sent behind `title`; undefined where that was all, or where somebody is still typing. */
  const after = useEvent((title: string, isLost: boolean): string | undefined => {
    const next = draft?.trim()
    if (next === title && !(isLost && isBack.current)) return undefined
    return isInUse() ? undefined : next
  })
  const taken = useEvent((title: string) => {
    answered.current = title
    if (draft?.trim() === title) setKept('')
  })
  const giveUp = useEvent((title: string, why: Fault) => {
    if (draft?.trim() === title) setKept('')
    onRefused(title, why)
  })
  const send = async (title: string) => {
    isBack.current = false
    await rest.scenes.update(scene.id, { title: title === '' ? null : title })
    taken(title)
  }
  const rename = useAction(async (first: string) => {
    for (let title: string | undefined = first; title !== undefined; ) {
      const sent: string = title
      try {
        await send(sent)
        title = after(sent, false)
      } catch (error) {
        const isRefused = error instanceof Fault && FOR_GOOD.has(error.code)
        if (isRefused) giveUp(sent, error)
        title = after(sent, !isRefused)
        if (title === undefined && !isRefused) throw error
      }
    }
  })
  const keep = useEvent(() => {
    const title = draft?.trim()
    if (title === undefined || rename.busy) return
    const stored = scene.title ?? ''
    if (title === stored && title === (answered.current ?? stored)) setKept('')
    else rename.run(title)
  })
  const comeBack = useEvent(() => {
    isBack.current = true
    if (!isInUse()) keep()
  })
  useEffect(() => {
    if (isConnected && writable) comeBack()
  }, [isConnected, writable, comeBack])
  return {
    draft,
    write: (title) => setKept(title.trim() === '' ? EMPTIED : title),
    takeBack: () => setKept(''),
    keep,
  }
}

/** The title that the server took last, until the story's outline has another one than before. */
function useAnswered(stored: string | null) {
  const answered = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it is another one
  useEffect(() => {
    answered.current = undefined
  }, [stored])
  return answered
}
