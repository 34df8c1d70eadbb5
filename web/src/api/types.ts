// Short names for the contract's types, so that pages need not spell out the generated path.
import type { components } from './schema'

export type Schemas = components['schemas']
export type Role = Schemas['Role']
export type Session = Schemas['Session']
export type Problem = Schemas['Problem']
export type FileInfo = Schemas['FileInfo']

/** One page of a list that continues after `next`. */
export interface Page<T> {
  items: T[]
  next?: string | null
}
