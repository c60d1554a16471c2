import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { isTestFile, sourceFiles } from './source-files.mjs'
import { references } from './syntax.mjs'
import { resolve, workspacePackages } from './workspace.mjs'

const SERVER = '@storyweave/server'

/**
 * Holds the Dockerfile to the tree: what it copies is there and not ignored, npm gets to know every workspace, and the
 * server finds in the image all that it imports.
 * @param {string} root
 * @returns {string[]} one sentence for each violation
 */
export function checkDockerfile(root) {
  const stages = readStages(readFileSync(join(root, 'Dockerfile'), 'utf8'))
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
  const last = stages.at(-1) ?? []
  return [
    ...copied(stages.flat()).flatMap((source) => complaintsAboutSource(root, source, ignored)),
    ...missingManifests(root, stages),
    ...missingEntrance(root, last),
    ...missingImports(root, stages, last),
  ]
}

/** One list of instructions a stage; continued lines are one. */
function readStages(text) {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
  const stages = []
  for (const line of lines) {
    const [word, ...rest] = line.split(/\s+/)
    if (word === 'FROM') stages.push([])
    stages.at(-1)?.push({ word, rest })
  }
  return stages
}

/** What comes from the tree, and not from another stage. */
function copied(instructions) {
  return instructions
    .filter(({ word, rest }) => word === 'COPY' && !rest[0].startsWith('--from'))
    .flatMap(({ rest }) => rest.slice(0, -1))
}

function complaintsAboutSource(root, source, ignored) {
  if (!existsSync(join(root, source))) return [`The Dockerfile copies ${source}, which is not there.`]
  const isLetIn = ignored.some((line) => line === `!${source}` || source.startsWith(`${line.slice(1)}/`))
  return isLetIn ? [] : [`.dockerignore keeps ${source} from the Dockerfile, which copies it.`]
}

function missingManifests(root, stages) {
  const sources = copied(stages[0] ?? [])
  return workspacePackages(root)
    .map(({ folder }) => `${folder}/package.json`)
    .filter((manifest) => !sources.includes(manifest))
    .map((manifest) => `The Dockerfile does not copy ${manifest}, without which npm ci fails.`)
}

function missingEntrance(root, last) {
  const entrance = last.find(({ word }) => word === 'ENTRYPOINT')?.rest.join(' ') ?? ''
  const file = /^\["node", "\/app\/([^"]+)"\]$/.exec(entrance)?.[1]
  if (file !== undefined && existsSync(join(root, file))) return []
  return ['The ENTRYPOINT of the Dockerfile must read ["node", "/app/FILE"], with a FILE that is there.']
}

/** Of the server and of what it uses of the workspace. */
function missingImports(root, stages, last) {
  const packages = workspacePackages(root)
  const inImage = copied(last)
  const removed = stages.flat().flatMap(({ word, rest }) => (word === 'RUN' ? removedBy(rest) : []))
  return usedPackages(root, packages).flatMap(({ folder, dependencies }) => {
    const unseen = inImage.includes(folder) ? [] : [`The Dockerfile does not copy ${folder} into the image.`]
    return [
      ...unseen,
      ...importedBy(root, folder, packages).flatMap(({ name, file }) => {
        if (dependencies[name] === undefined)
          return [`${file} imports ${name}, which is no dependency of ${folder}: it is not in the image.`]
        return removed.includes(name) ? [`${file} imports ${name}, which the Dockerfile removes.`] : []
      }),
    ]
  })
}

const removedBy = (words) =>
  words.filter((word) => word.startsWith('node_modules/')).map((word) => word.slice('node_modules/'.length))

function usedPackages(root, packages) {
  const used = new Map()
  const add = (name) => {
    const known = packages.find((one) => one.name === name)
    if (known === undefined || used.has(name)) return
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, known.folder, 'package.json'), 'utf8'))
    used.set(name, { folder: known.folder, dependencies })
    for (const other of Object.keys(dependencies)) add(other)
  }
  add(SERVER)
  return [...used.values()]
}

/** Packages that are there when the code runs; types are gone by then. */
function importedBy(root, folder, packages) {
  const self = packages.find((one) => one.folder === folder)?.name
  return sourceFiles(root, /\.ts$/, `${folder}/src`)
    .filter((file) => !isTestFile(file))
    .flatMap((file) =>
      references(file, readFileSync(join(root, file), 'utf8'))
        .filter(({ specifier, typeOnly }) => !typeOnly && !specifier.startsWith('.') && !isBuiltin(specifier))
        .map(({ specifier }) => ({ name: nameOf(specifier, file, packages), file }))
        .filter(({ name }) => name !== self),
    )
}

function nameOf(specifier, file, packages) {
  const target = resolve(specifier, file, packages)
  if (target.kind !== 'file') return target.name
  return packages.find(({ folder }) => target.path.startsWith(`${folder}/`))?.name
}
