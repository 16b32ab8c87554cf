import { useMe } from '../../session/me.ts'
import { Page } from '../../shell/page.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Name } from './name.tsx'
import { Password } from './password.tsx'
import { SecondFactor } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'
import { ThemeChoice } from './theme-choice.tsx'

/** What a person settles for themselves. */
export function Account() {
  const me = useMe()
  return (
    <Page title="Your account" description={<Untrusted text={me.email} />} width="narrow">
      <div className="flex flex-col gap-5">
        <Name />
        <Password />
        <SecondFactor />
        <Sessions />
        <ThemeChoice />
      </div>
    </Page>
  )
}
