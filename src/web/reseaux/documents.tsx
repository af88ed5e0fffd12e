import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type Classement,
  type DocumentCommun,
  formats,
  genresDocument,
  LONGUEURS_DOCUMENT,
  lireDocument,
  listerDocuments,
  publierDocument,
  reclasserDocument,
  remplacerDocument,
  retirerDocument,
  telechargerDocument,
  themesDocument,
  type VersionDocument,
} from '#echanges'
import { LIBELLES_TYPES_ORGANISME, STADES_REGLES, TYPES_ORGANISME } from '#referentiel'
import { Conflit } from '#socle/errors'
import { date, number, text } from '#socle/tableur'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  CaseACocher,
  Champ,
  ChampFichier,
  EtatVide,
  Etiquette,
  Filtres,
  Formulaire,
  ListeDefinition,
  Message,
  PiedCadre,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { Cases, marqueEnvoi } from '../echanges/commun.tsx'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { etapeCourte } from '../tableaux/libelles.ts'
import { AucunMenage, CadrePartager } from './cadre-partager.tsx'

const RACINE = '/documents'
const adresseDe = ({ id }: Pick<DocumentCommun, 'id'>, suite = ''): string => `${RACINE}/${id}${suite}`

/** The step a document is for; the list of steps is the one of the rules, wider than the gauge. */
const nommerStade = (stade: string): string =>
  stade === 'prevention' ? 'Prévention' : etapeCourte(stade) === stade ? enMots(stade) : etapeCourte(stade)
const enMots = (code: string): string => `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('_', ' ')}`
const ecrireStades = (stades: readonly string[]): string =>
  stades.length === 0 ? 'Toutes les étapes' : stades.map(nommerStade).join(', ')

const nommerType = (type: string): string => {
  const connu = TYPES_ORGANISME.find((un) => un === type)
  return connu ? LIBELLES_TYPES_ORGANISME[connu] : type
}
const ecrireLecteurs = ({ ouvert, types }: Pick<DocumentCommun, 'ouvert' | 'types'>): string =>
  ouvert ? 'Tous les comptes d’Amont' : types.map(nommerType).join(', ')

const ecrireTaille = (octets: number): string =>
  octets < 1_000_000
    ? `${formatNombre(Math.max(1, Math.round(octets / 1000)))} ko`
    : `${formatNombre(Math.round(octets / 100_000) / 10)} Mo`

const options = (libelles: Readonly<Record<string, string>>) =>
  Object.entries(libelles).map(([valeur, libelle]) => ({ valeur, libelle }))
const OPTIONS_STADES = STADES_REGLES.map((stade) => ({ valeur: stade, libelle: nommerStade(stade) }))

const publie = ({ acteur }: Requete): boolean => aLeDroit(acteur, 'document.publier')

function lireFiltre(requete: Requete) {
  const { recherche } = requete
  const connu = (valeur: string | undefined, parmi: readonly string[]) =>
    valeur !== undefined && parmi.includes(valeur) ? valeur : undefined
  return {
    texte: recherche.texte || undefined,
    genre: connu(recherche.genre, Object.keys(genresDocument)),
    theme: connu(recherche.theme, Object.keys(themesDocument)),
    stade: connu(recherche.stade, STADES_REGLES),
    retires: recherche.etat === 'retires' && publie(requete),
  }
}

function adresseListe(filtre: ReturnType<typeof lireFiltre>, chemin = RACINE): string {
  const { retires, ...champs } = filtre
  const params = new URLSearchParams()
  for (const [cle, valeur] of Object.entries(champs)) if (valeur !== undefined) params.set(cle, valeur)
  if (retires) params.set('etat', 'retires')
  return params.size === 0 ? chemin : `${chemin}?${params}`
}

