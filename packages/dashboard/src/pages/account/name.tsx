import { type FormEvent, useState } from 'react'
import { useAct } from '../../api/query.ts'
import { useMe } from '../../session/me.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'

export function Name() {
  const me = useMe()
  const [name, setName] = useState(me.name)
  const rename = useAct('PATCH /api/v1/me', { refresh: ['GET /api/v1/me'] })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate({ body: { name } }, { onSuccess: () => toast.done('Your name was changed.') })
  }
  return (
    <Card title="Name" description="As the others in your workspaces see it.">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <Field
          label="Your name"
          error={rename.error && (rename.error.about('name') ?? rename.error.message)}
          className="min-w-0 flex-1 basis-56"
        >
          <Input
            required
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Button
          type="submit"
          className="h-9"
          isBusy={rename.isPending}
          unless={name.trim() === me.name ? 'It is called so already.' : null}
        >
          Change
        </Button>
      </form>
    </Card>
  )
}
