import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded in the server measured, before it: when asked, answers the longest time its event loop was held since the last answer, in ms. Pages wait for that loop, and not
 * for that of the process which does the background work.
 */
const boucle = monitorEventLoopDelay({ resolution: 5 })
boucle.enable()
process.on('message', () => {
  process.send?.(Math.round(boucle.max / 1e6 - 5))
  boucle.reset()
})
// The server ends when it is told to, whatever its parent may still ask.
process.channel?.unref()
