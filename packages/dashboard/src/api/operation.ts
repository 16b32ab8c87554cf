import type { components, paths } from './document.ts'
import type { RouteKey } from './policy.ts'

/** A shape that the reference of the API names. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name]

type Operation<Key extends RouteKey> = Key extends `${infer Method} ${infer Path}`
  ? Path extends keyof paths
    ? Lowercase<Method> extends keyof paths[Path]
      ? paths[Path][Lowercase<Method>]
      : never
    : never
  : never

type Parameters<Key extends RouteKey, Place extends string> =
  Operation<Key> extends { readonly parameters: infer All }
    ? Place extends keyof All
      ? All[Place]
      : undefined
    : undefined

type BodyOf<Key extends RouteKey> =
  Operation<Key> extends { readonly requestBody?: infer Body }
    ? NonNullable<Body> extends { content: { 'application/json': infer Json } }
      ? Json
      : undefined
    : undefined

type Success = 200 | 201 | 202

/** What a route answers; `undefined`: nothing. */
export type AnswerOf<Key extends RouteKey> =
  Operation<Key> extends { readonly responses: infer Responses }
    ? {
        [Status in keyof Responses]: Status extends Success
          ? Responses[Status] extends { content: { 'application/json': infer Json } }
            ? Json
            : undefined
          : never
      }[keyof Responses]
    : never

/** An item of a list. */
export type ItemOf<Key extends RouteKey> =
  AnswerOf<Key> extends { readonly items: readonly (infer Item)[] } ? Item : never

/** Routes that give a list page by page. */
export type PagedKey = {
  [Key in RouteKey]: AnswerOf<Key> extends {
    readonly items: readonly unknown[]
    readonly next: string | null
  }
    ? Key
    : never
}[RouteKey]

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [Key in Name]?: undefined }
  : undefined extends Value
    ? { readonly [Key in Name]?: NonNullable<Value> }
    : { readonly [Key in Name]: Value }

/** What a route takes: the parts of its path, its query and its body. */
export type InputOf<Key extends RouteKey> = Part<'path', Parameters<Key, 'path'>> &
  Part<'query', Parameters<Key, 'query'>> &
  Part<'body', BodyOf<Key>>

/** The last argument of a call, which is left out where the route takes nothing. */
export type InputArgument<Key extends RouteKey> =
  Record<string, never> extends InputOf<Key> ? [input?: InputOf<Key>] : [input: InputOf<Key>]
