import type { ReactElement } from 'react'
import { encode } from 'uqr'

const MODULE = 5

/** A QR code drawn by the server: no script, no request to anybody. What it says is also written beside it. */
export function CodeQr({ texte, libelle }: { texte: string; libelle: string }): ReactElement {
  const { data, size } = encode(texte, { ecc: 'M', border: 4 })
  const trace = data.flatMap((ligne, y) => ligne.map((noir, x) => (noir ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      role="img"
      aria-label={libelle}
      viewBox={`0 0 ${size} ${size}`}
      width={size * MODULE}
      height={size * MODULE}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={trace} fill="#000" />
    </svg>
  )
}
