/** A text that HTML shows as it is, in elements and in quoted attributes. */
export function htmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Colours that can be read on white and, where a mail client turns them round, on black. */
export const inks = {
  text: '#1d2939',
  quiet: '#5b6676',
  line: '#e4e7ec',
  page: '#f2f4f7',
  critical: '#b42318',
  high: '#b54708',
  medium: '#93660c',
  low: '#475467',
  good: '#067647',
  link: '#175cd3',
} as const

const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

/**
 * A page that mail clients draw: tables and inline styles only, no picture, no script, nothing fetched.
 *
 * @param preview what the list of mails shows after the subject; text
 * @param body HTML rows of the page's table
 */
export function mailPage(page: {
  readonly title: string
  readonly preview: string
  readonly color: string
  readonly body: string
  readonly footer: string
}): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light"><title>${htmlText(page.title)}</title></head>
<body style="margin:0;padding:0;background:${inks.page};">
<div style="display:none;max-height:0;overflow:hidden;">${htmlText(page.preview)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:${inks.page};"><tr><td align="center" style="padding:24px 12px;">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border:1px solid ${inks.line};border-top:4px solid ${page.color};font-family:${font};color:${inks.text};font-size:15px;line-height:22px;">
${page.body}
<tr><td style="padding:16px 24px;border-top:1px solid ${inks.line};font-size:12px;line-height:18px;color:${inks.quiet};">${page.footer}</td></tr>
</table></td></tr></table></body></html>`
}

/** A row across the page. */
export function row(content: string, padding = '0 24px 16px'): string {
  return `<tr><td style="padding:${padding};">${content}</td></tr>`
}

/** A link that looks like a button, in every client. */
export function buttonRow(label: string, link: string): string {
  return row(
    `<table role="presentation" cellpadding="0" cellspacing="0"><tr><td style="background:${inks.link};border-radius:6px;">` +
      `<a href="${htmlText(link)}" style="display:inline-block;padding:10px 18px;color:#ffffff;text-decoration:none;font-weight:600;">${htmlText(label)}</a>` +
      '</td></tr></table>',
    '4px 24px 24px',
  )
}
