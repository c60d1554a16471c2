import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

/** The example as somebody has it who installs the packages: far from the repository, with what npm gave them. */

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const run = promisify(execFile)

/** The application's own server, as `examples/embed/host.mjs` has it. */
export interface Host {
  start(port: number): Promise<string>
  connect(storyweave: string, hostToken: string): void
  stop(): Promise<void>
}

export class InstalledExample {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Packs the kit, and installs the example with it. */
  static async install(): Promise<InstalledExample> {
    const folder = await mkdtemp(join(tmpdir(), 'storyweave-embed-'))
    const example = new InstalledExample(folder)
    await packInto(join(folder, 'dist'))
    const isOurs = (path: string) => !/\/(?:node_modules|dist)$/.test(path)
    await cp(join(ROOT, 'examples/embed'), example.#path, { recursive: true, filter: isOurs })
    await example.npm('install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error')
    return example
  }

  get #path(): string {
    return join(this.folder, 'examples', 'embed')
  }

  /** Rejects with all that npm said. */
  async npm(...args: string[]): Promise<void> {
    try {
      await run('npm', args, { cwd: this.#path, env: processEnvironment() })
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string }
      throw new Error(`npm ${args.join(' ')}:\n${stdout}${stderr}`, { cause: error })
    }
  }

  async host(): Promise<Host> {
    const { Host } = (await import(pathToFileURL(join(this.#path, 'host.mjs')).href)) as {
      Host: new () => Host
    }
    return new Host()
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** The compiler finds what the packages depend on only within the repository. */
async function packInto(folder: string): Promise<void> {
  await mkdir(join(ROOT, 'dist'), { recursive: true })
  const packed = await mkdtemp(join(ROOT, 'dist', 'embed-test-'))
  try {
    await run(process.execPath, [join(ROOT, 'scripts/pack.mjs'), packed], { cwd: ROOT })
    await mkdir(folder)
    const tarballs = (await readdir(packed)).filter((file) => file.endsWith('.tgz'))
    for (const tarball of tarballs) await cp(join(packed, tarball), join(folder, tarball))
  } finally {
    await rm(packed, { recursive: true, force: true })
  }
}

/** Without what an outer npm has said to its own scripts. */
function processEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_ENV$|^VITEST/i.test(name))
  return Object.fromEntries(inherited)
}
