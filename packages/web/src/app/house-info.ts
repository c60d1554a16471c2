import { queryOptions } from '@tanstack/react-query'
import { api } from './api.ts'

/** Whether the house sends mail, and whom it lets sign up. */
export const houseQuery = queryOptions({
  queryKey: ['house'],
  queryFn: () => api.house(),
  staleTime: Number.POSITIVE_INFINITY,
})
