import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ASKERS, type Asker } from '../askers.ts'
import { House } from '../house.ts'
import { type RouteRow, requestOf, Stage } from './row.ts'

/** Tests every cell of the rows on a server of their own, and tells at the end how many there were. */
export function askRows(subject: string, rows: readonly RouteRow[]): void {
  let house: House
  let cells = 0

  beforeAll(async () => {
    house = await House.open()
  })
  afterAll(async () => {
    console.log(`Rights of ${subject}: ${rows.length} rows, ${cells} cells.`)
    await house.close()
  })

  describe(`rights: who gets what of ${subject}`, () => {
    test.each(rows.map((row) => [nameOf(row), row] as const))('%s', async (_, row) => {
      const answers: [Asker, number][] = []
      const { askers = ASKERS } = row
      for (const [n, asker] of askers.entries()) {
        if (row.limit !== undefined && n % row.limit === 0) await house.forgetLimits(row.limits)
        answers.push([asker, await statusOf(house, row, asker)])
        cells++
      }
      if (row.endsSessions) await house.signInAnew()
      const wanted = askers.map((asker) => [asker, row.answers[asker]])
      expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(wanted))
    })
  })
}

const nameOf = ({ route, when }: RouteRow): string => (when === undefined ? route : `${route}, ${when}`)

async function statusOf(house: House, row: RouteRow, asker: Asker): Promise<number> {
  if (asker === 'revoked') await house.letIn()
  const asked = (await row.prepare?.(new Stage(house, asker))) ?? {}
  if (asker === 'revoked') await house.revoke()
  const response = await house.ask(asker, requestOf(row, asked))
  const body = await response.text()
  // Whoever is refused learns nothing but that.
  if (!response.ok) expect(body).not.toContain(house.story.title)
  return response.status
}
