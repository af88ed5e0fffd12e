import type { ReactElement } from 'react'
import { listerOrganismes } from '#acces'
import { annulerActe, consignerActe, type Dossier, type HistoriqueActe } from '#dossiers'
import { listerDestinataires, noter } from '#notifications'
import { MOTIFS_TERRITOIRE } from '#procedure'
import { libelleTerritoire } from '#referentiel'
import { formatDate } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  Formulaire,
  Message,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { lireDepartement } from '../regles/regles.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseProcedure, marqueEnvoi } from './formulaire.tsx'

interface Saisie {
  readonly territoire: string
  readonly le: string
  readonly motif: string
  readonly consigne: string
  readonly envoi: string
}

function pageFormulaire(requete: Requete, dossier: Dossier, saisie: Saisie, erreurs: readonly Erreur[] = []): Reponse {
  const { territoires } = lireDepartement(requete.session)
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="procedure"
      titre="Changer ce dossier de territoire"
      acte="Territoire"
      chapo={`Aujourd’hui : ${libelleTerritoire(territoires, dossier.territoire)}. Le secrétariat du nouveau territoire est prévenu et reprend le dossier.`}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="Le changement">
        <Formulaire
          action={adresseProcedure(dossier, '/territoire')}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ envoi: saisie.envoi }}
        >
          <div className="champs">
            <Selection
              nom="territoire"
              libelle="Nouveau territoire"
              vide="Choisir"
              valeur={saisie.territoire}
              erreur={messageDe(erreurs, 'territoire')}
              options={territoires.territoires
                .filter(({ id }) => id !== dossier.territoire)
                .map(({ id, libelle }) => ({ valeur: id, libelle }))}
            />
            <ChampDate
              nom="le"
              libelle="À compter du"
              valeur={lireJourSaisi(saisie.le) ?? undefined}
              max={requete.session.jour}
              erreur={messageDe(erreurs, 'le')}
            />
            <Selection
              nom="motif"
              libelle="Motif"
              vide="Choisir"
              valeur={saisie.motif}
              erreur={messageDe(erreurs, 'motif')}
              options={Object.entries(MOTIFS_TERRITOIRE).map(([valeur, libelle]) => ({ valeur, libelle }))}
            />
            <Champ
              nom="consigne"
              libelle="À savoir pour reprendre le dossier"
              facultatif
              longueurMax={120}
              valeur={saisie.consigne}
              erreur={messageDe(erreurs, 'consigne')}
            />
          </div>
          <Actions>
            <Bouton genre="principal">Changer de territoire</Bouton>
            <Bouton genre="tertiaire" href={adresseProcedure(dossier)}>
              Renoncer
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/procedure/territoire. */
export async function proposerTerritoire(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  return pageFormulaire(requete, dossier, {
    ...{ territoire: '', motif: '', consigne: '', envoi: marqueEnvoi() },
    le: requete.session.jour.toString(),
  })
}

