import type { BeatSummary, Outline } from '@storyweave/protocol'
import { beatName, useRoom } from '@storyweave/react'
import { explain } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { api } from '../../app/api.ts'
import { beatLink, storyLink } from '../../app/link-to-story.ts'
import { useToasts } from '../../app/toasts.ts'

export type OutlineActions = ReturnType<typeof useOutlineActions>

/** What one can do to the outline. The outline itself changes by what the room tells, for everyone at once. */
export function useOutlineActions(
  beats: Outline,
  openBeatId: number | undefined,
  step: (id: number, by: -1 | 1) => void,
) {
  const room = useRoom()
  const { storyId } = room
  const router = useRouter()
  const toasts = useToasts()
  const onError = (error: unknown) => toasts.complain(explain(error))

  const add = useMutation({
    mutationFn: (after: BeatSummary | undefined) =>
      api.beats.create(storyId, { title: '', act: after?.act ?? null, after_beat_id: after?.id ?? null }),
    onSuccess: (beat) => router.navigate({ ...beatLink(storyId, beat.id), state: { fresh: true } }),
    onError,
  })
  const rename = useMutation({
    mutationFn: ({ beat, title }: { beat: BeatSummary; title: string }) =>
      room.sendEdit(beat.id, { title }, { title: beat.title }),
    onError,
  })
  const restore = useMutation({ mutationFn: (id: number) => api.beats.restore(id), onError })
  const remove = useMutation({
    mutationFn: (beat: BeatSummary) => api.beats.remove(beat.id),
    onSuccess: async (_nothing, beat) => {
      toasts.say(`${beatName(beat)} was deleted.`, { label: 'Undo', run: () => restore.mutate(beat.id) })
      if (beat.id !== openBeatId) return
      const next = beats[beat.beat_index + 1] ?? beats[beat.beat_index - 1]
      await router.navigate({
        ...(next === undefined ? storyLink(storyId) : beatLink(storyId, next.id)),
        replace: true,
      })
    },
    onError,
  })
  return { add, step, rename, remove }
}