/** GET /documents (ESP-13): what this kind of organisme may read, by theme and step. */
export async function montrerDocuments(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const filtre = lireFiltre(requete)
  const documents = await listerDocuments(session, filtre)
  session.consigner({ action: 'documents.lister', details: { nombre: documents.length } })
  const actifs = [
    ...(filtre.texte
      ? [{ libelle: `« ${filtre.texte} »`, retirer: adresseListe({ ...filtre, texte: undefined }) }]
      : []),
    ...(filtre.genre
      ? [
          {
            libelle: options(genresDocument).find(({ valeur }) => valeur === filtre.genre)?.libelle ?? '',
            retirer: adresseListe({ ...filtre, genre: undefined }),
          },
        ]
      : []),
    ...(filtre.theme
      ? [
          {
            libelle: options(themesDocument).find(({ valeur }) => valeur === filtre.theme)?.libelle ?? '',
            retirer: adresseListe({ ...filtre, theme: undefined }),
          },
        ]
      : []),
    ...(filtre.stade
      ? [{ libelle: nommerStade(filtre.stade), retirer: adresseListe({ ...filtre, stade: undefined }) }]
      : []),
    ...(filtre.retires ? [{ libelle: 'Retirés', retirer: adresseListe({ ...filtre, retires: false }) }] : []),
  ]
  return page(
    <CadrePartager
      requete={requete}
      partie="documents"
      titre="Documents communs"
      chapo="Fiches, supports, éléments de langage, formulaires et bonnes pratiques du département. La version en vigueur d’abord ; les précédentes restent."
      large
      actions={
        publie(requete) && (
          <Bouton href={`${RACINE}/publier`} petit genre="principal" icone="plus">
            Publier un document
          </Bouton>
        )
      }
    >
      <Filtres
        action={RACINE}
        libelle="Chercher un document"
        resultat={pluriel(documents.length, 'document', 'documents')}
        actifs={actifs}
        toutRetirer={RACINE}
      >
        <Champ nom="texte" libelle="Mots" genre="search" libre valeur={filtre.texte} />
        <Selection
          nom="genre"
          libelle="Sorte"
          libre
          vide="Toutes"
          valeur={filtre.genre}
          options={options(genresDocument)}
        />
        <Selection
          nom="theme"
          libelle="Thème"
          libre
          vide="Tous"
          valeur={filtre.theme}
          options={options(themesDocument)}
        />
        <Selection nom="stade" libelle="Étape" libre vide="Toutes" valeur={filtre.stade} options={OPTIONS_STADES} />
        {publie(requete) && (
          <Selection
            nom="etat"
            libelle="État"
            libre
            vide="En vigueur"
            valeur={filtre.retires ? 'retires' : undefined}
            options={[{ valeur: 'retires', libelle: 'Retirés' }]}
          />
        )}
      </Filtres>
      {documents.length === 0 ? (
        <EtatVide
          titre="Aucun document"
          geste={
            publie(requete) && actifs.length === 0
              ? { href: `${RACINE}/publier`, libelle: 'Publier un document' }
              : undefined
          }
        >
          {actifs.length > 0
            ? 'Rien ne répond à cette recherche : en retirer un critère.'
            : 'Les pilotes et le secrétariat publient ici ce que les partenaires emploient en commun.'}
        </EtatVide>
      ) : (
        <>
          <Tableau
            legende="Documents communs"
            lignes={documents}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'titre',
                titre: 'Document',
                principale: true,
                large: true,
                rendre: (un) => (
                  <>
                    <a href={adresseDe(un)}>{un.titre}</a>
                    {un.resume !== '' && <small>{un.resume}</small>}
                  </>
                ),
              },
              { cle: 'genre', titre: 'Sorte', rendre: ({ genre }) => genresDocument[genre] },
              { cle: 'theme', titre: 'Thème', rendre: ({ theme }) => themesDocument[theme] },
              { cle: 'stades', titre: 'Étapes', rendre: ({ stades }) => ecrireStades(stades) },
              {
                cle: 'version',
                titre: 'Version',
                rendre: ({ numero, publiee_a, organisme_nom }) => (
                  <>
                    {numero}, du {formatDate(parisDay(publiee_a))}
                    <small>{organisme_nom}</small>
                  </>
                ),
              },
              {
                cle: 'format',
                titre: 'Fichier',
                rendre: ({ format, taille }) =>
                  format === null ? 'à lire ici' : `${formats[format].libelle}, ${ecrireTaille(taille ?? 0)}`,
              },
            ]}
          />
          <PiedCadre note="L’export contient la liste affichée, pas les documents.">
            <BoutonsExport quoi="cette liste" lien={(format) => adresseListe(filtre, `${RACINE}/export.${format}`)} />
          </PiedCadre>
        </>
      )}
    </CadrePartager>,
  )
}

