import type { ReactElement } from 'react'
import { aLeDroit, cerclesDe } from '#acces'
import { type Dossier, listerReunis } from '#dossiers'
import { cercles, type LigneEcrit, listerEcrits, listerSyntheses, type Synthese } from '#echanges'
import { parisDay } from '#socle/time'
import { formatDate } from '#socle/typography'
import { Actions, Bouton, Carte, Etiquette, ListeSobre } from '../composants/index.ts'
import type { Requete } from '../route.ts'
import { adresseDe, Cercle, naturesEcrit } from './commun.tsx'

/** What the card of a dossier shows of its writings. Null: this role reads none, and the card does not exist. */
export interface EcritsLus {
  readonly ecrits: readonly LigneEcrit[]
  /** What was written in dossiers joined to this one: their reference, and what this reader may open there. */
  readonly reunis: readonly { readonly reference: string; readonly ecrits: readonly LigneEcrit[] }[]
  readonly syntheses: readonly Synthese[]
  readonly ecrire: boolean
  readonly produire: boolean
}

/** Reads what the card shows: writings addressed to the reader, and nothing that tells of the others. */
export async function lireCarteEcrits(requete: Requete, dossier: Dossier): Promise<EcritsLus | null> {
  const { session, acteur } = requete
  // Other circles open other things than writings.
  if (acteur.compte === null || !cerclesDe(acteur.acces).some((cercle) => Object.hasOwn(cercles, cercle))) return null
  const produire = aLeDroit(acteur, 'synthese.produire')
  const reunis = await listerReunis(session, dossier.id)
  const [ecrits, syntheses] = await Promise.all([
    listerEcrits(session, [dossier.id, ...reunis.map(({ id }) => id)]),
    produire ? listerSyntheses(session, dossier.id) : [],
  ])
  const parDossier = Map.groupBy(ecrits, (ecrit) => ecrit.dossier)
  const lus = reunis.filter(({ id }) => parDossier.has(id))
  // The page says which dossier it opened; of the others, this tells who saw what.
  if (lus.length > 0)
    session.consigner({
      action: 'ecrits.lister',
      objet: 'dossier',
      objetId: dossier.id,
      dossiers: lus.map(({ id }) => id),
      details: { nombre: ecrits.length },
    })
  return {
    ecrits: parDossier.get(dossier.id) ?? [],
    reunis: lus.map(({ id, reference }) => ({ reference, ecrits: parDossier.get(id) ?? [] })),
    syntheses,
    ecrire: aLeDroit(acteur, 'suivi.partager'),
    produire,
  }
}

const POUR = { bailleur: 'le bailleur', juge: 'le juge', menage: 'le ménage' } as const

/** « Écrits »: the circle is repeated on each. */
export function CarteEcrits({ dossier, lus }: { dossier: Dossier; lus: EcritsLus | null }): ReactElement | null {
  if (lus === null) return null
  const adresse = adresseDe(dossier)
  const { ecrits, syntheses, reunis, ecrire, produire } = lus
  return (
    <Carte titre="Écrits" id="ecrits" aside="Ce qui est réservé à d’autres ne paraît pas ici.">
      {ecrits.length + syntheses.length + reunis.flatMap((un) => un.ecrits).length === 0 ? (
        <p>Aucun écrit ne vous est ouvert dans ce dossier.</p>
      ) : (
        <ListeSobre
          lignes={[
            ...ecrits.map(({ id, cercle, nature, auteur, organisme_nom, a }) => ({
              cle: id,
              titre: (
                <a href={`${adresse}/ecrits/${id}`}>
                  {naturesEcrit[nature]} du {formatDate(parisDay(a))}
                </a>
              ),
              note: `${auteur}, ${organisme_nom}`,
              droite: <Cercle cercle={cercle} />,
            })),
            ...reunis.flatMap(({ reference, ecrits: siens }) =>
              siens.map(({ id, cercle, nature, auteur, organisme_nom, a }) => ({
                cle: id,
                titre: (
                  <a href={`${adresseDe({ reference })}/ecrits/${id}`}>
                    {naturesEcrit[nature]} du {formatDate(parisDay(a))}
                  </a>
                ),
                note: `${auteur}, ${organisme_nom}. Écrit dans le dossier ${reference}, réuni à celui-ci.`,
                droite: <Cercle cercle={cercle} />,
              })),
            ),
            ...syntheses.map(({ id, destinataire, version, organisme_nom, a, auteur, remplacee }) => ({
              cle: id,
              titre: (
                <a href={`${adresse}/syntheses/${id}`}>
                  Synthèse pour {POUR[destinataire]}, version {version} (PDF)
                </a>
              ),
              note: (
                <>
                  {organisme_nom}, le {formatDate(parisDay(a))}, par {auteur}{' '}
                  {remplacee && <Etiquette ton="neutre">Retirée par la suivante</Etiquette>}
                </>
              ),
              droite: <Cercle cercle="synthese" />,
            })),
          ]}
        />
      )}
      {(ecrire || produire) && (
        <Actions>
          {ecrire && (
            <Bouton petit href={`${adresse}/ecrits/nouveau`}>
              Écrire dans le dossier
            </Bouton>
          )}
          {produire && (
            <Bouton petit href={`${adresse}/syntheses/nouvelle`}>
              Produire une synthèse
            </Bouton>
          )}
        </Actions>
      )}
    </Carte>
  )
}
