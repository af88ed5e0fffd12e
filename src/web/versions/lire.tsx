import type { ReactElement } from 'react'
import { aLeDroit, type Session } from '#acces'
import {
  type EvenementVersion,
  essayerLecture,
  estGenre,
  lireTexteVersion,
  listerEvenements,
  nommerVersion,
  noterEnvoi,
  trouverVersionParCle,
  type VersionLocale,
} from '#charte'
import {
  CLES_PARAMETRES,
  type DepartementCharge,
  GENRES_VERSION,
  type GenreVersion,
  lireJour,
  parametre,
  type VersionLue,
} from '#referentiel'
import { Introuvable, Refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatDate, formatDateLongue } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { ecrireSource, enVigueur, lireDepartement, periode } from '../regles/regles.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { ContenuLisible, ReglagesLisibles } from './contenu.tsx'
import { lireurAu } from './difference.tsx'
import { ADRESSE, adresseLire, adresseVersion, cotes, titresGenre } from './libelles.ts'

/** A version to read: shipped or local, present or past. */
interface Lecture {
  readonly cle: string
  readonly genre: GenreVersion
  readonly lue: VersionLue | null
  readonly locale: VersionLocale | null
  readonly departement: DepartementCharge
  readonly evenements: readonly EvenementVersion[]
}

const LIVREE = /\/(repartition|criteres)[^/]*$/

/** What kind of version a name is about; the settings in force have none of their own. */
function genreDe(cle: string): GenreVersion | null {
  const genre = cle.startsWith('local/') ? cle.split('/')[2] : LIVREE.exec(cle)?.[1]
  return GENRES_VERSION.find((un) => un === genre) ?? null
}

async function lireLecture(session: Session, cle: string): Promise<Lecture> {
  const genre = genreDe(cle)
  if (genre === null) throw new Introuvable()
  const texte = await lireTexteVersion(session, cle)
  return {
    cle,
    genre,
    lue: essayerLecture(genre, texte, cle).lue,
    locale: await trouverVersionParCle(session, cle),
    departement: lireDepartement(session),
    evenements: (await listerEvenements(session, cle)).filter(({ type }) => type === 'envoyer'),
  }
}

/** Name of the version of a kind in force on the day, if any. */
function cleEnVigueur(session: Session, genre: GenreVersion): string | null {
  const departement = lireDepartement(session)
  if (genre === 'repartition') return enVigueur(departement.repartitions, session.jour)?.id ?? null
  return genre === 'criteres' ? (enVigueur(departement.criteres, session.jour)?.id ?? null) : null
}

/** GET /regles/versions/lire: a version in plain French, with its date, to read, print and send (REP-26). `v` names it; `genre` asks for the one in force. */
export async function lireVersionEnClair(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const { v, genre } = recherche
  if (v) return page(<PageLire requete={requete} lecture={await lireLecture(session, v)} />)
  if (!estGenre(genre)) throw new Introuvable()
  if (genre === 'parametres') return page(<PageReglages requete={requete} />)
  const cle = cleEnVigueur(session, genre)
  if (cle === null) return page(<PageAucune requete={requete} genre={genre} />)
  return page(<PageLire requete={requete} lecture={await lireLecture(session, cle)} />)
}

/** GET /regles/versions/texte: the exact text of a version. */
export async function telechargerTexte({ session, recherche }: Requete): Promise<Reponse> {
  const cle = recherche.v ?? ''
  const genre = genreDe(cle)
  if (genre === null) throw new Introuvable()
  const texte = await lireTexteVersion(session, cle)
  const nom = cle.startsWith('local/') ? `${genre}-version-${cle.split('/').at(-1)}` : (cle.split('/').at(-1) ?? genre)
  return {
    genre: 'fichier',
    nom: `${nom}.yaml`,
    type: 'application/yaml; charset=utf-8',
    octets: Buffer.from(texte),
  }
}

/** POST /regles/versions/envoi: the day the version was sent to the partners. */
export async function noterLEnvoi(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const cle = champ(requete, 'v')
  const le = lireJour(champ(requete, 'le'))
  const moyen = champ(requete, 'moyen')
  const montrer = async (message: string, nom: string, statut: number) =>
    page(
      <PageLire
        requete={await avecNavigation(requete)}
        lecture={await lireLecture(session, cle)}
        erreur={{ nom, message }}
        saisie={{ le: champ(requete, 'le'), moyen }}
      />,
      statut,
    )
  if (!le) return montrer('Donner la date d’envoi.', 'le', 422)
  try {
    await noterEnvoi(session, cle, { le, moyen })
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    return montrer(erreur.message, erreur.code === 'version.envoi' ? 'moyen' : 'le', erreur.statut)
  }
  return redirection(adresseLire(cle), { texte: 'Envoi noté.' })
}

const fil = (dernier: string) => [
  { libelle: 'Règles et critères', href: '/regles' },
  { libelle: 'Versions', href: ADRESSE },
  { libelle: dernier },
]