/** GET /documents/export.<format>: the list on screen. */
export const exporterDocuments =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const documents = await listerDocuments(requete.session, lireFiltre(requete))
    requete.session.consigner({ action: 'documents.lister', details: { nombre: documents.length, format } })
    return enFichier(
      'documents-communs',
      {
        name: 'Documents',
        header: ['Titre', 'Résumé', 'Sorte', 'Thème', 'Étapes', 'Lecteurs', 'Version', 'Publiée le', 'Par'],
        rows: documents.map((un) => [
          text(un.titre),
          text(un.resume),
          text(genresDocument[un.genre]),
          text(themesDocument[un.theme]),
          text(ecrireStades(un.stades)),
          text(ecrireLecteurs(un)),
          number(un.numero),
          date(parisDay(un.publiee_a)),
          text(un.organisme_nom),
        ]),
      },
      format,
    )
  }

function Fichier({ document, version }: { document: DocumentCommun; version: VersionDocument }): ReactElement | null {
  if (version.format === null || version.nom === null) return null
  return (
    <Bouton
      href={adresseDe(document, `/versions/${version.numero}`)}
      fichier
      petit
      icone="import"
      libelleLu={`Télécharger ${version.nom}, version ${version.numero}`}
    >
      Télécharger ({formats[version.format].libelle}, {ecrireTaille(version.taille ?? 0)})
    </Bouton>
  )
}

/** GET /documents/:document. */
export async function montrerDocument(requete: Requete): Promise<Reponse> {
  const { session, connecte } = requete
  const document = await lireDocument(session, requete.parametres.document ?? '')
  session.consigner({ action: 'document.lire', objet: 'document', objetId: document.id })
  const [enVigueur, ...anciennes] = document.versions
  return page(
    <CadrePartager
      requete={requete}
      partie="documents"
      titre={document.titre}
      chapo={document.resume}
      fil={[{ libelle: document.titre }]}
      actions={
        publie(requete) && (
          <>
            {!document.retire_a && (
              <Bouton href={adresseDe(document, '/remplacer')} petit icone="maj">
                Remplacer par une nouvelle version
              </Bouton>
            )}
            <Bouton href={adresseDe(document, '/classer')} petit>
              Reclasser
            </Bouton>
            {!document.retire_a && (
              <Bouton href={adresseDe(document, '/retirer')} petit genre="destructeur">
                Retirer
              </Bouton>
            )}
          </>
        )
      }
    >
      <Pile>
        {document.retire_a && (
          <Message
            ton="retard"
            action={
              <BoutonPost
                action={adresseDe(document, '/remettre')}
                jeton={connecte.jetonFormulaire}
                champs={{ version: String(document.version) }}
                petit
              >
                Remettre ce document
              </BoutonPost>
            }
          >
            <p>
              Retiré le {formatInstant(document.retire_a)} par {document.retire_par_nom} : {document.retire_motif} Seuls
              ceux qui publient le voient encore.
            </p>
          </Message>
        )}
        <Carte titre={`Version ${enVigueur?.numero ?? 1}, en vigueur`}>
          <Pile>
            {enVigueur && (
              <p className="note">
                Publiée le {formatInstant(enVigueur.publiee_a)} par {enVigueur.publiee_par_nom},{' '}
                {enVigueur.organisme_nom}.{enVigueur.quoi !== '' && ` ${enVigueur.quoi}`}
              </p>
            )}
            {enVigueur && enVigueur.texte !== '' && <p className="texte-libre">{enVigueur.texte}</p>}
            {enVigueur && <Fichier document={document} version={enVigueur} />}
          </Pile>
        </Carte>
        <Carte titre="Classement">
          <ListeDefinition
            lignes={[
              { terme: 'Sorte', valeur: genresDocument[document.genre] },
              { terme: 'Thème', valeur: themesDocument[document.theme] },
              { terme: 'Étapes', valeur: ecrireStades(document.stades) },
              { terme: 'Qui le lit', valeur: ecrireLecteurs(document) },
            ]}
          />
        </Carte>
        {anciennes.length > 0 && (
          <Carte titre="Versions précédentes" aside={pluriel(anciennes.length, 'version', 'versions')}>
            <ol className="messages" aria-label="Versions précédentes">
              {anciennes.map((version) => (
                <li key={version.numero}>
                  <h3>
                    Version {version.numero}, du {formatDate(parisDay(version.publiee_a))}
                  </h3>
                  <p>
                    <Etiquette>
                      Remplacée par la version {version.remplacee_par}
                      {version.remplacee_a ? `, le ${formatDate(parisDay(version.remplacee_a))}` : ''}
                    </Etiquette>
                  </p>
                  <p className="note">
                    Publiée par {version.publiee_par_nom}, {version.organisme_nom}.
                    {version.quoi !== '' && ` ${version.quoi}`}
                  </p>
                  {version.texte !== '' && <p className="texte-libre">{version.texte}</p>}
                  <Fichier document={document} version={version} />
                </li>
              ))}
            </ol>
          </Carte>
        )}
      </Pile>
    </CadrePartager>,
  )
}

