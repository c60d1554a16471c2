/** What can stand beside the text, in the order of its tabs. */
export const PANELS = ['comments', 'chat', 'history', 'people'] as const
export type PanelName = (typeof PANELS)[number]

/** What the address of a room says of the panel. */
export interface PanelSearch {
  /** `none`: closed. Left out: what was open last, or comments where there is room for them. */
  readonly panel?: PanelName | 'none'
  /** The first comment of the thread that is shown. */
  readonly thread?: number
  /** The message of the chat that is scrolled to. */
  readonly message?: number
  /** The scene that is scrolled to. */
  readonly scene?: number
}

export function panelSearch(search: Record<string, unknown>): PanelSearch {
  const { panel, thread, message, scene } = search
  const isPanel = panel === 'none' || PANELS.some((name) => name === panel)
  return {
    ...(isPanel && { panel: panel as PanelName | 'none' }),
    ...(isId(thread) && { thread }),
    ...(isId(message) && { message }),
    ...(isId(scene) && { scene }),
  }
}

const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0
