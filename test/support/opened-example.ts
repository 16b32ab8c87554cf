import type { ClerkClient } from '@clerk/backend'
import type { Sandbox } from '@trueup/sandbox'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { Screen, startBrowser } from './browser.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** What every example is, once it runs. */
interface RunningExample {
  readonly url: string
  readonly sandbox: Sandbox
  readonly clerk: ClerkClient
  close(): Promise<void>
}

/** An example that runs on a database of its own, and a browser that looks at it. */
export class OpenedExample<Example extends RunningExample> {
  readonly example: Example
  readonly browser: Browser
  readonly screen: Screen
  readonly #database: TestDatabase

  private constructor(example: Example, browser: Browser, screen: Screen, database: TestDatabase) {
    this.example = example
    this.browser = browser
    this.screen = screen
    this.#database = database
  }

  /** Starts both. */
  static async open<Example extends RunningExample>(
    start: (options: { readonly port: number; readonly databaseUrl: string }) => Promise<Example>,
  ): Promise<OpenedExample<Example>> {
    const database = await createTestDatabase({ empty: true })
    const [example, browser] = await Promise.all([
      start({ port: 0, databaseUrl: database.url }),
      startBrowser(),
    ])
    return new OpenedExample(example, browser, await Screen.open(browser, example.url), database)
  }

  async close(): Promise<void> {
    await this.screen.context.close()
    await this.browser.close()
    await this.example.close()
    await this.#database.drop()
  }

  /** Signs somebody who has an account in at Clerk's page, and waits for the page of billing. */
  async signIn(on: Page, name: string): Promise<void> {
    const back = encodeURIComponent(`${this.example.url}/billing`)
    await on.goto(`${this.example.sandbox.clerk.url}/sign-in?redirect_url=${back}`)
    await on.getByLabel('Email').fill(emailOf(name))
    await on.getByRole('button', { name: 'Sign in', exact: true }).click()
    await on.getByRole('heading', { level: 1, name: 'Billing', exact: true }).waitFor()
  }

  /** Takes somebody new into the organization that there is, as no admin, and signs them in in a browser of their own. */
  async openAsMember(name: string): Promise<Page> {
    const { sandbox, clerk } = this.example
    const [organization] = sandbox.world.clerk.organizations.all()
    if (!organization) throw new Error('The organization was created before.')
    const { id } = await clerk.users.createUser({
      emailAddress: [emailOf(name)],
      skipPasswordRequirement: true,
    })
    await clerk.organizations.createOrganizationMembership({
      organizationId: organization.id,
      userId: id,
      role: 'org:member',
    })
    const page = await (await this.browser.newContext()).newPage()
    await this.signIn(page, name)
    return page
  }

  /** Moves the time of the sandbox by the form in the page. After a week Clerk asks people to sign in again. */
  async letPass(days: number): Promise<void> {
    const { page } = this.screen
    await page.getByRole('spinbutton', { name: 'days' }).fill(String(days))
    await page.getByRole('button', { name: 'pass', exact: true }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await this.signIn(page, 'ada')
  }

  /** Fails for what the page did wrong, apart from going to the pages of the vendors. */
  expectClean(): void {
    const { clerk, stripe } = this.example.sandbox
    const wrong = this.screen.forgetWrong()
    expect(wrong.filter((each) => ![clerk.url, stripe.url].some((url) => each.includes(url)))).toEqual([])
  }
}

/** The address of a person in the examples. */
export function emailOf(name: string): string {
  return `${name}@example.com`
}
