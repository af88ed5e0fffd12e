import { randomUUID } from 'node:crypto'
import { listerOrganismes } from '#acces'
import {
  ajouterDispositif,
  type Dispositif,
  estAActualiser,
  lireDispositif,
  listerDispositifs,
  modifierDispositif,
  peutTenirDispositif,
} from '#echanges'
import { decrireEtape, ETAPES } from '#procedure'
import { libelleTerritoire } from '#referentiel'
import { Conflit, Introuvable } from '#socle/errors'
import { date, number, text } from '#socle/tableur'
import { isUuid } from '#socle/text'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Filtres,
  Formulaire,
  PiedCadre,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { Cases } from './commun.tsx'

const ETAPES_OFFERTES = ETAPES.filter((etape) => decrireEtape(etape).rang > 0)
const nommerEtapes = (etapes: readonly string[]): string =>
  etapes.length === 0
    ? 'Toutes'
    : ETAPES_OFFERTES.filter((une) => etapes.includes(une))
        .map((une) => decrireEtape(une).court)
        .join(', ')

function lieuxDe({ session }: Requete) {
  const territoires = session.referentiel.departements.get(session.dept)?.territoires
  return (territoires?.territoires ?? []).map(({ id }) => ({
    valeur: id,
    libelle: territoires ? libelleTerritoire(territoires, id) : id,
  }))
}
const nommerLieux = (lieux: ReturnType<typeof lieuxDe>, siens: readonly string[]): string =>
  siens.length === 0
    ? 'Tous'
    : lieux
        .filter(({ valeur }) => siens.includes(valeur))
        .map(({ libelle }) => libelle)
        .join(', ')

/** What the address asks for; a value outside the closed sets is as if it were not there. */
async function chercher(requete: Requete) {
  const { session, recherche } = requete
  const lieux = lieuxDe(requete)
  const filtre = {
    texte: (recherche.texte ?? '').slice(0, 120),
    etape: ETAPES_OFFERTES.find((une) => une === recherche.etape),
    territoire: lieux.find(({ valeur }) => valeur === recherche.territoire)?.valeur,
    aActualiser: recherche.actualiser === 'oui',
  }
  const adresse = new URLSearchParams()
  if (filtre.texte !== '') adresse.set('texte', filtre.texte)
  if (filtre.etape) adresse.set('etape', filtre.etape)
  if (filtre.territoire) adresse.set('territoire', filtre.territoire)
  if (filtre.aActualiser) adresse.set('actualiser', 'oui')
  const dispositifs = await listerDispositifs(session, filtre)
  session.consigner({ action: 'dispositifs.consulter', details: { nombre: dispositifs.length } })
  return { lieux, filtre, adresse, dispositifs }
}

