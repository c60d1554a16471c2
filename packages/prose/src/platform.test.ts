import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const SCRIPT = `
  const prose = await import('@storyweave/prose')
  const story = prose.splitStory('# T\\n\\n## B\\n\\nSome *words* [here](http://x).')
  const scenes = story.beats[0].scenes.map(({ doc }) => ({ key: 'k', doc }))
  const update = prose.seedBeat({ card: { title: 'B' }, scenes }, 1)
  console.log(JSON.stringify({ dom: [typeof document, typeof window], bytes: update.length > 100 }))
`

test('works in plain Node, without a DOM', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    cwd: import.meta.dirname,
    timeout: 60_000,
  })
  expect(JSON.parse(stdout)).toEqual({ dom: ['undefined', 'undefined'], bytes: true })
})
