import { useState } from 'react'
import type { PageData } from './page-data.ts'
import { send } from './send.ts'

/** What everybody may use. */
export function Notes({ data }: { readonly data: PageData }) {
  const [notes, setNotes] = useState(data.notes)
  const [text, setText] = useState('')
  return (
    <>
      <h1>Notes</h1>
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          await send(data.clerkUrl, '/api/notes', { text })
          setNotes([text, ...notes])
          setText('')
        }}
      >
        <label>
          New note <input value={text} onChange={(event) => setText(event.target.value)} required />
        </label>{' '}
        <button type="submit">Write</button>
      </form>
      <ul>
        {notes.map((note, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: notes are only added, and the newest stands first
          <li key={notes.length - place}>{note}</li>
        ))}
      </ul>
    </>
  )
}
