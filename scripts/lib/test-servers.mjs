import { aptInstall, aptPrefix } from './apt.mjs'
import { Complaint } from './complaint.mjs'
import { startPostgres } from './temporary-postgres.mjs'
import { startRedis } from './temporary-redis.mjs'
import { debianPackages, findTools, missingMessage, missingTools } from './test-tools.mjs'

/**
 * Finds the programs that the tests need, after installing them where that is possible without asking anybody.
 * @param {import('./host.mjs').Host} host
 */
export async function requireTools(host) {
  const missing = missingTools(findTools(host))
  const apt = missing.length > 0 ? aptPrefix(host) : undefined
  if (apt !== undefined) await aptInstall(apt, debianPackages(missing))
  const found = findTools(host)
  const stillMissing = missingTools(found)
  if (stillMissing.length > 0) throw new Complaint(missingMessage(stillMissing))
  return found
}

/**
 * Starts the databases.
 * @param {ReturnType<typeof findTools>} tools
 * @param {ReturnType<typeof import('./janitor.mjs').hireJanitor>} janitor
 * @returns {Promise<Record<string, string>>} what the tests find in their environment
 */
export async function startServers(tools, janitor) {
  const [postgres, redis] = await Promise.all([
    startPostgres({ bin: tools.postgres, janitor }),
    startRedis({ program: tools.redis, janitor }),
  ])
  return {
    STORYWEAVE_TEST_POSTGRES_URL: postgres,
    STORYWEAVE_TEST_REDIS_URL: redis,
    // For tests that stop and start one of their own.
    REDIS_SERVER: tools.redis,
    CHROMIUM_PATH: tools.chromium,
    HAPROXY: tools.haproxy,
  }
}
