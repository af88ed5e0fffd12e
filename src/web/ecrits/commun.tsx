import { createHash } from 'node:crypto'
import type { ReactElement } from 'react'
import type { Acteur, Lecteur } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import { cercles, type LigneEcrit } from '#echanges'
import { pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { ListeSobre, PuceCercle } from '../composants/index.ts'
import type { Requete } from '../route.ts'

export const adresseDe = ({ reference }: Pick<Dossier, 'reference'>): string => `/dossiers/${reference}`
export const ecritsDe = (dossier: Pick<Dossier, 'reference'>): string => `${adresseDe(dossier)}#ecrits`

export const fil = (dossier: Dossier, acte: string) => [
  { libelle: 'Dossiers', href: '/dossiers' },
  { libelle: nommerDossier(dossier), href: adresseDe(dossier) },
  { libelle: acte },
]

export const ouvrir = (requete: Requete): Promise<Dossier> =>
  lireDossier(requete.session, requete.parametres.reference ?? '')

/** Every value of a repeated field. */
export const valeurs = (requete: Pick<Requete, 'champs'>, nom: string): readonly string[] =>
  (requete.champs[nom] ?? []).filter((valeur) => valeur !== '')

export const naturesEcrit: Readonly<Record<LigneEcrit['nature'], string>> = {
  note: 'Note professionnelle',
  page_reservee: 'Page réservée du rapport',
  transmission: 'Transmission',
  reponse: 'Réponse à une transmission',
  suivi: 'Suivi partagé',
}

export function Cercle({ cercle }: { cercle: keyof typeof cercles }): ReactElement {
  const { rang, libelle } = cercles[cercle]
  return <PuceCercle rang={rang} libelle={libelle} />
}

/** Readers by organisme, the reader first. */
function parOrganisme(lecteurs: readonly Lecteur[], moi: Pick<Acteur, 'compte'>): [string, string[]][] {
  const groupes = new Map<string, string[]>()
  for (const { compte, nom, organismeNom } of lecteurs) {
    const noms = groupes.get(organismeNom) ?? []
    if (compte === moi.compte) noms.unshift('vous')
    else noms.push(nom)
    groupes.set(organismeNom, noms)
  }
  return [...groupes].sort(([, a], [, b]) => Number(b.includes('vous')) - Number(a.includes('vous')))
}

/** « Vous seul », « vous et 2 personnes : … »: how many will read, in one sentence. */
export function compterLecteurs(lecteurs: readonly Lecteur[], moi: Pick<Acteur, 'compte'>): string {
  const autres = lecteurs.filter(({ compte }) => compte !== moi.compte).length
  const sien = lecteurs.length > autres
  if (autres === 0) return sien ? 'Vous, et personne d’autre' : 'Personne aujourd’hui : aucun compte ouvert'
  return `${sien ? 'Vous et ' : ''}${pluriel(autres, 'personne', 'personnes')}`
}

/** Who reads, by name, grouped by organisme. */
export function Lecteurs({
  lecteurs,
  moi,
}: {
  lecteurs: readonly Lecteur[]
  moi: Pick<Acteur, 'compte'>
}): ReactElement {
  return (
    <ListeSobre
      lignes={parOrganisme(lecteurs, moi).map(([organisme, noms]) => ({
        cle: organisme,
        titre: `${organisme} : ${pluriel(noms.length, 'lecteur', 'lecteurs')}`,
        note: noms.join(', '),
      }))}
    />
  )
}

/** Changes when the readers do: what was announced is what is saved. */
export const empreinteLecteurs = (lecteurs: readonly Lecteur[]): string =>
  createHash('sha256')
    .update(
      lecteurs
        .map(({ compte }) => compte)
        .sort()
        .join(','),
    )
    .digest('hex')
    .slice(0, 16)

/** A text as it was typed: paragraphs and lines kept. */
export function Texte({ texte }: { texte: string }): ReactElement {
  const paragraphes = texte.replaceAll('\r\n', '\n').split(/\n{2,}/)
  return (
    <>
      {paragraphes.map((paragraphe, rang) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes on the page
        <p key={rang} className="mt2">
          {paragraphe.split('\n').map((ligne, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: same
            <span key={i}>
              {i > 0 && <br />}
              {ligne}
            </span>
          ))}
        </p>
      ))}
    </>
  )
}

/** Said on paper instead of a writing: what was addressed to somebody is not printed for another. */
export const PAPIER = {
  ailleurs: 'Cette page ne s’imprime pas : elle porte un écrit réservé à ses lecteurs.',
} as const
