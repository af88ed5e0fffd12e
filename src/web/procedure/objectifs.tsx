import type { ReactElement } from 'react'
import { consignerActe, corrigerActe, type Dossier, type HistoriqueActe, listerActesSaisis } from '#dossiers'
import { champsDe } from '#procedure'
import { Introuvable } from '#socle/errors'
import { Bouton, Carte, Formulaire, ListeSobre, Selection } from '../composants/index.ts'
import { ouvrirDossier } from '../espaces.tsx'
import { champ, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseProcedure, marqueEnvoi } from './formulaire.tsx'
import { lireOuverts } from './saisir.tsx'

const ETATS = champsDe('objectif').etat?.choix ?? {}
/** Length kept of an objective: enough to tell one from another. */
const LONGUEUR = 120

/** What partners aim at for the step and the park of this dossier, from the charter of the day; empty when it says nothing. */
export function listerObjectifs({ session }: Pick<Requete, 'session'>, dossier: Dossier) {
  const chartes = session.referentiel.departements.get(session.dept)?.chartes ?? []
  const charte = chartes.findLast(({ du }) => Temporal.PlainDate.compare(du, session.jour) <= 0)
  const etape = charte?.objectifs?.stades.find(({ stade }) => stade === dossier.stade)
  const parc = dossier.logement.parc === 'public' ? 'social' : dossier.logement.parc
  return {
    reference: etape?.reference ?? null,
    objectifs: (etape?.objectifs ?? []).filter((un) => un.parc === undefined || parc === undefined || un.parc === parc),
  }
}

const cle = (libelle: string): string => libelle.slice(0, LONGUEUR)

const trouver = (saisis: readonly HistoriqueActe[], libelle: string): HistoriqueActe | undefined =>
  saisis.find(({ genre, contenu, retire }) => !retire && genre === 'objectif' && contenu.objectif === cle(libelle))

/** Objectives of the step, each with its state (DOS-03). */
export function CarteObjectifs({
  requete,
  dossier,
  saisis,
  peut,
}: {
  requete: Requete
  dossier: Dossier
  saisis: readonly HistoriqueActe[]
  peut: boolean
}): ReactElement | null {
  const { objectifs, reference } = listerObjectifs(requete, dossier)
  if (objectifs.length === 0) return null
  return (
    <Carte titre="Objectifs de l’étape" id="objectifs" aside={reference === null ? undefined : `Charte, ${reference}`}>
      <ListeSobre
        lignes={objectifs.map(({ libelle }, rang) => {
          const etat = trouver(saisis, libelle)?.contenu.etat
          const dit = typeof etat === 'string' ? (ETATS[etat] ?? etat) : 'À faire'
          return {
            cle: libelle,
            titre: libelle,
            note: dit,
            droite: peut ? (
              <Formulaire
                classe="en-ligne"
                action={adresseProcedure(dossier, '/objectifs')}
                jeton={requete.connecte.jetonFormulaire}
                champs={{ objectif: cle(libelle), envoi: marqueEnvoi() }}
                libelle={`Où en est l’objectif : ${libelle}`}
              >
                <Selection
                  nom="etat"
                  id={`etat-${rang}`}
                  libelle={`Où en est l’objectif : ${libelle}`}
                  libelleMuet
                  libre
                  vide="À faire"
                  valeur={typeof etat === 'string' ? etat : ''}
                  options={Object.entries(ETATS).map(([valeur, mot]) => ({ valeur, libelle: mot }))}
                />
                <Bouton petit genre="tertiaire" libelleLu={`Noter où en est l’objectif : ${libelle}`}>
                  Noter
                </Bouton>
              </Formulaire>
            ) : undefined,
          }
        })}
      />
    </Carte>
  )
}

/** POST /dossiers/:reference/procedure/objectifs: a new state is a new version of the same act. */
export async function noterObjectif(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const retour = adresseProcedure(dossier, '#objectifs')
  const objectif = champ(requete, 'objectif')
  const etat = champ(requete, 'etat')
  const ouvert = await lireOuverts(requete, dossier)
  const connu = listerObjectifs(requete, dossier).objectifs.some(({ libelle }) => cle(libelle) === objectif)
  if (!connu || !ouvert('objectif')) throw new Introuvable()
  if (!Object.hasOwn(ETATS, etat))
    return redirection(retour, { texte: 'Choisir où en est cet objectif.', ton: 'bientot' })
  const deja = trouver(await listerActesSaisis(session, dossier.id), objectif)
  const acte = {
    dossier: dossier.id,
    genre: 'objectif' as const,
    le: session.jour,
    contenu: { objectif, etat },
    envoi: marqueEnvoi(champ(requete, 'envoi')),
  }
  if (deja)
    await corrigerActe(session, { ...acte, acte: deja.racine, motif: 'autre', precision: 'Suivi de l’objectif' })
  else await consignerActe(session, acte)
  return redirection(retour, { texte: 'Objectif mis à jour.' })
}
