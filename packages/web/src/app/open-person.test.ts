import { expect, test } from 'vitest'
import { personOfQuery } from './open-person.ts'

test('open person: an address names who writes', () => {
  expect(personOfQuery('?user_id=2&user_name=Bea')).toEqual({ user_id: 2, user_name: 'Bea' })
  expect(personOfQuery('?user_name=%20Bea%20&user_id=2147483647')).toEqual({
    user_id: 2147483647,
    user_name: 'Bea',
  })
  expect(personOfQuery('?user_id=7')).toEqual({ user_id: 7, user_name: 'Person 7' })
})

test.each(['', '?user_name=Bea', '?user_id=0', '?user_id=-1', '?user_id=1.5', '?user_id=2147483648'])(
  'open person: %s names nobody',
  (search) => {
    expect(personOfQuery(search)).toBeUndefined()
  },
)
