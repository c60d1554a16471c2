import type { Beat, Comment, Scene } from '@storyweave/protocol'
import type { Asker, Column } from '../askers.ts'
import type { House } from '../house.ts'

/** One line of the rights table for REST. */
export interface RouteRow {
  /** As the server lists it: `PATCH /api/beats/{id}`. */
  readonly route: string
  /** Where a route has several rows: what this one is about. */
  readonly when?: string
  /** The HTTP status each of them gets. */
  readonly answers: Column<number>
  /**
   * Makes what is asked about and says how. Whoever is about to be revoked is still an editor then.
   * Without it the route is asked as it stands.
   */
  readonly prepare?: (stage: Stage) => Asked | Promise<Asked>
  /** Who asks, where it is not everyone. */
  readonly askers?: readonly Asker[]
  /** Cells that may be asked before a limit answers: then whatever has counted them is made to forget. */
  readonly limit?: number
  /** Whom the limit counts; addresses unless said. */
  readonly limits?: 'addresses' | 'people'
  /** Ends sessions: everyone signs in anew afterwards. */
  readonly endsSessions?: boolean
}

export interface Asked {
  /** For the braces of the route's path. */
  readonly params?: Readonly<Record<string, number | string>>
  /** Without `?`. */
  readonly query?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One cell while it is being prepared. */
export class Stage {
  readonly house: House
  readonly asker: Asker

  constructor(house: House, asker: Asker) {
    this.house = house
    this.asker = asker
  }

  get storyId(): number {
    return this.house.story.id
  }

  /** Who makes what is asked about: the asker themselves where they have a part in the story, else the owner. */
  get maker(): Asker {
    const isOutside = ['stranger', 'signed_out', 'host'].includes(this.asker)
    return isOutside ? 'owner' : this.asker
  }

  newBeat(): Promise<Beat> {
    return this.house.call('owner', 'POST', `/api/stories/${this.storyId}/beats`, { title: 'A beat' })
  }

  newScene(beatId: number = this.house.beat.id, text = 'One.\n\nTwo.'): Promise<Scene> {
    return this.house.call('owner', 'POST', `/api/beats/${beatId}/scenes`, { text })
  }

  newComment(by: Asker): Promise<Comment> {
    const body = { story_id: this.storyId, beat_id: this.house.beat.id, content: 'Why here?' }
    return this.house.call(by, 'POST', '/collaboration/comments', body)
  }
}

/** The request that a row's cell makes. */
export function requestOf({ route }: RouteRow, { params = {}, query, body, headers }: Asked) {
  const [method = '', pattern = ''] = route.split(' ')
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]))
  return {
    method,
    path: query === undefined ? path : `${path}?${query}`,
    ...(body !== undefined && { body }),
    ...(headers && { headers }),
  }
}
