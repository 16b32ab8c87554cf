import { Checkbox } from '../../ui/field.tsx'

/** Several of a closed list. */
export function ChoiceField<Name extends string>({
  label,
  hint,
  error,
  choices,
  value,
  onChange,
}: {
  readonly label: string
  readonly hint?: string
  readonly error?: string | null | undefined
  readonly choices: readonly (readonly [name: Name, word: string])[]
  readonly value: readonly Name[]
  readonly onChange: (value: readonly Name[]) => void
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      {hint ? <p className="mb-2 text-muted text-sm">{hint}</p> : null}
      <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-2">
        {choices.map(([name, word]) => (
          <Checkbox
            key={name}
            label={<span className="break-words text-sm">{word}</span>}
            checked={value.includes(name)}
            onChange={({ target }) =>
              onChange(target.checked ? [...value, name] : value.filter((one) => one !== name))
            }
          />
        ))}
      </div>
      {error ? (
        <p role="alert" className="mt-1.5 text-danger text-sm">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
