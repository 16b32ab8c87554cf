import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { migrationSql } from './store/sql/migrations.ts'

/** Names under which card data would come near: numbers, codes, dates, and the words that forms use for them. */
const cardData =
  /(^|_)(pan|cvc|cvv|csc|last_?4|bin|iin|iban|track_?data|magstripe)($|_)|card_?(number|num|no|code|holder|exp\w*|cvc|cvv)|cc_?(number|num|csc|exp\w*|name)|exp(iry|iration)?_?(month|year)|account_?number|routing_?number|sort_?code|security_?code/

function snake(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
}

function isCardData(name: string): boolean {
  return cardData.test(snake(name))
}

/** Every name that the code gives: of types, fields, variables, parameters, and every text that is one word. */
function namesIn(file: string, text: string): readonly string[] {
  const names: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.push(node.text)
    if (ts.isStringLiteralLike(node) && /^[\w-]{1,40}$/.test(node.text)) names.push(node.text)
    // Forms and elements in markup.
    if (ts.isJsxAttribute(node)) names.push(node.name.getText())
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return names
}

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
)

it('no type, no field, no variable, no form and no log of the SDK has a name for card data', () => {
  expect(sources.length).toBeGreaterThan(50)
  const found = sources.flatMap((file) =>
    namesIn(file, readFileSync(join(import.meta.dirname, file), 'utf8'))
      .filter(isCardData)
      .map((name) => `${file}: ${name}`),
  )
  expect(found).toEqual([])
})

it('no table has a column for card data', () => {
  const words = migrationSql().match(/\w+/g) ?? []
  expect(words.filter(isCardData)).toEqual([])
})

it.each([
  'cardNumber',
  'card_number',
  'cvc',
  'last4',
  'exp_month',
  'expiryYear',
  'cc-number',
  'iban',
  'pan',
  'securityCode',
])('%s would be noticed', (name) => {
  expect(isCardData(name)).toBe(true)
  expect(namesIn('a.ts', `interface Payment { readonly '${name}': string }`).some(isCardData)).toBe(true)
})

it.each([
  'company',
  'span',
  'expires',
  'expand',
  'binding',
  'paymentMethod',
  'trial_ends_at',
  'expiresMinutes',
])('%s is nothing of the kind', (name) => {
  expect(isCardData(name)).toBe(false)
})