/** GET /dispositifs (REP-25): the support schemes of the département. */
export async function montrerDispositifs(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { lieux, filtre, adresse, dispositifs } = await chercher(requete)
  const places = dispositifs.reduce((somme, { places: siennes }) => somme + (siennes ?? 0), 0)
  const tient = peutTenirDispositif(session)
  return page(
    <Cadre
      requete={requete}
      titre="Dispositifs d’accompagnement"
      chapo="Pour qui, à quelle étape, où, combien de places et qui joindre. Chaque organisme tient ses lignes ; le Département et le secrétariat tiennent le répertoire."
      courante="aide"
      large
      fil={[{ libelle: 'Dispositifs d’accompagnement' }]}
      papier="portrait"
      actions={
        tient && (
          <Bouton petit icone="plus" href="/dispositifs/ajouter">
            Ajouter un dispositif
          </Bouton>
        )
      }
    >
      <Filtres
        action="/dispositifs"
        libelle="Chercher un dispositif"
        bouton="Chercher"
        resultat={`${pluriel(dispositifs.length, 'dispositif', 'dispositifs')}, ${pluriel(places, 'place connue', 'places connues')}`}
      >
        <Champ nom="texte" libelle="Nom, public ou organisme" genre="search" libre valeur={filtre.texte} />
        <Selection
          nom="etape"
          libelle="Étape"
          libre
          vide="Toutes"
          valeur={filtre.etape}
          options={ETAPES_OFFERTES.map((valeur) => ({ valeur, libelle: decrireEtape(valeur).court }))}
        />
        <Selection nom="territoire" libelle="Territoire" libre vide="Tous" valeur={filtre.territoire} options={lieux} />
        <CaseACocher
          nom="actualiser"
          libelle="À actualiser : constatés il y a plus d’un an"
          cochee={filtre.aActualiser}
        />
      </Filtres>
      {dispositifs.length === 0 ? (
        <EtatVide
          titre="Aucun dispositif"
          {...(tient ? { geste: { href: '/dispositifs/ajouter', libelle: 'Ajouter un dispositif' } } : {})}
        >
          {adresse.size === 0
            ? 'Le répertoire est vide : y inscrire les dispositifs de l’état des lieux.'
            : 'Aucun dispositif ne répond à cette recherche.'}
        </EtatVide>
      ) : (
        <>
          <Tableau
            legende="Dispositifs d’accompagnement"
            largeur="moyen"
            lignes={dispositifs}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'nom',
                titre: 'Dispositif',
                principale: true,
                rendre: (un) => (
                  <>
                    {peutTenirDispositif(session, un.organisme) ? (
                      <a href={`/dispositifs/${un.id}`}>{un.nom}</a>
                    ) : (
                      un.nom
                    )}
                    <small> {un.organisme_nom}</small>
                  </>
                ),
              },
              {
                cle: 'public',
                titre: 'Pour qui',
                large: true,
                rendre: ({ public_vise, precisions }) => (
                  <>
                    {public_vise}
                    {precisions !== '' && <small> {precisions}</small>}
                  </>
                ),
              },
              { cle: 'etapes', titre: 'Étapes', rendre: ({ etapes }) => nommerEtapes(etapes) },
              {
                cle: 'territoires',
                titre: 'Territoires',
                rendre: ({ territoires }) => nommerLieux(lieux, territoires),
              },
              {
                cle: 'places',
                titre: 'Places',
                rendre: ({ places: siennes }) => (siennes === null ? 'Non comptées' : formatNombre(siennes)),
              },
              { cle: 'contact', titre: 'Qui joindre', rendre: ({ contact }) => contact },
              {
                cle: 'constate',
                titre: 'Constaté le',
                rendre: (un) =>
                  estAActualiser(un, session.jour) ? (
                    <Etiquette ton="bientot">à actualiser, {formatDate(un.constate_le)}</Etiquette>
                  ) : (
                    formatDate(un.constate_le)
                  ),
              },
            ]}
          />
          <PiedCadre>
            <BoutonsExport
              quoi={dispositifs.length === 1 ? 'ce dispositif' : `ces ${formatNombre(dispositifs.length)} dispositifs`}
              lien={(format) => `/dispositifs/export.${format}?${adresse}`}
            />
          </PiedCadre>
        </>
      )}
    </Cadre>,
  )
}

/** GET /dispositifs/export.xlsx, .ods, .csv: what is on screen. Nobody is named in it. */
export const exporterDispositifs =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { lieux, dispositifs } = await chercher(requete)
    return enFichier(
      `dispositifs-${requete.session.jour}`,
      {
        name: 'Dispositifs',
        header: [
          'Dispositif',
          'Organisme',
          'Pour qui',
          'Étapes',
          'Territoires',
          'Places',
          'Qui joindre',
          'Précisions',
          'Constaté le',
        ],
        rows: dispositifs.map((un) => [
          text(un.nom),
          text(un.organisme_nom),
          text(un.public_vise),
          text(nommerEtapes(un.etapes)),
          text(nommerLieux(lieux, un.territoires)),
          un.places === null ? text('') : number(un.places),
          text(un.contact),
          text(un.precisions),
          date(un.constate_le),
        ]),
      },
      format,
    )
  }

interface Saisie {
  readonly organisme: string
  readonly nom: string
  readonly public_vise: string
  readonly etapes: readonly string[]
  readonly territoires: readonly string[]
  readonly places: string
  readonly contact: string
  readonly precisions: string
  readonly constate_le: string
}

