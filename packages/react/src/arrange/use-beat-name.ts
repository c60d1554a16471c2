import { useCallback } from 'react'
import { useStrings } from '../provider/strings.ts'
import { arrangeStrings, beatName } from './strings.ts'

/** What a beat is called in a sentence, in the words of the application. */
export function useBeatName(): (beat: Parameters<typeof beatName>[0]) => string {
  const words = useStrings('arrange', arrangeStrings)
  return useCallback((beat) => beatName(beat, words), [words])
}