function Identite({ lecture, session }: { lecture: Lecture; session: Session }): ReactElement {
  const { lue, locale, departement, evenements, genre, cle } = lecture
  const suite = genre === 'repartition' ? departement.repartitions : genre === 'criteres' ? departement.criteres : []
  const presente = suite.find(({ id }) => id === cle)
  const dates = presente ?? (lue && { du: lue.valeur.du, jusqu_au: lue.valeur.jusqu_au })
  return (
    <Carte titre={departement.nom}>
      <ListeDefinition
        lignes={[
          { terme: 'En vigueur', valeur: dates ? periode(dates) : null },
          { terme: 'Source', valeur: lue && lue.genre !== 'parametres' ? ecrireSource(lue.valeur.source) : null },
          { terme: 'Validée par', valeur: locale && locale.reference !== '' ? locale.reference : null },
          {
            terme: 'Approuvée par',
            valeur:
              locale?.etat === 'approuvee'
                ? locale.approbations
                    .map(
                      ({ cote, organisme_nom, a }) =>
                        `${cotes[cote]} (${organisme_nom}), le ${formatDate(parisDay(a))}`,
                    )
                    .join(' ; ')
                : null,
          },
          { terme: 'Pourquoi', valeur: locale && locale.motif !== '' ? locale.motif : null },
          {
            terme: 'Envoyée',
            valeur:
              evenements.length === 0
                ? null
                : evenements
                    .map(({ details }) => `le ${formatDate(String(details.le))} : ${String(details.moyen)}`)
                    .join(' ; '),
          },
          { terme: 'Page lue', valeur: `le ${formatDateLongue(session.jour)}` },
        ]}
      />
    </Carte>
  )
}

function PageLire({
  requete,
  lecture,
  erreur,
  saisie,
}: {
  requete: Requete
  lecture: Lecture
  erreur?: { readonly nom: string; readonly message: string }
  saisie?: { readonly le: string; readonly moyen: string }
}): ReactElement {
  const { session, acteur } = requete
  const { lue, cle, genre, locale, departement } = lecture
  const prepare = aLeDroit(acteur, 'version.preparer')
  const projet = locale !== null && locale.etat !== 'approuvee'
  // Conditions are read with the settings of the first day of the version: those it was written for.
  const jour = lue && Temporal.PlainDate.compare(lue.valeur.du, session.jour) > 0 ? lue.valeur.du : session.jour
  return (
    <Cadre
      requete={requete}
      titre={`${titresGenre[genre]} : ${nommerVersion(cle, lue?.valeur.du).replace(/^la /, '')}`}
      large
      erreur={erreur !== undefined}
      fil={fil('Lire')}
      actions={
        <>
          <Bouton href={`${ADRESSE}/texte?${new URLSearchParams({ v: cle })}`} petit fichier icone="doc">
            Texte exact
          </Bouton>
          {locale && prepare && (
            <Bouton href={adresseVersion(locale.id)} petit>
              Préparation et décision
            </Bouton>
          )}
        </>
      }
    >
      <ResumeErreurs erreurs={erreur ? [erreur] : []} titre="L’envoi n’a pas été noté" />
      <Pile>
        {projet && (
          <Message ton="bientot">
            <p>
              <b>Projet.</b> Cette version n’est pas approuvée : elle ne s’applique pas.
            </p>
          </Message>
        )}
        <Identite lecture={lecture} session={session} />
        {lue ? (
          <ContenuLisible lue={lue} lire={lireurAu(departement, jour)} />
        ) : (
          <EtatVide titre="Texte illisible">
            Ce texte a des fautes, ou cette version d’Amont ne sait plus le lire : le télécharger tel qu’il est écrit.
          </EtatVide>
        )}
        {prepare && !projet && (
          <div className="sans-impression">
            <Carte titre="Envoi aux partenaires">
              <Formulaire
                action={`${ADRESSE}/envoi`}
                jeton={requete.connecte.jetonFormulaire}
                champs={{ v: cle }}
                libelle="Noter un envoi"
              >
                <div className="champs">
                  <ChampDate
                    nom="le"
                    libelle="Envoyée le"
                    valeur={saisie?.le ?? session.jour}
                    max={session.jour}
                    erreur={erreur?.nom === 'le' ? erreur.message : undefined}
                  />
                  <Champ
                    nom="moyen"
                    libelle="À qui, et comment"
                    valeur={saisie?.moyen}
                    longueurMax={300}
                    erreur={erreur?.nom === 'moyen' ? erreur.message : undefined}
                  />
                </div>
                <Actions>
                  <Bouton icone="envoi">Noter l’envoi</Bouton>
                </Actions>
              </Formulaire>
            </Carte>
          </div>
        )}
        {lecture.evenements.length > 0 && prepare && (
          <Carte titre="Envois notés">
            <ListeSobre
              lignes={lecture.evenements.map(({ id, details, nom }) => ({
                cle: String(id),
                titre: `Le ${formatDate(String(details.le))}`,
                note: `${String(details.moyen)}${nom ? `, noté par ${nom}` : ''}`,
              }))}
            />
          </Carte>
        )}
      </Pile>
    </Cadre>
  )
}

function PageReglages({ requete }: { requete: Requete }): ReactElement {
  const { session } = requete
  const departement = lireDepartement(session)
  const reglages = CLES_PARAMETRES.flatMap((cle) => {
    const version = departement.parametres[cle]?.versions.findLast(
      ({ du }) => Temporal.PlainDate.compare(du, session.jour) <= 0,
    )
    if (!version) return []
    const { valeur } = parametre(departement, cle, session.jour)
    return [{ cle, ...version, valeur }]
  })
  return (
    <Cadre
      requete={requete}
      titre={`Valeurs réglées : ${departement.nom}`}
      chapo={`Le ${formatDateLongue(session.jour)}. Une valeur à compléter n’est jamais remplacée par une autre : ce qui en dépend reste « à vérifier ».`}
      large
      fil={fil('Lire')}
    >
      <ReglagesLisibles reglages={reglages} />
    </Cadre>
  )
}

function PageAucune({ requete, genre }: { requete: Requete; genre: GenreVersion }): ReactElement {
  return (
    <Cadre requete={requete} titre={titresGenre[genre]} fil={fil('Lire')}>
      <EtatVide titre="Aucune version en vigueur" geste={{ href: ADRESSE, libelle: 'Voir les versions' }}>
        Aucune version ne s’applique le {formatDateLongue(requete.session.jour)}.
      </EtatVide>
    </Cadre>
  )
}
