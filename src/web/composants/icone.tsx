import type { ReactElement } from 'react'

/** Line drawings on a 24 px grid, drawn for Amont. The mark-up of each symbol, by name. */
const DESSINS = {
  agenda: ['M4 5h16v16H4ZM4 10h16M8 3v4M16 3v4'],
  annuler: ['M9 14 4 9l5-5', 'M4 9h10a6 6 0 0 1 0 12h-3'],
  bas: ['m6 9 6 7 6-7'],
  cle: ['M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z', 'M8 11V8a4 4 0 0 1 8 0v3'],
  cloche: ['M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5Z', 'M10.5 20h3M12 5.5V3.5'],
  corbeille: ['M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14', 'M10 11v6M14 11v6'],
  crayon: ['M4 20l1-5L16 4l4 4L9 19Z', 'm14 6 4 4'],
  deposer: ['M12 15V4M7.5 8 12 3.5 16.5 8', 'M4 17v4h16v-4'],
  doc: ['M6 3h8l4 4v14H6Z', 'M14 3v4h4M9 12h6M9 16h6'],
  doute: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'M9.3 9.4a2.8 2.8 0 1 1 4 2.6c-.9.4-1.3 1-1.3 1.9M12 17v.1'],
  egal: ['M5 9h14M5 15h14'],
  envoi: ['M21 3 3 11l7 3 3 7Z', 'm21 3-11 11'],
  euro: ['M18 6a7.5 7.5 0 1 0 0 12', 'M3 10h10M3 14h9'],
  filtre: ['M3 5h18l-7 8v6l-4 2v-8Z'],
  fd: ['m9 5 7 7-7 7'],
  fg: ['m15 5-7 7 7 7'],
  gens: [
    'M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
    'M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.6M18 14.6c2 .8 3.2 2.6 3.5 5.4',
  ],
  haut: ['m6 15 6-7 6 7'],
  horloge: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'M12 7v5l3.5 2'],
  import: ['M12 3v11M7.5 10 12 14.5 16.5 10', 'M4 17v4h16v-4'],
  impr: ['M7 9V3h10v6M7 18H4v-8h16v8h-3', 'M7 14h10v7H7Z'],
  info: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'M12 11v5M12 7.8v.1'],
  juge: ['M12 3v18M6 21h12M4 7h16', 'M7 7l-3 7h6ZM17 7l-3 7h6Z'],
  lettre: ['M3 6h18v13H3Z', 'm3 7 9 7 9-7'],
  lien: ['M14 4h6v6M20 4l-9 9', 'M18 14v6H4V6h6'],
  loupe: ['M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z', 'm15.5 15.5 5 5'],
  maison: ['M3 11 12 3l9 8', 'M6 9v12h12V9', 'M10 21v-6h4v6'],
  maj: ['M20 11a8 8 0 0 0-14-4.5L3.5 9M4 13a8 8 0 0 0 14 4.5l2.5-2.5', 'M3.5 4v5h5M20.5 20v-5h-5'],
  non: ['m6 6 12 12M18 6 6 18'],
  oeil: ['M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12Z', 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z'],
  ok: ['m4 12.5 5 5L20 6.5'],
  personne: ['M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z', 'M4 21c.6-4.5 3.6-6.5 8-6.5s7.4 2 8 6.5'],
  plus: ['M12 5v14M5 12h14'],
  reglages: [
    'M4 7h9M19 7h1M4 17h1M11 17h9',
    'M16 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM8 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  ],
  retard: ['M12 3 22 20H2Z', 'M12 10v4M12 17.2v.1'],
  sortie: ['M14 4h6v16h-6', 'M15 12H4M8 8l-4 4 4 4'],
  table: ['M3 5h18v14H3ZM3 10h18M9 5v14'],
  tel: ['M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 3 6a2 2 0 0 1 2-2Z'],
  tri: ['m8 10 4-5 4 5M8 14l4 5 4-5'],
} as const satisfies Record<string, readonly string[]>

/** Radii of the rings: the disc grows with the number of readers. */
const CERCLES = { 1: [2.5, 5, 7.8, 11], 2: [5, 7.8, 11], 3: [7.8, 11], 4: [11] } as const

export type NomIcone = keyof typeof DESSINS
export type RangCercle = keyof typeof CERCLES

/** Boxes of the gauge of the procedure. */
export const BOITES = 7

const SYMBOLES: readonly string[] = [
  ...Object.keys(DESSINS).map((nom) => `i-${nom}`),
  ...Object.keys(CERCLES).map((rang) => `c-${rang}`),
  ...Array.from({ length: BOITES + 1 }, (_, faites) => `j-${faites}`),
]

/** A mute icon: the word beside it says the same. */
export function Icone({ nom, classe }: { nom: NomIcone; classe?: string | undefined }): ReactElement {
  return (
    <svg className={classe ? `ico ${classe}` : 'ico'} aria-hidden="true">
      <use href={`#i-${nom}`} />
    </svg>
  )
}

/** The rings of a circle of confidentiality. */
export function IconeCercle({ rang }: { rang: RangCercle }): ReactElement {
  return (
    <svg className="ico-c" aria-hidden="true">
      <use href={`#c-${rang}`} />
    </svg>
  )
}

/** A gauge of seven boxes, the first ones filled. Drawn once for all the rows of a list. */
export function IconeJauge({ faites }: { faites: number }): ReactElement {
  return (
    <svg viewBox="0 0 46 10" aria-hidden="true">
      <use href={`#j-${Math.min(faites, BOITES)}`} />
    </svg>
  )
}

function SymboleJauge({ id, faites }: { id: string; faites: number }): ReactElement {
  const pas = 46.2 / BOITES
  const boites = Array.from({ length: BOITES }, (_, boite) => ({
    x: (0.5 + boite * pas).toFixed(1),
    faite: boite < faites,
  }))
  return (
    <symbol id={id} viewBox="0 0 46 10">
      {boites.map(({ x, faite }) => (
        <rect
          key={x}
          className={faite ? 'etape-faite' : 'etape-reste'}
          x={x}
          y="1"
          width={(pas - 1.6).toFixed(1)}
          height="8"
          rx="1"
        />
      ))}
    </symbol>
  )
}

function Symbole({ id }: { id: string }): ReactElement | null {
  if (id.startsWith('j-')) return <SymboleJauge id={id} faites={Number(id.slice(2))} />
  if (id.startsWith('c-')) {
    const rayons = CERCLES[Number(id.slice(2)) as RangCercle]
    return (
      <symbol id={id} viewBox="0 0 24 24">
        {rayons.map((rayon) => (
          <circle key={rayon} cx="12" cy="12" r={rayon} />
        ))}
        <circle cx="12" cy="12" r={rayons[0]} fill="currentColor" stroke="none" />
      </symbol>
    )
  }
  return (
    <symbol id={id} viewBox="0 0 24 24">
      {DESSINS[id.slice(2) as NomIcone].map((trace) => (
        <path key={trace} d={trace} />
      ))}
    </symbol>
  )
}

/** Names of the symbols a page refers to, each once. */
export function choisirSymboles(references: ReadonlySet<string>): string[] {
  return SYMBOLES.filter((id) => references.has(`#${id}`))
}

/** The symbols of a page, written once at its top. */
export function Sprite({ symboles }: { symboles: readonly string[] }): ReactElement {
  return (
    <svg className="sprite" aria-hidden="true">
      {symboles.map((id) => (
        <Symbole key={id} id={id} />
      ))}
    </svg>
  )
}
