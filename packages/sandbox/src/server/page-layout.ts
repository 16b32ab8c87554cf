import { html } from 'hono/html'

type Content = ReturnType<typeof html>

const STYLE = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
  body { margin: 0 auto; max-width: 34rem; padding: 2rem 1rem }
  h1 { font-size: 1.4rem }
  table { border-collapse: collapse; width: 100% }
  td, th { border-bottom: 1px solid #8884; padding: .4rem 0; text-align: left }
  td:last-child, th:last-child { text-align: right }
  label { display: block; margin-top: .8rem }
  input, select, button { box-sizing: border-box; font: inherit; padding: .5rem; width: 100% }
  button { background: #3b4cca; border: 0; border-radius: .3rem; color: #fff; cursor: pointer; margin-top: .8rem }
  button.plain { background: none; border: 1px solid #8886; color: inherit; text-align: left }
  .note { color: #777; font-size: .85rem }
  .error { border-left: 4px solid #c33; padding-left: .6rem }
`

/** A whole page of the sandbox. Everything put into it by `html` is escaped. */
export function layout(title: string, content: Content | Promise<Content>) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
<p class="note">This is a sandbox. No money moves, and no real card belongs here.</p>
</main>
</body>
</html>`
}

/** An amount in minor units, as people read it. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}

/** A moment in Unix seconds, as a date. */
export function date(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 10)
}
