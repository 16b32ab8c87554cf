import { renderToString } from 'react-dom/server'
import { Page } from './page.tsx'
import type { PageData } from './page-data.ts'

/** The whole page as HTML, readable before and without its script. */
export function render(data: PageData): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Team Notes</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/files/page.css">
</head>
<body>
<div id="root">${renderToString(<Page data={data} />)}</div>
<script type="application/json" id="data">${json}</script>
<script type="module" src="/files/page.js"></script>
</body>
</html>`
}