/** GET /documents/:document/versions/:numero: always as an attachment, never shown in a page. */
export async function servirDocument({ session, parametres }: Requete): Promise<Reponse> {
  const numero = /^\d{1,6}$/.test(parametres.numero ?? '') ? Number(parametres.numero) : 0
  const { nom, type, octets } = await telechargerDocument(session, parametres.document ?? '', numero)
  return { genre: 'fichier', nom, type, octets }
}

interface Saisie extends Classement {
  readonly texte: string
  readonly quoi: string
  readonly envoi: string
}

const lireSaisie = (requete: Requete): Saisie => ({
  genre: champ(requete, 'genre'),
  theme: champ(requete, 'theme'),
  stades: requete.champs.stades ?? [],
  titre: champ(requete, 'titre'),
  resume: champ(requete, 'resume'),
  ouvert: champ(requete, 'ouvert') === 'oui',
  types: requete.champs.types ?? [],
  texte: champ(requete, 'texte'),
  quoi: champ(requete, 'quoi'),
  envoi: marqueEnvoi(champ(requete, 'envoi')),
})

const CHAMPS_FICHIER = /^piece\./
const champDe = (code: string): string =>
  CHAMPS_FICHIER.test(code) ? 'fichier' : code.startsWith('document.') ? code.slice('document.'.length) : 'fichier'

function ChampsClassement({ saisie, erreurs }: { saisie: Classement; erreurs: readonly Erreur[] }): ReactElement {
  return (
    <>
      <Champ
        nom="titre"
        libelle="Titre"
        longueurMax={LONGUEURS_DOCUMENT.titre}
        valeur={saisie.titre}
        erreur={messageDe(erreurs, 'titre')}
      />
      <Champ
        nom="resume"
        libelle="En une phrase"
        facultatif
        lignes={2}
        longueurMax={LONGUEURS_DOCUMENT.resume}
        valeur={saisie.resume}
        erreur={messageDe(erreurs, 'resume')}
      />
      <div className="champs">
        <Selection
          nom="genre"
          libelle="Sorte"
          vide="Choisir"
          valeur={saisie.genre}
          erreur={messageDe(erreurs, 'genre')}
          options={options(genresDocument)}
        />
        <Selection
          nom="theme"
          libelle="Thème"
          vide="Choisir"
          valeur={saisie.theme}
          erreur={messageDe(erreurs, 'theme')}
          options={options(themesDocument)}
        />
      </div>
      <Cases
        nom="stades"
        legende="Étapes (aucune cochée : toutes)"
        facultatif
        options={OPTIONS_STADES}
        choisies={saisie.stades}
      />
      <CaseACocher
        nom="ouvert"
        libelle="Tous les comptes d’Amont le lisent"
        aide="Sinon, seuls les types d’organismes cochés ci-dessous."
        cochee={saisie.ouvert}
      />
      <Cases
        nom="types"
        legende="Types d’organismes qui le lisent"
        facultatif
        options={TYPES_ORGANISME.map((type) => ({ valeur: type, libelle: LIBELLES_TYPES_ORGANISME[type] }))}
        choisies={saisie.types}
        erreurs={erreurs}
      />
    </>
  )
}

