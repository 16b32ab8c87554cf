/** A day for people, the same on the server and in the page, wherever both are. */
export function day(moment: string, locale: string): string {
  return new Date(moment).toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' })
}
