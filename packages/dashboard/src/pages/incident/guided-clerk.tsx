import { ExternalLink } from 'lucide-react'
import type { Shape } from '../../api/operation.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CodeBlock, CopyButton } from '../../ui/copy.tsx'
import { Untrusted, visible } from '../../ui/untrusted.tsx'

/** A repair that a person makes in Clerk: whose field, which, what it should be, and how it is looked at afterwards. */
export function GuidedClerk({
  guided: { subject, fields, link, requests },
  onCheck,
  isChecking,
  unless,
}: {
  readonly guided: NonNullable<Shape<'GuidedClerkRepair'>>
  readonly onCheck: () => void
  readonly isChecking: boolean
  readonly unless: string | null
}) {
  const safeLink = link?.startsWith('https://') ? link : null
  return (
    <Card
      title="Set it right in Clerk"
      description="Trueup only reads Clerk. This is what a person changes there; then check again."
    >
      <ol className="flex flex-col gap-4 text-sm">
        <Step number={1} title={subject.type === 'user' ? 'Open the user' : 'Open the organization'}>
          <div className="flex flex-wrap items-center gap-2">
            <Untrusted text={subject.id} isMono />
            <CopyButton text={subject.id} label="Copy the id" isIcon />
            {safeLink ? (
              <a
                href={safeLink}
                target="_blank"
                rel="noreferrer noopener"
                className={buttonLook({ size: 'small' })}
              >
                Open in Clerk <ExternalLink aria-hidden />
              </a>
            ) : null}
          </div>
        </Step>
        <Step number={2} title={fields.length === 1 ? 'Set the field' : 'Set the fields'}>
          <ul className="flex flex-col gap-2">
            {fields.map(({ field, before, expected }) => (
              <li key={field} className="overflow-hidden rounded-md border border-line">
                <p className="break-words bg-sunken px-3 py-1.5 font-mono text-xs">
                  <Untrusted text={field} isWhole />
                </p>
                <div className="flex items-start gap-2 px-3 py-1.5">
                  <dl className="grid min-w-0 flex-1 grid-cols-[4.5rem_minmax(0,1fr)] gap-y-0.5 text-xs leading-5">
                    <dt className="text-muted">Now</dt>
                    <dd className="break-words font-mono">
                      {before === null ? (
                        <span className="text-faint">absent</span>
                      ) : (
                        <Untrusted text={before} isWhole />
                      )}
                    </dd>
                    <dt className="text-muted">Expected</dt>
                    <dd className="break-words font-medium font-mono text-success">
                      {expected === undefined ? 'removed' : visible(JSON.stringify(expected))}
                    </dd>
                  </dl>
                  {expected === undefined ? null : (
                    <CopyButton
                      text={JSON.stringify(expected)}
                      label={`Copy the expected value of ${field}`}
                      isIcon
                    />
                  )}
                </div>
              </li>
            ))}
          </ul>
          {requests.length > 0 ? (
            <details className="mt-3">
              <summary className="w-fit rounded-sm font-medium">
                {requests.length === 1 ? 'Or send this request' : 'Or send these requests'}
              </summary>
              <p className="mt-1 text-muted">In a shell in which CLERK_SECRET_KEY is set.</p>
              {requests.map(({ curl }, place) => (
                <CodeBlock
                  // biome-ignore lint/suspicious/noArrayIndexKey: requests keep their order
                  key={place}
                  className="mt-2"
                  label={requests.length === 1 ? 'request' : `request ${place + 1}`}
                  code={curl}
                />
              ))}
            </details>
          ) : null}
        </Step>
        <Step number={3} title="Check again">
          <Button kind="primary" isBusy={isChecking} unless={unless} onClick={onCheck}>
            Check again
          </Button>
        </Step>
      </ol>
    </Card>
  )
}

function Step({
  number,
  title,
  children,
}: {
  readonly number: number
  readonly title: string
  readonly children: React.ReactNode
}) {
  return (
    <li className="flex gap-3">
      <span
        className="tabular flex size-6 shrink-0 items-center justify-center rounded-full bg-hover text-muted text-xs"
        aria-hidden
      >
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <p className="mb-1.5 font-medium leading-6">{title}</p>
        {children}
      </div>
    </li>
  )
}
