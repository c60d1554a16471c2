import { beatName, useBeatLock, useBeats, useCan, useRoom, useRoomView, useWeave } from '@storyweave/react'
import { explain } from '@storyweave/react/ui'
import { useRouter } from '@tanstack/react-router'
import { type Command, useCommands } from '../../app/commands.ts'
import { beatLink, boardLink } from '../../app/link-to-story.ts'
import { PANELS } from './panel-search.ts'
import { usePanel } from './use-panel.ts'

/** What the command palette offers in a story: the places in it, and what this role may do. */
export function useRoomCommands(openBeatId: number | undefined): void {
  const { storyId } = useRoom()
  const { goTo } = useRoomView()
  const { rest, toasts } = useWeave()
  const beats = useBeats()
  const mayWrite = useCan('write')
  const router = useRouter()
  const { show } = usePanel()
  const lock = useBeatLock(openBeatId ?? 0)
  const ask = (work: () => Promise<unknown>) => () => {
    work().catch((error: unknown) => toasts.complain(explain(error)))
  }
  const addBeat = async () => {
    const made = await rest.beats.create(storyId, { title: '', act: beats.at(-1)?.act ?? null })
    await router.navigate({ ...beatLink(storyId, made.id), state: { fresh: true } })
  }

  useCommands(() => {
    const places: readonly Command[] = beats.flatMap((beat) => [
      {
        ...{ id: `beat-${beat.id}`, group: 'Beat', label: beat.title.trim() || beatName(beat) },
        ...(beat.act !== null && { keywords: beat.act }),
        run: () => goTo({ beatId: beat.id }),
      },
      ...beat.scenes.flatMap(({ id, title }) =>
        title === null
          ? []
          : [
              {
                id: `scene-${id}`,
                group: 'Scene',
                label: title,
                run: () => goTo({ beatId: beat.id, sceneId: id }),
              },
            ],
      ),
    ])
    const views: readonly Command[] = [
      { id: 'board', group: 'View', label: 'Board', run: () => void router.navigate(boardLink(storyId)) },
      ...PANELS.map((name) => ({
        ...{ id: `panel-${name}`, group: 'Beside the text', label: PANEL_WORDS[name] },
        run: () => show(name),
      })),
    ]
    const writing: readonly Command[] = mayWrite
      ? [{ id: 'add-beat', group: 'Story', label: 'Add a beat', keywords: 'new', run: ask(addBeat) }]
      : []
    return [...places, ...views, ...writing, ...(mayWrite ? ofBeat() : [])]
  })

  const ofBeat = (): readonly Command[] => {
    if (openBeatId === undefined) return []
    const addScene: Command = {
      ...{ id: 'add-scene', group: 'Beat', label: 'Add a scene', keywords: 'new' },
      run: ask(() => rest.scenes.create(openBeatId, {})),
    }
    if (lock.others) return []
    const change: Command = lock.mine
      ? { id: 'unlock', group: 'Beat', label: 'Unlock this beat', run: ask(lock.unlock) }
      : { id: 'lock', group: 'Beat', label: 'Lock this beat', run: ask(() => lock.lock()) }
    return [addScene, change]
  }
}

const PANEL_WORDS = { comments: 'Comments', chat: 'Chat', history: 'History', people: 'People' } as const
