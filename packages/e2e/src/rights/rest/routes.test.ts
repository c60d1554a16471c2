import { afterAll, beforeAll, expect, test } from 'vitest'
import { House } from '../house.ts'
import { ROUTE_ROWS } from './rows.ts'
import { routesOf } from './testing-routes.ts'

const known = new Set(ROUTE_ROWS.map(({ route }) => route))

let house: House
beforeAll(async () => {
  house = await House.open()
})
afterAll(() => house.close())

test('rights: every route of the running server has its row, and every row is a route of it', async () => {
  const routes = new Set(await routesOf(house))
  expect({
    withoutRow: [...routes].filter((route) => !known.has(route)),
    withoutRoute: [...known].filter((route) => !routes.has(route)),
  }).toEqual({ withoutRow: [], withoutRoute: [] })
})

test('rights: every route that the OpenAPI document tells of has its row', async () => {
  const { paths } = await house.call<{ paths: Record<string, object> }>('signed_out', 'GET', '/openapi.json')
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(told.length).toBeGreaterThan(50)
  expect(told.filter((route) => !known.has(route))).toEqual([])
})
