import type { ReactNode } from 'react'

/** Where a part stands among the page's headings. */
export type HeadingLevel = 1 | 2 | 3 | 4 | 5

export function Heading({
  level,
  id,
  className,
  children,
}: {
  readonly level: number
  readonly id?: string
  readonly className?: string | undefined
  readonly children: ReactNode
}) {
  const Tag = `h${level}` as 'h1'
  return (
    <Tag id={id} data-part="title" className={className}>
      {children}
    </Tag>
  )
}