function ChampsContenu({ saisie, erreurs }: { saisie: Saisie; erreurs: readonly Erreur[] }): ReactElement {
  return (
    <>
      <Champ
        nom="texte"
        libelle="Texte à lire ici"
        facultatif
        lignes={8}
        longueurMax={LONGUEURS_DOCUMENT.texte}
        aide="Pour des éléments de langage, par exemple. Un fichier, un texte, ou les deux. Aucun ménage n’y est nommé."
        valeur={saisie.texte}
        erreur={messageDe(erreurs, 'texte')}
      />
      <ChampFichier
        nom="fichier"
        libelle="Fichier"
        facultatif
        formats=".pdf,.png,.jpg,.jpeg,.odt,.ods,.docx,.xlsx"
        aide="PDF, image ou document, 10 Mo au plus, sans macro ni mot de passe. Après une erreur, le choisir à nouveau."
        erreur={messageDe(erreurs, 'fichier')}
      />
    </>
  )
}

/** The file of the form, or why there cannot be one. */
const lireFichier = ({ fichiers }: Requete): { fichier: Requete['fichiers'][number] | null; erreurs: Erreur[] } => ({
  fichier: fichiers[0] ?? null,
  erreurs: fichiers.length > 1 ? [{ nom: 'fichier', message: 'Déposer un fichier à la fois.' }] : [],
})

function pagePublier(requete: Requete, saisie: Saisie, erreurs: readonly Erreur[] = []): Reponse {
  return page(
    <CadrePartager
      requete={requete}
      partie="documents"
      titre="Publier un document"
      fil={[{ libelle: 'Publier' }]}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} titre="Le document n’a pas été publié" />
      <Carte titre="Le document">
        <Formulaire
          action={`${RACINE}/publier`}
          jeton={requete.connecte.jetonFormulaire}
          fichiers
          champs={{ envoi: saisie.envoi }}
        >
          <AucunMenage>Dans le fichier non plus : un document qui nomme un ménage se retire aussitôt.</AucunMenage>
          <ChampsClassement saisie={saisie} erreurs={erreurs} />
          <ChampsContenu saisie={saisie} erreurs={erreurs} />
          <Actions>
            <Bouton genre="principal">Publier ce document</Bouton>
            <Bouton genre="tertiaire" href={RACINE}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadrePartager>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const VIDE: Omit<Saisie, 'envoi'> = {
  genre: '',
  theme: '',
  stades: [],
  titre: '',
  resume: '',
  ouvert: false,
  types: [],
  texte: '',
  quoi: '',
}

/** GET /documents/publier. */
export const proposerDocument = async (requete: Requete): Promise<Reponse> =>
  pagePublier(requete, { ...VIDE, envoi: marqueEnvoi() })

/** POST /documents/publier. */
export async function publierUnDocument(requete: Requete): Promise<Reponse> {
  const saisie = lireSaisie(requete)
  const { fichier, erreurs } = lireFichier(requete)
  if (erreurs.length > 0) return pagePublier(requete, saisie, erreurs)
  let id = ''
  const refusee = await tenter(requete.session, 'document.publier', champDe, async () => {
    id = await publierDocument(requete.session, saisie, { ...saisie, fichier })
  })
  if (refusee) return pagePublier(requete, saisie, [refusee])
  return redirection(adresseDe({ id }), { texte: 'Document publié.', ton: 'tenu' })
}

type Acte = 'remplacer' | 'classer' | 'retirer'

const ACTES: Readonly<Record<Acte, { titre: string; bouton: string; erreur: string }>> = {
  remplacer: {
    titre: 'Remplacer par une nouvelle version',
    bouton: 'Publier cette version',
    erreur: 'La version n’a pas été publiée',
  },
  classer: { titre: 'Reclasser', bouton: 'Enregistrer le classement', erreur: 'Le classement n’a pas changé' },
  retirer: { titre: 'Retirer', bouton: 'Retirer ce document', erreur: 'Le document n’a pas été retiré' },
}

async function pageActe(
  requete: Requete,
  acte: Acte,
  typee: Saisie | null,
  motif: string,
  erreurs: readonly Erreur[] = [],
  statut?: number,
): Promise<Reponse> {
  const document = await lireDocument(requete.session, requete.parametres.document ?? '')
  const [enVigueur] = document.versions
  const saisie: Saisie = typee ?? {
    ...document,
    texte: acte === 'remplacer' ? (enVigueur?.texte ?? '') : '',
    quoi: '',
    envoi: marqueEnvoi(),
  }
  const { titre, bouton, erreur } = ACTES[acte]
  return page(
    <CadrePartager
      requete={requete}
      partie="documents"
      titre={`${titre} : ${document.titre}`}
      fil={[{ libelle: document.titre, href: adresseDe(document) }, { libelle: titre }]}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} titre={erreur} />
      <Carte titre={titre}>
        <Formulaire
          action={adresseDe(document, `/${acte}`)}
          jeton={requete.connecte.jetonFormulaire}
          fichiers={acte === 'remplacer'}
          champs={{ version: String(document.version), envoi: saisie.envoi }}
        >
          {acte !== 'retirer' && <AucunMenage />}
          {acte === 'classer' && <ChampsClassement saisie={saisie} erreurs={erreurs} />}
          {acte === 'remplacer' && (
            <>
              <Message>
                <p>
                  La version {document.numero} reste lisible, avec la mention « Remplacée par la version{' '}
                  {document.numero + 1} ».
                </p>
              </Message>
              <Champ
                nom="quoi"
                libelle="Ce qui change"
                longueurMax={LONGUEURS_DOCUMENT.quoi}
                valeur={saisie.quoi}
                erreur={messageDe(erreurs, 'quoi')}
              />
              <ChampsContenu saisie={saisie} erreurs={erreurs} />
            </>
          )}
          {acte === 'retirer' && (
            <>
              <Message>
                <p>
                  Plus aucun partenaire ne le trouvera. Ses versions restent pour ceux qui publient, qui peuvent le
                  remettre.
                </p>
              </Message>
              <Champ
                nom="motif"
                libelle="Pourquoi ce document est retiré"
                longueurMax={LONGUEURS_DOCUMENT.motif}
                valeur={motif}
                erreur={messageDe(erreurs, 'motif')}
              />
            </>
          )}
          <Actions>
            <Bouton genre={acte === 'retirer' ? 'destructeur' : 'principal'}>{bouton}</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(document)}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadrePartager>,
    statut ?? (erreurs.length > 0 ? 422 : undefined),
  )
}

