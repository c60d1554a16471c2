import { parseSync } from 'vite'

/**
 * @typedef {object} Reference one module naming another
 * @property {string} specifier as it stands in the source
 * @property {number} line counted from 1
 * @property {boolean} typeOnly gone when types are stripped
 */

/**
 * Parses TypeScript.
 * @param {string} path its ending says which dialect
 * @param {string} source
 * @throws {SyntaxError} with the first thing that is wrong
 */
export function parse(path, source) {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new SyntaxError(`${path} can't be parsed: ${errors[0].message}`)
  return program
}

/**
 * Calls `visit` with every node below one, parents first.
 * @param {object} node
 * @param {(node: object, parent: object | undefined, key: string | undefined) => void} visit
 */
export function walk(node, visit, parent, key) {
  visit(node, parent, key)
  for (const [childKey, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') walk(child, visit, node, childKey)
    }
  }
}

/** The line of an offset into the source, counted from 1. */
export function lineAt(source, offset) {
  return source.slice(0, offset).split('\n').length
}

/**
 * Everything by which a module names another: import and export declarations, `import()`, types by `import('x').T`,
 * and `new URL('./worker.ts', import.meta.url)`.
 * @param {string} path
 * @param {string} source
 * @returns {Reference[]}
 */
export function references(path, source) {
  const found = []
  walk(parse(path, source), (node) => {
    const specifier = specifierOf(node)
    if (specifier === undefined) return
    found.push({ specifier, line: lineAt(source, node.start), typeOnly: isTypeOnly(node) })
  })
  return found
}

function specifierOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportType':
    case 'ImportExpression':
      return textOf(node.source)
    case 'NewExpression':
      return isModuleUrl(node) ? textOf(node.arguments[0]) : undefined
    default:
      return undefined
  }
}

function textOf(literal) {
  return typeof literal?.value === 'string' ? literal.value : undefined
}

/** A worker's module; a URL of another kind of file is no import. */
function isModuleUrl({ callee, arguments: [relative, base] }) {
  if (callee.name !== 'URL' || base?.type !== 'MemberExpression') return false
  return base.object.type === 'MetaProperty' && /\.m?[jt]sx?$/.test(textOf(relative) ?? '')
}

function isTypeOnly(node) {
  if (node.type === 'TSImportType') return true
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const names = node.specifiers ?? []
  return names.length > 0 && names.every((name) => (name.importKind ?? name.exportKind) === 'type')
}
