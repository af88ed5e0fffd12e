import type { ReactElement } from 'react'
import { type Dossier, lireDossier } from '#dossiers'
import { defaireRattachement, reunirDossiers, separerDossiers } from '#rapprochement'
import { libellesTypes } from '#signalements'
import { Introuvable } from '#socle/errors'
import { accorder, formatDate, formatMontant, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete } from '../route.ts'
import { apresRepartition } from '../suites.ts'
import { type DossierLu, lireTout, type SignalRecu } from './lecture.ts'
import { ecrireCode, etapeCourte } from './libelles.ts'
import { nommerDossier } from './menage.ts'
import { type Erreur, lireRetour, messageDe, tenter } from './saisie.ts'

const adresseDe = ({ reference }: Dossier): string => `/dossiers/${reference}`

const fil = (dossier: Dossier, acte: string) => [
  { libelle: 'Dossiers', href: '/dossiers' },
  { libelle: nommerDossier(dossier), href: adresseDe(dossier) },
  { libelle: acte },
]

const MOTIF_COURT = 3

interface Separation {
  readonly lu: DossierLu
  readonly signal: SignalRecu
}

async function ouvrirSeparation(requete: Requete): Promise<Separation> {
  const lu = await lireTout(requete, requete.parametres.reference ?? '')
  const signal = lu.signaux.find(({ id }) => id === requete.parametres.signalement)
  if (!signal) throw new Introuvable()
  return { lu, signal }
}

function PageSeparer({
  requete,
  separation: { lu, signal },
  motif,
  erreurs,
}: {
  requete: Requete
  separation: Separation
  motif: string
  erreurs: readonly Erreur[]
}): ReactElement {
  const { dossier } = lu
  return (
    <Cadre
      requete={requete}
      titre="Ce n’est pas le même ménage"
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Séparer un signal')}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Pile>
        <Message>
          <p>
            Le signal « {ecrireCode(libellesTypes, signal.type)} » de {signal.organismeNom}, du{' '}
            {formatDate(signal.dateSignalement)}, quittera ce dossier et ouvrira le sien. Amont retiendra que ce n’est
            pas le même ménage. La séparation peut être défaite.
          </p>
        </Message>
        <Carte titre="Le motif">
          <Formulaire
            action={`${adresseDe(dossier)}/signaux/${signal.id}/separer`}
            jeton={requete.connecte.jetonFormulaire}
          >
            <Champ
              nom="motif"
              libelle="Pourquoi ce n’est pas le même ménage"
              lignes={3}
              longueurMax={300}
              aide="Gardé avec la séparation et lu par le secrétariat."
              valeur={motif}
              erreur={messageDe(erreurs, 'motif')}
            />
            <Actions>
              <Bouton genre="principal">Séparer ce signal</Bouton>
              <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                Revenir au dossier
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>
  )
}

/** GET /dossiers/:reference/signaux/:signalement/separer. */
export async function proposerSeparation(requete: Requete): Promise<Reponse> {
  return page(<PageSeparer requete={requete} separation={await ouvrirSeparation(requete)} motif="" erreurs={[]} />)
}

/**
 * POST /dossiers/:reference/signaux/:signalement/separer: the signal opens its own dossier. The refusal « only signal of the dossier » comes after a
 * write, so it is checked here first and never turned into a page of this transaction.
 */
export async function separerUnSignal(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const separation = await ouvrirSeparation(requete)
  const { dossier, signaux } = { dossier: separation.lu.dossier, signaux: separation.lu.signaux }
  const motif = champ(requete, 'motif')
  const erreurs: Erreur[] = []
  if (motif.length < MOTIF_COURT) {
    erreurs.push({ nom: 'motif', message: 'Écrire pourquoi ce signal n’est pas du même ménage : le motif est gardé.' })
  }
  if (signaux.length < 2) {
    erreurs.push({ nom: 'motif', message: 'Ce signal est le seul du dossier : il n’y a rien à séparer.' })
  }
  if (erreurs.length > 0) {
    return page(<PageSeparer requete={requete} separation={separation} motif={motif} erreurs={erreurs} />, 422)
  }
  const { nouveau, reference } = await defaireRattachement(session, separation.signal.id, motif)
  return apresRepartition(
    requete,
    adresseDe(dossier),
    {
      texte: `Signal séparé : il a maintenant son dossier, ${reference}.`,
      defaire: {
        action: `${adresseDe(dossier)}/reunir`,
        libelle: 'Défaire',
        champs: { avec: reference, motif: 'Séparation défaite' },
      },
    },
    [dossier.id, nouveau],
  )
}

