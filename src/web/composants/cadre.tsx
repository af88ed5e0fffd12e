import type { ReactElement, ReactNode } from 'react'
import { classes } from './texte.ts'

/** A frame that scrolls sideways, by keyboard too. The script gives the focus back to the page when there is nothing to scroll. */
export function CadreDefilant({
  libelle,
  toujours,
  children,
}: {
  libelle: string
  /** Whatever the width; otherwise on small screens only, so that what opens over a row is not cut. */
  toujours?: boolean | undefined
  children: ReactNode
}): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section className={classes('defile', toujours && 'defile--toujours')} aria-label={libelle} tabIndex={0}>
      {children}
    </section>
  )
}
