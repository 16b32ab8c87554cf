import openapi, { astToString } from 'openapi-typescript'

/** The shapes of an OpenAPI document as TypeScript, in which every field that an answer always has is required. */
export async function typesOf(document: object): Promise<string> {
  const nodes = await openapi(structuredClone(document) as Parameters<typeof openapi>[0], {
    alphabetize: true,
    defaultNonNullable: false,
    immutable: true,
  })
  return `/* Written by test/openapi.real.test.ts from the reference of the API: change the routes, then run it with -u. */\n${astToString(nodes)}`
}
