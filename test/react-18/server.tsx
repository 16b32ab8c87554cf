import { version } from 'react'
import { renderToString } from 'react-dom/server'
import { Page } from './page.tsx'

export function render() {
  return { version, html: renderToString(<Page />) }
}
