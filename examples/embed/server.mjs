import { Host } from './host.mjs'

const { PORT = '5180', STORYWEAVE_URL = 'http://localhost:8080', STORYWEAVE_HOST_TOKEN } = process.env
if (STORYWEAVE_HOST_TOKEN === undefined) {
  console.error(
    'Set STORYWEAVE_HOST_TOKEN: “npx storyweave token create --name "The Reading Club"” makes one.',
  )
  process.exit(1)
}
const host = new Host()
const address = await host.start(Number(PORT))
host.connect(STORYWEAVE_URL, STORYWEAVE_HOST_TOKEN)
console.log(`The Reading Club is at ${address}`)
