import { useEffect, useLayoutEffect } from 'react'

/** Before the browser paints; on a server, where nothing is painted, React 18 would complain of it. */
export const useIsomorphicLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect
