import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import {
  inviterOrganisme,
  listerInvitables,
  listerParticipations,
  objetsAccord,
  type Participation,
  peutTenirParticipations,
  retirerParticipation,
} from '#participations'
import { Introuvable } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampDate,
  Formulaire,
  Message,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, fil } from './libelles.ts'

/** A dossier whose participations the reader keeps. For anybody else the page does not exist. */
async function ouvrir(requete: Requete): Promise<Dossier> {
  const dossier = await lireDossier(requete.session, requete.parametres.reference ?? '')
  if (!peutTenirParticipations(requete.session, dossier)) throw new Introuvable()
  return dossier
}

interface Saisie {
  readonly organisme: string
  readonly motif: string
  readonly jusqu_au: string
  readonly erreurs: readonly Erreur[]
}

async function montrer(requete: Requete, dossier: Dossier, saisie: Saisie): Promise<Reponse> {
  const invitables = await listerInvitables(requete.session, dossier)
  const { session, connecte } = requete
  const { erreurs } = saisie
  const conditions = objetsAccord(session).filter(({ lecture_participant }) => lecture_participant !== undefined)
  return page(
    <Cadre
      requete={requete}
      titre={`Inviter un organisme sur le dossier de ${nommerDossier(dossier)}`}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Inviter un organisme')}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="L’organisme, le motif, la fin">
        <Formulaire action={`${adresseDe(dossier)}/partage`} jeton={connecte.jetonFormulaire}>
          <Selection
            nom="organisme"
            libelle="Organisme"
            vide="Choisir un organisme"
            valeur={saisie.organisme}
            erreur={messageDe(erreurs, 'organisme')}
            options={invitables.map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
          />
          <Champ
            nom="motif"
            libelle="Motif"
            lignes={3}
            longueurMax={400}
            aide="Pourquoi il a besoin de ce dossier. Ni santé, ni violences, ni enfance."
            valeur={saisie.motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <ChampDate
            nom="jusqu_au"
            libelle="Dernier jour"
            aide="Un an au plus. Le lendemain, l’organisme ne trouve plus le dossier."
            valeur={saisie.jusqu_au}
            min={session.jour}
            max={session.jour.add({ years: 1 })}
            erreur={messageDe(erreurs, 'jusqu_au')}
          />
          <Message ton="reserve">
            <p>
              <b>Ce que cet organisme lira :</b> ce que la matrice d’accès ouvre à ses agents
              {aLeDroit(requete.acteur, 'matrice.consulter') && (
                <>
                  {' '}
                  (<a href="/acces">ce que voit chaque rôle</a>)
                </>
              )}
              , sans les mots écrits par les autres services pour le secrétariat. Un professionnel de santé mentale lit
              l’identité, l’étape et le service, ni santé, ni dette, ni écrits des services : aucune donnée de soin ne
              lui est demandée ni ne se note ici.
            </p>
            {conditions.map(({ code, libelle, effet }) => (
              <p key={code}>
                <b>{libelle}.</b> {effet}
              </p>
            ))}
          </Message>
          <Actions>
            <Bouton genre="principal">Inviter cet organisme</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir au dossier
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/partage. */
export async function proposerInvitation(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrir(requete), { organisme: '', motif: '', jusqu_au: '', erreurs: [] })
}

const CHAMPS: Readonly<Record<string, string>> = {
  'participation.motif': 'motif',
  'participation.fin': 'jusqu_au',
}

/** POST /dossiers/:reference/partage (ACC-06, ACC-12). */
export async function inviter(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const saisie = {
    organisme: champ(requete, 'organisme'),
    motif: champ(requete, 'motif'),
    jusqu_au: champ(requete, 'jusqu_au'),
  }
  const organisme = (await listerInvitables(session, dossier)).find(({ code }) => code === saisie.organisme)
  const jusquAu = lireJourSaisi(saisie.jusqu_au)
  const erreurs: Erreur[] = []
  if (!organisme) erreurs.push({ nom: 'organisme', message: 'Choisir un organisme de la liste.' })
  if (saisie.motif.length < 5)
    erreurs.push({ nom: 'motif', message: 'Écrire pourquoi cet organisme a besoin de ce dossier.' })
  if (jusquAu === null)
    erreurs.push({ nom: 'jusqu_au', message: 'Donner le dernier jour de la participation, par exemple 31/03/2027.' })
  if (erreurs.length === 0 && organisme && jusquAu) {
    const refusee = await tenter(
      session,
      'participation.inviter',
      (code) => CHAMPS[code] ?? 'organisme',
      () => inviterOrganisme(session, dossier, { organisme: organisme.id, motif: saisie.motif, jusquAu }),
    )
    if (refusee === null)
      return redirection(`${adresseDe(dossier)}#partage`, {
        texte: `${organisme.nom} est invité jusqu’au ${formatDate(jusquAu)}.`,
      })
    erreurs.push(refusee)
  }
  return montrer(requete, dossier, { ...saisie, erreurs })
}

async function trouver(requete: Requete, dossier: Dossier): Promise<Participation> {
  const toutes = await listerParticipations(requete.session, dossier.id)
  const trouvee = toutes.find(({ id }) => id === requete.parametres.participation)
  if (!trouvee?.en_cours) throw new Introuvable()
  return trouvee
}

function PageRetrait({
  requete,
  dossier,
  participation,
  motif,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  participation: Participation
  motif: string
  erreurs: readonly Erreur[]
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={`Retirer ${participation.organisme_nom} du dossier de ${nommerDossier(dossier)}`}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Retirer une participation')}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="Arrêter la participation">
        <Formulaire
          action={`${adresseDe(dossier)}/partage/${participation.id}/retirer`}
          jeton={requete.connecte.jetonFormulaire}
        >
          <p>
            {participation.organisme_nom} ne trouvera plus ce dossier dès sa prochaine page, même déjà connecté. Ce
            qu’il a écrit reste dans le dossier.
          </p>
          <Champ
            nom="motif"
            libelle="Pourquoi cette participation s’arrête"
            lignes={2}
            longueurMax={400}
            valeur={motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Actions>
            <Bouton genre="destructeur">Retirer cet organisme</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir sans rien changer
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** GET /dossiers/:reference/partage/:participation/retirer. */
export async function proposerRetrait(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const participation = await trouver(requete, dossier)
  return page(<PageRetrait requete={requete} dossier={dossier} participation={participation} motif="" erreurs={[]} />)
}

/** POST /dossiers/:reference/partage/:participation/retirer. */
export async function retirer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const participation = await trouver(requete, dossier)
  const motif = champ(requete, 'motif')
  const refusee = await tenter(
    session,
    'participation.retirer',
    () => 'motif',
    () => retirerParticipation(session, dossier, { participation: participation.id, motif }),
  )
  if (refusee === null)
    return redirection(`${adresseDe(dossier)}#partage`, {
      texte: `Participation retirée : ${participation.organisme_nom} ne lit plus ce dossier.`,
    })
  return page(
    <PageRetrait requete={requete} dossier={dossier} participation={participation} motif={motif} erreurs={[refusee]} />,
    422,
  )
}
