import { LIMITS } from '@storyweave/protocol'
import { Button, explain, wordCount } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useRef } from 'react'
import { api } from '../../app/api.ts'
import { storyLink } from '../../app/link-to-story.ts'
import { queryClient } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'
import { importTitle } from './markdown-title.ts'

const MiB = 1024 * 1024

/** Makes a story of a Markdown file from this device. */
export function OpenFileButton() {
  const router = useRouter()
  const toasts = useToasts()
  const input = useRef<HTMLInputElement>(null)
  const opening = useMutation({
    mutationFn: async (file: File) => {
      const title = await importTitle(file)
      return api.stories.importMarkdown(file, title === undefined ? {} : { title })
    },
    onSuccess: async ({ story, beats, words }) => {
      await queryClient.invalidateQueries({ queryKey: ['stories'] })
      toasts.say(
        `“${story.title}” is here: ${beats === 1 ? '1 beat' : `${beats} beats`}, ${wordCount(words)}.`,
      )
      await router.navigate(storyLink(story.id))
    },
    onError: (error) => toasts.complain(explain(error)),
  })
  const open = (file: File | undefined) => {
    if (file === undefined) return
    if (file.size > LIMITS.importFileBytes) {
      toasts.complain(
        `This file is larger than ${LIMITS.importFileBytes / MiB} MB. Split it and open the parts.`,
      )
      return
    }
    opening.mutate(file)
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".md,.markdown,.txt,text/markdown,text/plain"
        aria-label="Markdown file"
        hidden
        onChange={(event) => {
          open(event.currentTarget.files?.[0])
          // The same file may be chosen again after it was corrected.
          event.currentTarget.value = ''
        }}
      />
      <Button busy={opening.isPending} onClick={() => input.current?.click()}>
        {opening.isPending ? 'Opening…' : 'Open a file'}
      </Button>
    </>
  )
}
