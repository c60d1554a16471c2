import { useEffect, useState } from 'react'

/** This day, and at midnight the next one. */
export function useToday(): Date {
  const [today, setToday] = useState(() => new Date())
  useEffect(() => {
    const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1)
    const timer = setTimeout(() => setToday(new Date()), midnight.getTime() - Date.now() + 1)
    return () => clearTimeout(timer)
  }, [today])
  return today
}