/** POST /dossiers/:reference/procedure/territoire: from a day, and the secretariat that takes over is told (TER-10). */
export async function changerTerritoire(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const { territoires } = lireDepartement(session)
  const saisie: Saisie = {
    territoire: champ(requete, 'territoire'),
    le: champ(requete, 'le'),
    motif: champ(requete, 'motif'),
    consigne: champ(requete, 'consigne'),
    envoi: champ(requete, 'envoi'),
  }
  const vers = territoires.territoires.find(({ id }) => id === saisie.territoire && id !== dossier.territoire)
  const le = lireJourSaisi(saisie.le)
  const erreurs: Erreur[] = [
    ...(vers ? [] : [{ nom: 'territoire', message: 'Choisir le territoire où passe le dossier.' }]),
    ...(le ? [] : [{ nom: 'le', message: 'Écrire une date qui existe, par exemple 20/11/2026.' }]),
    ...(Object.hasOwn(MOTIFS_TERRITOIRE, saisie.motif) ? [] : [{ nom: 'motif', message: 'Choisir le motif.' }]),
  ]
  if (!vers || !le || erreurs.length > 0) return pageFormulaire(requete, dossier, saisie, erreurs)
  let acte = ''
  const refusee = await tenter(
    session,
    'acte.consigner',
    (code) => code.replace('acte.', ''),
    async () => {
      const ecrit = await consignerActe(session, {
        dossier: dossier.id,
        genre: 'changement_territoire',
        le,
        contenu: {
          territoire: vers.id,
          vers: vers.libelle,
          depuis: libelleTerritoire(territoires, dossier.territoire),
          motif: saisie.motif,
          ...(saisie.consigne === '' ? {} : { consigne: saisie.consigne }),
        },
        envoi: saisie.envoi,
      })
      acte = ecrit.acte
    },
  )
  if (refusee) return pageFormulaire(requete, dossier, saisie, [refusee])
  const secretariats = (await listerOrganismes(session)).filter(
    ({ type, territoires: siens }) => type === 'secretariat' && (siens === null || siens.includes(vers.id)),
  )
  await noter(session, [
    {
      genre: 'territoire',
      destinataires: await listerDestinataires(
        session,
        secretariats.map(({ id }) => id),
        'dossier.reaffecter',
      ),
      dossier: dossier.id,
      objet: acte,
    },
  ])
  return redirection(adresseProcedure(dossier), {
    texte: `Ce dossier est du territoire ${vers.libelle} depuis le ${formatDate(le)}. Son secrétariat est prévenu.`,
    defaire: { action: adresseProcedure(dossier, '/territoire/defaire'), libelle: 'Annuler', champs: { acte } },
  })
}

/** POST /dossiers/:reference/procedure/territoire/defaire: the territory it had comes back. */
export async function defaireTerritoire(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  await annulerActe(requete.session, {
    dossier: dossier.id,
    acte: champ(requete, 'acte'),
    motif: 'erreur_de_saisie',
    envoi: marqueEnvoi(),
  })
  return redirection(adresseProcedure(dossier), { texte: 'Changement de territoire annulé.' })
}

/** POST /dossiers/:reference/procedure/territoire/reprendre: the secretariat of the new territory says it has the dossier. */
export async function reprendreDossier(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const dossier = await ouvrirDossier(requete)
  await consignerActe(session, {
    dossier: dossier.id,
    genre: 'reprise_en_main',
    le: session.jour,
    contenu: { secretariat: acteur.organismeNom.slice(0, 120) },
    envoi: champ(requete, 'envoi'),
  })
  return redirection(adresseProcedure(dossier), { texte: 'Vous avez repris ce dossier.' })
}

/** The last change of territory, until the secretariat that receives the dossier takes it over. */
export function BandeauTerritoire({
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
  const ecritA = ({ versions }: HistoriqueActe) => versions.at(-1)?.a.epochMilliseconds ?? 0
  const dernier = (genre: HistoriqueActe['genre']) =>
    saisis.filter((un) => !un.retire && un.genre === genre).toSorted((a, b) => ecritA(b) - ecritA(a))[0]
  const change = dernier('changement_territoire')
  if (!change) return null
  const reprise = dernier('reprise_en_main')
  const repris = reprise !== undefined && ecritA(reprise) >= ecritA(change)
  const { territoires } = requete.acteur
  const sien = territoires === null || (dossier.territoire !== null && territoires.includes(dossier.territoire))
  return (
    <Message
      ton={repris ? 'info' : 'bientot'}
      action={
        peut && sien && !repris ? (
          <BoutonPost
            petit
            action={adresseProcedure(dossier, '/territoire/reprendre')}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi: marqueEnvoi() }}
          >
            J’ai repris ce dossier
          </BoutonPost>
        ) : undefined
      }
    >
      <p>
        <b>
          Du territoire {change.contenu.depuis} au territoire {change.contenu.vers}, à compter du{' '}
          {formatDate(change.le)}.
        </b>{' '}
        {MOTIFS_TERRITOIRE[change.contenu.motif as keyof typeof MOTIFS_TERRITOIRE]}.{' '}
        {change.contenu.consigne !== undefined && `À savoir : ${change.contenu.consigne}. `}
        {repris
          ? `Repris le ${formatDate(reprise.le)} par ${reprise.contenu.secretariat}.`
          : 'Le secrétariat du nouveau territoire ne l’a pas encore repris.'}
      </p>
    </Message>
  )
}