/** GET /documents/:document/remplacer, /classer, /retirer. */
export const proposerActe =
  (acte: Acte) =>
  (requete: Requete): Promise<Reponse> =>
    pageActe(requete, acte, null, '')

const FAIT: Readonly<Record<Acte, string>> = {
  remplacer: 'Nouvelle version publiée.',
  classer: 'Classement enregistré.',
  retirer: 'Document retiré.',
}

/** POST of the same. Two people at once: nothing is written, the form comes back with what was typed over what is recorded now. */
export const agirSurDocument =
  (acte: Acte) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const id = requete.parametres.document ?? ''
    const saisie = lireSaisie(requete)
    const motif = champ(requete, 'motif')
    const version = Number(champ(requete, 'version')) || 0
    const { fichier, erreurs } = lireFichier(requete)
    if (erreurs.length > 0) return pageActe(requete, acte, saisie, motif, erreurs)
    const action = (
      { remplacer: 'document.publier', classer: 'document.modifier', retirer: 'document.retirer' } as const
    )[acte]
    const issue = await ouConflit(requete, action, () =>
      tenter(session, action, champDe, () => {
        if (acte === 'remplacer') return remplacerDocument(session, id, version, { ...saisie, fichier })
        return acte === 'classer'
          ? reclasserDocument(session, id, version, saisie)
          : retirerDocument(session, id, version, motif)
      }),
    )
    if (issue instanceof Conflit)
      return pageActe(requete, acte, saisie, motif, [{ nom: '', message: issue.message }], 409)
    if (issue) return pageActe(requete, acte, saisie, motif, [issue])
    return redirection(adresseDe({ id }), { texte: FAIT[acte], ton: 'tenu' })
  }

/** POST /documents/:document/remettre. */
export async function remettreDocument(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.document ?? ''
  await retirerDocument(requete.session, id, Number(champ(requete, 'version')) || 0, null)
  return redirection(adresseDe({ id }), { texte: 'Document remis : ses lecteurs le retrouvent.', ton: 'tenu' })
}
