import { useCan } from '@storyweave/react'
import { ChangedBeats } from './changed-beats.tsx'
import { Stints } from './stints.tsx'

/** Who wrote when; for those who may not read that, when each beat was last changed. */
export default function HistoryPanel() {
  return useCan('read_versions') ? <Stints /> : <ChangedBeats />
}
