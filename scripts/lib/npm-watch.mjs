/** How soon after npm this process notices that it is alone. */
const LOOK_EVERY_MS = 200

const parent = process.ppid

/**
 * Calls back when the npm that started this process has ended. npm hands SIGTERM to the shell between the two, and
 * many shells keep it to themselves: without this a server would go on, unseen, after its `npm start` was stopped.
 * Started otherwise, by a script that leaves it in the background, say, this process may outlive its parent.
 * @param {() => void} callback called once at most
 * @returns {() => void} stops watching
 */
export function whenNpmEnds(callback) {
  if (process.env.npm_lifecycle_event === undefined) return () => {}
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    callback()
  }, LOOK_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