interface SaisieReunion {
  readonly avec: string
  readonly motif: string
  readonly erreurs: readonly Erreur[]
}

function PageReunir({
  requete,
  dossier,
  autre,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  autre: Dossier | null
  saisie: SaisieReunion
}): ReactElement {
  const { erreurs } = saisie
  const adresse = adresseDe(dossier)
  const lire = ({ menage, logement }: Dossier) => ({
    naissance: menage.titulaire.dateNaissance === undefined ? 'non connue' : formatDate(menage.titulaire.dateNaissance),
    adresse: [logement.adresse, logement.codePostal, logement.commune].filter((un) => un !== undefined).join(', '),
    telephones: menage.telephones.join(', ') || 'non connu',
  })
  return (
    <Cadre
      requete={requete}
      titre={autre ? 'Est-ce le même ménage ?' : 'Réunir avec un autre dossier'}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Réunir avec un autre dossier')}
    >
      <ResumeErreurs erreurs={erreurs} titre="Les dossiers n’ont pas été réunis" />
      {autre === null ? (
        <Carte titre="L’autre dossier">
          <form className="formulaire" method="get" action={`${adresse}/reunir`} noValidate>
            <Champ
              nom="avec"
              libelle="Référence de l’autre dossier"
              aide="Par exemple 26-00412. Elle est écrite à côté du nom du ménage, dans la liste."
              valeur={saisie.avec}
              erreur={messageDe(erreurs, 'avec')}
            />
            <Actions>
              <Bouton genre="principal">Comparer les deux dossiers</Bouton>
              <Bouton genre="tertiaire" href={adresse}>
                Revenir au dossier
              </Bouton>
            </Actions>
          </form>
        </Carte>
      ) : (
        <Pile>
          <Tableau
            legende="Les deux dossiers"
            largeur="moyen"
            colonnes={[
              {
                cle: 'reference',
                titre: 'Dossier',
                principale: true,
                rendre: (un) => (
                  <>
                    <a className="nb" href={adresseDe(un)}>
                      {un.reference}
                    </a>
                    <small>{un.id === dossier.id ? 'gardé' : 'réuni au premier'}</small>
                  </>
                ),
              },
              { cle: 'menage', titre: 'Ménage', rendre: (un) => nommerDossier(un) },
              { cle: 'naissance', titre: 'Naissance', rendre: (un) => lire(un).naissance },
              { cle: 'adresse', titre: 'Adresse', large: true, rendre: (un) => lire(un).adresse },
              { cle: 'telephone', titre: 'Téléphone', rendre: (un) => lire(un).telephones },
              { cle: 'etape', titre: 'Étape', rendre: (un) => etapeCourte(un.stade) },
              {
                cle: 'dette',
                titre: 'Dette',
                numerique: true,
                rendre: (un) => (un.dette === null ? 'non connue' : formatMontant(un.dette)),
              },
              { cle: 'signaux', titre: 'Signaux', numerique: true, rendre: (un) => un.signaux },
            ]}
            lignes={[dossier, autre]}
            cle={({ id }) => id}
          />
          <Carte titre="Le motif">
            <Formulaire
              action={`${adresse}/reunir`}
              jeton={requete.connecte.jetonFormulaire}
              champs={{ avec: autre.reference }}
            >
              <Champ
                nom="motif"
                libelle="Pourquoi c’est le même ménage"
                lignes={3}
                longueurMax={300}
                aide="Gardé avec la réunion et lu par le secrétariat."
                valeur={saisie.motif}
                erreur={messageDe(erreurs, 'motif')}
              />
              <Message>
                <p>
                  {pluriel(autre.signaux, 'signal', 'signaux')} du dossier {autre.reference}{' '}
                  {accorder(autre.signaux, 'rejoindra', 'rejoindront')} celui-ci, et {autre.reference} sera clos. La
                  réunion peut être défaite : chacun reprend alors ses signaux.
                </p>
              </Message>
              <Actions>
                <Bouton genre="principal">Réunir ces deux dossiers</Bouton>
                <Bouton genre="tertiaire" href={adresse}>
                  Revenir sans rien changer
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        </Pile>
      )}
    </Cadre>
  )
}

