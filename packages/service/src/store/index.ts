export type { StoreOptions } from './open-store.ts'
export { openStore } from './open-store.ts'
export type { StoreErrorCode } from './store-error.ts'
export { StoreError } from './store-error.ts'
