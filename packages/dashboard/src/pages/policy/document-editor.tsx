import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { AnswerOf, Shape } from '../../api/operation.ts'
import { useAct } from '../../api/query.ts'
import { useMay } from '../../session/may.ts'
import { useProjectId } from '../../session/project.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { TryAndSave } from './try-and-save.tsx'

const validate = 'POST /api/v1/projects/{projectId}/config/validate'

/** The whole document as JSON, for everything that no form shows. */
export function DocumentEditor({ inForce }: { readonly inForce: Shape<'ConfigVersion'> }) {
  const projectId = useProjectId()
  const kept = JSON.stringify(inForce.document, null, 2)
  const [text, setText] = useState(kept)
  const act = useAct(validate)
  const may = useMay(validate)
  const read = readJson(text)
  const wrong = 'error' in read ? read.error : null
  return (
    <div className="grid items-start gap-5 xl:grid-cols-2">
      <Card
        title="Document"
        description="The same as trueup.config.ts, as JSON: sources, catalogue, match rules, policy."
        actions={
          <div className="flex flex-wrap gap-2">
            <CopyButton text={text} label="Copy" size="normal" />
            <Button unless={text === kept && 'Nothing is changed yet.'} onClick={() => setText(kept)}>
              Undo changes
            </Button>
            <Button
              isBusy={act.isPending}
              unless={may.reason ?? wrong}
              onClick={() => {
                if ('document' in read) act.mutate({ path: { projectId }, body: { document: read.document } })
              }}
            >
              Validate
            </Button>
          </div>
        }
      >
        <Field label="Configuration as JSON" error={wrong}>
          <Textarea
            rows={28}
            spellCheck={false}
            autoCapitalize="none"
            autoCorrect="off"
            className="font-mono text-xs leading-5"
            value={text}
            onChange={({ target }) => {
              setText(target.value)
              act.reset()
            }}
          />
        </Field>
        {act.error ? <ErrorState error={act.error} className="mt-3" /> : null}
        {act.data ? <Verdict answer={act.data} /> : null}
      </Card>
      <TryAndSave
        inForce={inForce}
        document={'document' in read ? read.document : null}
        unless={wrong ?? (text === kept && 'Nothing is changed yet.')}
      />
    </div>
  )
}

function Verdict({ answer: { valid, problems } }: { readonly answer: AnswerOf<typeof validate> }) {
  if (valid) {
    return (
      <p role="status" className="mt-3 flex items-center gap-2 rounded-md bg-success-soft px-3 py-2 text-sm">
        <CircleCheck className="size-4 shrink-0 text-success" aria-hidden /> It is a valid configuration.
      </p>
    )
  }
  return (
    <div role="alert" className="mt-3 rounded-md bg-danger-soft px-3 py-2 text-sm">
      <p className="font-medium">
        {problems.length === 1 ? 'One thing is wrong' : `${problems.length} things are wrong`}
      </p>
      <ul className="mt-2 flex flex-col gap-2">
        {problems.map(({ code, path, found, needed, fix }) => (
          <li key={`${code} ${path}`}>
            <Untrusted text={path} isMono isWhole className="font-medium" />: found{' '}
            <Untrusted text={found} isWhole maxLength={300} />, needed{' '}
            <Untrusted text={needed} isWhole maxLength={300} />.{' '}
            <Untrusted text={fix} isWhole maxLength={400} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function readJson(text: string): { readonly document: unknown } | { readonly error: string } {
  try {
    return { document: JSON.parse(text) }
  } catch (error) {
    return { error: `It is no JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}