/** « 26-00412 », as lists write it, is the reference of this département. */
const completer = (dept: string, reference: string): string =>
  /^\d{2}-\d{3,}$/.test(reference) ? `${dept}-20${reference}` : reference.toUpperCase()

/** The other dossier, or why it cannot be this one. */
async function trouverAutre(requete: Requete, dossier: Dossier, avec: string): Promise<Dossier | Erreur> {
  if (avec === '') return { nom: 'avec', message: 'Écrire la référence de l’autre dossier.' }
  try {
    const autre = await lireDossier(requete.session, completer(requete.session.dept, avec))
    if (autre.id === dossier.id) return { nom: 'avec', message: 'C’est ce dossier-ci : en choisir un autre.' }
    if (autre.signaux === 0) return { nom: 'avec', message: 'Ce dossier n’a plus de signal : il n’y a rien à réunir.' }
    return autre
  } catch (erreur) {
    if (!(erreur instanceof Introuvable)) throw erreur
    return { nom: 'avec', message: `Aucun dossier ne porte la référence « ${avec} ».` }
  }
}

const estErreur = (trouve: Dossier | Erreur): trouve is Erreur => 'message' in trouve

/** GET /dossiers/:reference/reunir: asks for the reference, then shows both dossiers side by side. */
export async function proposerReunion(requete: Requete): Promise<Reponse> {
  const dossier = await lireDossier(requete.session, requete.parametres.reference ?? '')
  const avec = requete.recherche.avec?.trim()
  const vide = { avec: avec ?? '', motif: '', erreurs: [] }
  if (avec === undefined) return page(<PageReunir requete={requete} dossier={dossier} autre={null} saisie={vide} />)
  const trouve = await trouverAutre(requete, dossier, avec)
  if (estErreur(trouve)) {
    const saisie = { ...vide, erreurs: [trouve] }
    return page(<PageReunir requete={requete} dossier={dossier} autre={null} saisie={saisie} />, 422)
  }
  return page(<PageReunir requete={requete} dossier={dossier} autre={trouve} saisie={vide} />)
}

/** POST /dossiers/:reference/reunir (RAP-12). */
export async function reunirDeuxDossiers(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await lireDossier(session, requete.parametres.reference ?? '')
  const saisie = { avec: champ(requete, 'avec'), motif: champ(requete, 'motif') }
  const trouve = await trouverAutre(requete, dossier, saisie.avec)
  if (estErreur(trouve)) {
    const element = (
      <PageReunir requete={requete} dossier={dossier} autre={null} saisie={{ ...saisie, erreurs: [trouve] }} />
    )
    return page(element, 422)
  }
  let operation = ''
  const refusee =
    saisie.motif.length < MOTIF_COURT
      ? { nom: 'motif', message: 'Écrire pourquoi ces deux dossiers sont le même ménage : le motif est gardé.' }
      : await tenter(
          session,
          'dossiers.reunir',
          () => 'motif',
          async () => {
            const demande = { garde: dossier.id, absorbe: trouve.id, motif: saisie.motif }
            operation = (await reunirDossiers(session, demande)).operation
          },
        )
  if (refusee) {
    const element = (
      <PageReunir requete={requete} dossier={dossier} autre={trouve} saisie={{ ...saisie, erreurs: [refusee] }} />
    )
    return page(element, 422)
  }
  return apresRepartition(
    requete,
    adresseDe(dossier),
    {
      texte: `Dossiers réunis : ${pluriel(trouve.signaux, 'signal vient', 'signaux viennent')} de ${trouve.reference}.`,
      defaire: {
        action: '/dossiers/reunions/defaire',
        libelle: 'Défaire',
        champs: { operation, retour: adresseDe(dossier), dossiers: `${dossier.id},${trouve.id}` },
      },
    },
    [dossier.id, trouve.id],
  )
}

/** POST /dossiers/reunions/defaire: both dossiers as they were. */
export async function defaireReunion(requete: Requete): Promise<Reponse> {
  await separerDossiers(requete.session, champ(requete, 'operation'))
  const dossiers = champ(requete, 'dossiers')
    .split(',')
    .filter((id) => /^[0-9a-f-]{36}$/.test(id))
  return apresRepartition(
    requete,
    lireRetour(champ(requete, 'retour')),
    { texte: 'Réunion défaite : chaque dossier a repris ses signaux.' },
    dossiers,
  )
}
