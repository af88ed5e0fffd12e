import type { ReactElement, ReactNode } from 'react'
import type { Provenance, SourceReglementaire } from '#referentiel'
import { accorder, formatDate, formatNombre, pluriel } from '#socle/typography'
import { Carte, Etiquette, ListeDefinition } from '../composants/index.ts'
import { EtiquettePreuve, ecrireSource, FIABILITES, majuscule } from '../regles/regles.tsx'

/** A source, with its link when it has one. */
export function Source({ source }: { source: SourceReglementaire }): ReactNode {
  return source.lien === null ? ecrireSource(source) : <a href={source.lien}>{ecrireSource(source)}</a>
}

/** Nobody has checked it, or its source is not sure. */
export const estAVerifier = ({ fiabilite, verifie_le }: Pick<Provenance, 'fiabilite' | 'verifie_le'>): boolean =>
  verifie_le === null || fiabilite === 'NC' || fiabilite === 'C2' || fiabilite === 'defaut'

/** Where something comes from, how far it may be relied upon, and who checked it. */
export function CarteProvenance({
  provenance,
  titre = 'D’où cela vient',
  niveau = 2,
  lignes = [],
  children,
}: {
  provenance: Provenance
  titre?: string | undefined
  niveau?: 2 | 3 | undefined
  lignes?: readonly { readonly terme: string; readonly valeur: ReactNode }[] | undefined
  children?: ReactNode
}): ReactElement {
  return (
    <Carte titre={titre} niveau={niveau} aside={<EtiquettePreuve preuve={provenance} />}>
      <ListeDefinition
        lignes={[
          { terme: 'Source', valeur: <Source source={provenance.source} /> },
          { terme: 'Fiabilité', valeur: majuscule(FIABILITES[provenance.fiabilite] ?? provenance.fiabilite) },
          {
            terme: 'Relecture',
            valeur:
              provenance.verifie_le === null
                ? 'À faire par un juriste'
                : `Faite le ${formatDate(provenance.verifie_le)}`,
          },
          ...lignes,
        ]}
      />
      {children}
    </Carte>
  )
}

/** On one line: the label, then the source. For the head of a table whose rows come from the same text. */
export function LigneProvenance({ provenance }: { provenance: Provenance }): ReactElement {
  return (
    <p className="note provenance">
      <EtiquettePreuve preuve={provenance} /> Source : <Source source={provenance.source} />.
    </p>
  )
}

/** How many of several things still have to be checked against the signed text. Says nothing when all are. */
export function BilanPreuves({
  preuves,
  singulier,
  auPluriel,
  feminin,
}: {
  preuves: readonly Provenance[]
  singulier: string
  auPluriel: string
  feminin?: boolean | undefined
}): ReactElement | null {
  const restants = preuves.filter(estAVerifier).length
  if (restants === 0) return null
  const relu = `${accorder(restants, 'n’a', 'n’ont')} pas encore été ${accorder(restants, feminin ? 'relue' : 'relu', feminin ? 'relues' : 'relus')} par un juriste.`
  const nombre = pluriel(restants, singulier, auPluriel)
  return (
    <p className="note provenance">
      <Etiquette ton="reserve">à vérifier</Etiquette>{' '}
      {restants === preuves.length
        ? `${restants === 1 ? nombre : `Ces ${nombre}`} ${relu}`
        : `${nombre} sur ${formatNombre(preuves.length)} ${relu}`}
    </p>
  )
}
