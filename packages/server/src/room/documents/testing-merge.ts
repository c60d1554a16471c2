import { spliceTowards } from './card-edit.ts'

/** The current text after the change from `base` to `wanted` is merged into it. */
export function merged(current: string, wanted: string, base?: string): string {
  let text = current
  for (const { at, remove, insert } of spliceTowards(current, wanted, base)) {
    text = text.slice(0, at) + insert + text.slice(at + remove)
  }
  return text
}
