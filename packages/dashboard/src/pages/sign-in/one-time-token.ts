import { useState } from 'react'

/**
 * The token of a link, which stands behind `#`. It is taken out of the address at once, so that it stays in no history
 * and is not shown to who looks over a shoulder.
 */
export function useOneTimeToken(): string | null {
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)) || kept)
  if (location.hash !== '') {
    kept = token
    history.replaceState(history.state, '', location.pathname + location.search)
  }
  return token
}

/** The page may be drawn twice before it stands. */
let kept: string | null = null
