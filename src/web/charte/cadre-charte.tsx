import type { ReactElement, ReactNode } from 'react'
import { ecrireJour } from '#referentiel'
import { formatNombre } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Message, type Onglet, Pile } from '../composants/index.ts'
import type { Requete } from '../route.ts'
import { listerIndicateurs } from './catalogue-indicateurs.ts'
import { ecrireFin, type LectureCharte } from './lecture.ts'

/** Parts of « Mesurer », in the order of its tabs. */
export type PartieCharte =
  | 'ensemble'
  | 'engagements'
  | 'situation'
  | 'document'
  | 'fiches'
  | 'indicateurs'
  | 'territoires'

/** The tabs of « Mesurer ». Each says how many things it holds, so that an empty part is known before it is opened. */
export function ongletsCharte(lecture: LectureCharte, courante: PartieCharte | null): readonly Onglet[] {
  const { charte, departement, lien } = lecture
  const onglets: readonly (Onglet & { readonly cle: PartieCharte })[] = [
    { cle: 'ensemble', libelle: 'Vue d’ensemble', href: lien('/charte') },
    {
      cle: 'engagements',
      libelle: 'Engagements',
      href: lien('/charte/engagements'),
      compte: formatNombre(charte.engagements.length),
    },
    { cle: 'situation', libelle: 'Une situation', href: lien('/charte/situation') },
    { cle: 'document', libelle: 'Le document', href: lien('/charte/document') },
    { cle: 'fiches', libelle: 'Fiches', href: lien('/charte/fiches'), compte: formatNombre(charte.fiches.length) },
    {
      cle: 'indicateurs',
      libelle: 'Indicateurs',
      href: lien('/charte/indicateurs'),
      compte: formatNombre(listerIndicateurs(lecture).length),
    },
    {
      cle: 'territoires',
      libelle: 'Territoires',
      href: '/territoires',
      compte: formatNombre(departement.territoires.territoires.length),
    },
  ]
  return onglets.map(({ cle, ...onglet }) => ({ ...onglet, courant: cle === courante }))
}

/** Said on every page of a document that does not hold today: it stays readable, and nobody takes it for the one in force. */
function EtatDocument({ lecture }: { lecture: LectureCharte }): ReactElement | null {
  const { charte, etat, suivante } = lecture
  if (etat === 'a_venir') {
    return (
      <Message ton="bientot">
        <p>
          <b>Ce document n’est pas encore en vigueur.</b> Il commence le {ecrireJour(charte.du)}.
        </p>
      </Message>
    )
  }
  if (etat === 'en_vigueur' || !charte.jusqu_au) return null
  return (
    <Message ton="retard">
      <p>
        <b>
          {suivante
            ? 'Ce document n’est plus en vigueur.'
            : `Aucune charte n’est en vigueur depuis le ${ecrireFin(charte.jusqu_au)}.`}
        </b>{' '}
        « {charte.titre} » a pris fin le {ecrireJour(charte.jusqu_au)}. Ce document reste lisible, avec ce qu’il
        prévoyait jusqu’à cette date.
      </p>
    </Message>
  )
}

/** A page of « Mesurer » about one document: banner, path, tabs, and the state of the document. */
export function CadreCharte({
  requete,
  lecture,
  partie,
  titre,
  fil,
  chapo,
  actions,
  cles,
  children,
}: {
  requete: Requete
  lecture: LectureCharte
  partie: PartieCharte
  titre: string
  /** Levels between « La charte » and this page. */
  fil?: readonly { readonly libelle: string; readonly href?: string | undefined }[] | undefined
  chapo?: ReactNode
  actions?: ReactNode
  cles?: readonly { readonly terme: string; readonly valeur: ReactNode; readonly note?: ReactNode }[] | undefined
  children: ReactNode
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="mesurer"
      large
      chapo={chapo}
      actions={actions}
      cles={cles}
      fil={fil && [{ libelle: 'La charte', href: lecture.lien('/charte') }, ...fil]}
      vues={{ libelle: 'Parties de la charte', onglets: ongletsCharte(lecture, partie) }}
    >
      <Pile>
        <EtatDocument lecture={lecture} />
        {children}
      </Pile>
    </Cadre>
  )
}