async function montrerFormulaire(
  requete: Requete,
  un: Dispositif | null,
  saisie: Saisie,
  { envoi, erreurs }: { envoi: string; erreurs: readonly Erreur[] },
): Promise<Reponse> {
  const { session, connecte } = requete
  const organismes = (await listerOrganismes(session)).filter(({ id }) => peutTenirDispositif(session, id))
  const action = un ? `/dispositifs/${un.id}` : '/dispositifs/ajouter'
  const erreur = (nom: string) => messageDe(erreurs, nom)
  return page(
    <Cadre
      requete={requete}
      titre={un ? un.nom : 'Ajouter un dispositif'}
      courante="aide"
      erreur={erreurs.length > 0}
      chapo={
        un
          ? `Dernière modification le ${formatInstant(un.modifie_a)}, par ${un.modifie_nom}. Enregistrer avec la date du jour dit que la ligne est encore exacte.`
          : 'Ce que tous les partenaires du département liront. Aucun ménage n’y est nommé.'
      }
      fil={[{ libelle: 'Dispositifs d’accompagnement', href: '/dispositifs' }, { libelle: un ? un.nom : 'Ajouter' }]}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été enregistré" />
      <Pile>
        <Carte titre="Le dispositif">
          <Formulaire
            action={action}
            jeton={connecte.jetonFormulaire}
            champs={un ? { vu: String(un.version) } : { envoi }}
            libelle="Dispositif d’accompagnement"
          >
            <Champ nom="nom" libelle="Nom" longueurMax={120} valeur={saisie.nom} erreur={erreur('nom')} />
            <Selection
              nom="organisme"
              libelle="Organisme qui le porte"
              {...(organismes.length > 1 ? { vide: 'Choisir' } : {})}
              valeur={saisie.organisme}
              options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
              erreur={erreur('organisme')}
            />
            <Champ
              nom="public_vise"
              libelle="Pour qui"
              lignes={2}
              longueurMax={300}
              aide="Par exemple : ménages du parc privé, à partir du commandement de payer."
              valeur={saisie.public_vise}
              erreur={erreur('public_vise')}
            />
            <Cases
              nom="etapes"
              legende="À quelles étapes (aucune case : toutes)"
              facultatif
              options={ETAPES_OFFERTES.map((valeur) => ({ valeur, libelle: decrireEtape(valeur).court }))}
              choisies={saisie.etapes}
            />
            <Cases
              nom="territoires"
              legende="Sur quels territoires (aucune case : tous)"
              facultatif
              options={lieuxDe(requete)}
              choisies={saisie.territoires}
            />
            <div className="champs">
              <Champ
                nom="places"
                libelle="Places"
                facultatif
                chiffres
                court
                valeur={saisie.places}
                erreur={erreur('places')}
              />
              <ChampDate
                nom="constate_le"
                libelle="Constaté le"
                aide="Jour où quelqu’un a vérifié cette ligne."
                max={session.jour}
                valeur={saisie.constate_le || undefined}
                erreur={erreur('constate_le')}
              />
            </div>
            <Champ
              nom="contact"
              libelle="Qui joindre, et comment"
              longueurMax={200}
              valeur={saisie.contact}
              erreur={erreur('contact')}
            />
            <Champ
              nom="precisions"
              libelle="Précisions"
              facultatif
              lignes={2}
              longueurMax={600}
              valeur={saisie.precisions}
              erreur={erreur('precisions')}
            />
            <Actions>
              <Bouton genre="principal">Enregistrer</Bouton>
              <Bouton genre="tertiaire" href="/dispositifs">
                Revenir au répertoire
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        {un && (
          <Carte titre="Retirer du répertoire">
            <p>La ligne disparaît du répertoire pour tous. Ce qui y était écrit reste dans la base.</p>
            <Actions>
              <BoutonPost
                action={`/dispositifs/${un.id}/retirer`}
                jeton={connecte.jetonFormulaire}
                champs={{ vu: String(un.version) }}
              >
                Retirer ce dispositif
              </BoutonPost>
            </Actions>
          </Carte>
        )}
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const lireSaisie = (requete: Requete): Saisie => ({
  organisme: champ(requete, 'organisme'),
  nom: champ(requete, 'nom'),
  public_vise: champ(requete, 'public_vise'),
  etapes: requete.champs.etapes ?? [],
  territoires: requete.champs.territoires ?? [],
  places: champ(requete, 'places').trim(),
  contact: champ(requete, 'contact'),
  precisions: champ(requete, 'precisions'),
  constate_le: champ(requete, 'constate_le'),
})
const CHAMPS: Readonly<Record<string, string>> = {
  'dispositif.organisme': 'organisme',
  'dispositif.public': 'public_vise',
  'dispositif.places': 'places',
  'dispositif.contact': 'contact',
  'dispositif.precisions': 'precisions',
  'dispositif.constate': 'constate_le',
}

/** The line to work on, for those who keep it; for the others it does not exist here. */
async function ouvrir(requete: Requete): Promise<Dispositif> {
  const un = await lireDispositif(requete.session, requete.parametres.dispositif ?? '')
  if (!peutTenirDispositif(requete.session, un.organisme)) throw new Introuvable()
  return un
}

/** GET /dispositifs/ajouter. */
export async function proposerDispositif(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  if (!peutTenirDispositif(session)) throw new Introuvable()
  return montrerFormulaire(
    requete,
    null,
    {
      organisme: acteur.organisme ?? '',
      nom: '',
      public_vise: '',
      etapes: [],
      territoires: [],
      places: '',
      contact: '',
      precisions: '',
      constate_le: session.jour.toString(),
    },
    { envoi: randomUUID(), erreurs: [] },
  )
}

/** GET /dispositifs/:dispositif. */
export async function montrerDispositif(requete: Requete): Promise<Reponse> {
  const un = await ouvrir(requete)
  return montrerFormulaire(
    requete,
    un,
    { ...un, places: un.places === null ? '' : String(un.places), constate_le: requete.session.jour.toString() },
    { envoi: '', erreurs: [] },
  )
}

async function enregistrer(requete: Requete, un: Dispositif | null): Promise<Reponse> {
  const { session } = requete
  const saisie = lireSaisie(requete)
  const recu = champ(requete, 'envoi')
  const envoi = isUuid(recu) ? recu : randomUUID()
  const constate = lireJourSaisi(saisie.constate_le)
  if (constate === null)
    return montrerFormulaire(requete, un, saisie, {
      envoi,
      erreurs: [{ nom: 'constate_le', message: 'Donner le jour du constat.' }],
    })
  const complete = {
    ...saisie,
    constate_le: constate,
    places: saisie.places === '' ? null : /^\d{1,6}$/.test(saisie.places) ? Number(saisie.places) : Number.NaN,
  }
  const issue = await ouConflit(requete, 'dispositif.tenir', () =>
    tenter(
      session,
      'dispositif.tenir',
      (code) => CHAMPS[code] ?? 'nom',
      () =>
        un
          ? modifierDispositif(session, un, Number(champ(requete, 'vu')) || 0, complete)
          : ajouterDispositif(session, complete, envoi),
    ),
  )
  if (issue === null)
    return redirection('/dispositifs', { texte: un ? 'Dispositif actualisé.' : 'Dispositif ajouté au répertoire.' })
  return issue instanceof Conflit
    ? direConflit(requete, un, issue.message, saisie.nom)
    : montrerFormulaire(requete, un, saisie, { envoi, erreurs: [issue] })
}

const direConflit = (requete: Requete, un: Dispositif | null, message: string, tape: string): Promise<Reponse> =>
  pageConflit(requete, {
    message,
    quoi: un?.nom ?? 'Dispositif',
    courante: 'aide',
    fil: [{ libelle: 'Dispositifs d’accompagnement', href: '/dispositifs' }],
    versions: [
      {
        cle: 'nom',
        libelle: 'Nom',
        saisie: tape || null,
        enregistree: un?.nom ?? null,
        qui: un ? `${un.modifie_nom}, le ${formatInstant(un.modifie_a)}` : undefined,
      },
    ],
    conseil: 'Relire la ligne, puis recommencer.',
    garder: { libelle: 'Revenir au répertoire', href: '/dispositifs' },
    remplacer: null,
  })

/** POST /dispositifs/ajouter. */
export const ajouterUnDispositif = (requete: Requete): Promise<Reponse> => enregistrer(requete, null)

/** POST /dispositifs/:dispositif. */
export const modifierUnDispositif = async (requete: Requete): Promise<Reponse> =>
  enregistrer(requete, await ouvrir(requete))

/** POST /dispositifs/:dispositif/retirer. */
export async function retirerUnDispositif(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const un = await ouvrir(requete)
  const issue = await ouConflit(requete, 'dispositif.tenir', () =>
    tenter(
      session,
      'dispositif.tenir',
      () => 'nom',
      () => modifierDispositif(session, un, Number(champ(requete, 'vu')) || 0, null),
    ),
  )
  if (issue instanceof Conflit) return direConflit(requete, un, issue.message, '')
  return redirection('/dispositifs', { texte: `« ${un.nom} » est retiré du répertoire.` })
}
