// Loaded into a measured process: tells its parent, on file descriptor 3, the most memory that it held (in KiB).
import { writeSync } from 'node:fs'

process.on('exit', () => {
  writeSync(3, String(process.resourceUsage().maxRSS))
})
