import { Duplex } from 'node:stream'

/**
 * A stream that the `pg` client takes for a socket that is connected already. Whatever stands between the driver and a
 * database is one: the guard before an app's server, and a client of the embedded database.
 */
export abstract class DriverStream extends Duplex {
  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}
