import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import {
  annulerPourDepart,
  decrireGenre,
  defaireAnnulation,
  lireJour,
  lireRequisition,
  signalerDepart,
  verifierActe,
} from '#requisitions'
import { formatDate, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Actions, Bouton, Carte, ChampDate, Formulaire, Message, ResumeErreurs } from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampDuFait, lireValeurs } from './acte.tsx'
import { adresseDe, ESPACE, identifiant, marqueEnvoi } from './commun.tsx'

export interface SaisieDepart {
  readonly le: string
  readonly valeurs: Readonly<Record<string, string>>
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

/** The fields that say a household has left, with or without the keys. */
export function ChampsDepart({ requete, saisie }: { requete: Requete; saisie: SaisieDepart }): ReactElement {
  const { le, champs } = decrireGenre('depart_signale')
  return (
    <>
      <ChampDate
        nom="le"
        libelle={le}
        valeur={saisie.le || undefined}
        max={requete.session.jour}
        erreur={messageDe(saisie.erreurs, 'le')}
      />
      {champs.map((question) => (
        <ChampDuFait key={question.nom} question={question} valeurs={saisie.valeurs} erreurs={saisie.erreurs} />
      ))}
    </>
  )
}

/** What the form of a departure gave. */
export function lireDepart(requete: Requete): {
  readonly saisie: SaisieDepart
  readonly le: Temporal.PlainDate | null
} {
  const texteLe = champ(requete, 'le')
  const le = lireJour(texteLe)
  const valeurs = lireValeurs(requete, 'depart_signale')
  return {
    le,
    saisie: {
      le: texteLe,
      valeurs,
      envoi: marqueEnvoi(champ(requete, 'envoi')),
      erreurs: verifierActe('depart_signale', le, valeurs, requete.session.jour),
    },
  }
}

function PageDepart({
  requete,
  dossier,
  requisition,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  requisition: string
  saisie: SaisieDepart
}): ReactElement {
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Signaler un départ"
      acte="Signaler un départ"
      chapo="Dès qu’on l’apprend : cela évite de mobiliser des forces et des personnes pour un logement vide."
    >
      <ResumeErreurs erreurs={saisie.erreurs} />
      <Carte titre="Le départ">
        <Formulaire
          action={adresseDe(dossier, `/${requisition}/depart`)}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ envoi: saisie.envoi }}
        >
          <ChampsDepart requete={requete} saisie={saisie} />
          <Message>
            <p>
              Les services de l’État sont prévenus aussitôt. Eux seuls annulent ensuite les enquêtes, les forces et le
              concours, d’un geste qui se défait.
            </p>
          </Message>
          <Actions>
            <Bouton genre="principal">Signaler le départ</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreDossier>
  )
}

/** GET /dossiers/:reference/force-publique/:requisition/depart (RFP-27, SIG-16). */
export async function proposerDepart(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const { id } = await lireRequisition(requete.session, dossier.id, identifiant(requete, 'requisition'))
  // A signal already says it: the person checks rather than types.
  const { le = '', cles = '', source = '' } = requete.recherche
  const saisie = { le: lireJour(le)?.toString() ?? '', valeurs: { cles, source }, envoi: marqueEnvoi(), erreurs: [] }
  return page(<PageDepart requete={requete} dossier={dossier} requisition={id} saisie={saisie} />)
}

/** POST, same address. */
export async function signalerUnDepart(requete: Requete): Promise<Reponse> {
  const { session, application, acteur } = requete
  const dossier = await ouvrirDossier(requete)
  const { id } = await lireRequisition(session, dossier.id, identifiant(requete, 'requisition'))
  const { saisie, le } = lireDepart(requete)
  if (saisie.erreurs.length > 0 || le === null)
    return page(<PageDepart requete={requete} dossier={dossier} requisition={id} saisie={saisie} />, 422)
  await signalerDepart(session, exigerCles(application), dossier, id, {
    envoi: saisie.envoi,
    le,
    cles: saisie.valeurs.cles ?? '',
    source: saisie.valeurs.source ?? '',
  })
  return redirection(adresseDe(dossier), {
    texte: aLeDroit(acteur, 'requisition.instruire')
      ? `Départ du ${formatDate(le)} noté. Reste à annuler les enquêtes et le concours.`
      : `Départ du ${formatDate(le)} signalé à la préfecture.`,
  })
}

/** POST /dossiers/:reference/force-publique/:requisition/annuler: one gesture, and its way back. */
export async function annulerTout(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const requisition = identifiant(requete, 'requisition')
  let nombre = 0
  const refusee = await tenter(
    session,
    'requisition.noter',
    () => 'depart',
    async () => {
      nombre = await annulerPourDepart(
        session,
        exigerCles(application),
        dossier,
        requisition,
        marqueEnvoi(champ(requete, 'envoi')),
      )
    },
  )
  if (refusee)
    return redirection(adresseDe(dossier, `/${requisition}/depart`), { texte: refusee.message, ton: 'bientot' })
  return redirection(adresseDe(dossier), {
    texte: `Enquêtes, forces et concours annulés. ${pluriel(nombre, 'organisme prévenu', 'organismes prévenus')}.`,
    defaire: {
      action: adresseDe(dossier, `/${requisition}/defaire`),
      libelle: 'Défaire l’annulation',
      champs: { envoi: marqueEnvoi() },
    },
  })
}

/** POST /dossiers/:reference/force-publique/:requisition/defaire. */
export async function defaireTout(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const refusee = await tenter(
    session,
    'requisition.noter',
    () => 'annulation',
    () =>
      defaireAnnulation(
        session,
        exigerCles(application),
        dossier,
        identifiant(requete, 'requisition'),
        marqueEnvoi(champ(requete, 'envoi')),
      ),
  )
  return redirection(
    adresseDe(dossier),
    refusee
      ? { texte: refusee.message, ton: 'bientot' }
      : { texte: 'Annulation défaite : tout reprend où c’en était, et les mêmes organismes sont prévenus.' },
  )
}
