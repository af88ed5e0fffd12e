import type { ReactElement } from 'react'
import {
  type Acte,
  annulerActe,
  contenuSignale,
  corrigerActe,
  type Dossier,
  detacherPiece,
  genreSignale,
  genresOuverts,
  type HistoriqueActe,
  joindrePiece,
  listerActesSaisis,
  listerPiecesDesActes,
  MOTIFS_CORRECTION,
  type MotifCorrection,
  prevoirActe,
  retablirActe,
} from '#dossiers'
import { genresPiece, listerPieces, type Piece } from '#echanges'
import { type Avertissement, type CodeGenre, type ContenuActe, champsDe, decrireGenre, estGenreActe } from '#procedure'
import { Conflit, Introuvable } from '#socle/errors'
import { formatDate, formatInstant } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseProcedure,
  ChampsDuGenre,
  enChampsCaches,
  enTextes,
  lireFormulaire,
  marqueEnvoi,
  type SaisieFormulaire,
} from './formulaire.tsx'
import { ecrireValeur, nommerActe, resumer } from './mots.ts'
import { Avertissements } from './saisir.tsx'

/** An act as this face corrects it: a chain entered by hand, or what a signalement reports. */
interface ActeLu {
  readonly id: string
  readonly genre: CodeGenre
  readonly le: Temporal.PlainDate
  readonly contenu: ContenuActe
  /** Fields hidden to the reader. */
  readonly caches: readonly string[]
  /** Newest version; null while only a signalement says it. */
  readonly version: string | null
  readonly retire: boolean
  readonly histoire: HistoriqueActe | null
  readonly signale: Acte | null
}

async function trouverActe(requete: Requete, dossier: Dossier): Promise<ActeLu> {
  const id = requete.parametres.acte ?? ''
  const chaines = await listerActesSaisis(requete.session, dossier.id)
  // Somebody may have entered or corrected meanwhile what a signalement reports.
  const chaine = dossier.actes.find(({ signalement }) => signalement === id)?.saisie ?? id
  const histoire =
    chaines.find(({ racine }) => racine === chaine) ?? chaines.find(({ signalement }) => signalement === id)
  if (histoire)
    return {
      id: histoire.racine,
      genre: histoire.genre,
      le: histoire.le,
      contenu: histoire.contenu,
      caches: histoire.caches,
      version: histoire.versions[0].id,
      retire: histoire.retire,
      histoire,
      signale: null,
    }
  const signale = dossier.actes.find(({ signalement, saisie }) => signalement === id && saisie === undefined)
  if (!signale || dossier.masques.includes('procedure')) throw new Introuvable()
  const genre = genreSignale(signale)
  const ouvert = await genresOuverts(requete.session, dossier.id)
  return {
    id,
    genre,
    le: Temporal.PlainDate.from(signale.le),
    contenu: contenuSignale(genre, signale),
    caches: Object.keys(champsDe(genre)).filter((nom) => !ouvert(genre, nom)),
    version: null,
    retire: false,
    histoire: null,
    signale,
  }
}

const options = Object.entries(MOTIFS_CORRECTION).map(([valeur, libelle]) => ({ valeur, libelle }))
const estMotif = (code: string): code is MotifCorrection => Object.hasOwn(MOTIFS_CORRECTION, code)

interface SaisieCorrection extends SaisieFormulaire {
  readonly motif: string
  readonly precision: string
}

function Pourquoi({
  libelle,
  saisie,
}: {
  libelle: string
  saisie: { readonly motif: string; readonly precision: string; readonly erreurs: readonly Erreur[] }
}): ReactElement {
  return (
    <div className="champs">
      <Selection
        nom="motif"
        libelle={libelle}
        vide="Choisir"
        valeur={saisie.motif}
        erreur={messageDe(saisie.erreurs, 'motif')}
        options={options}
      />
      <Champ
        nom="precision"
        libelle="Précision"
        facultatif
        longueurMax={200}
        aide="Sur l’acte seulement : ni santé, ni nom."
        valeur={saisie.precision}
      />
    </div>
  )
}

function PageCorriger({
  requete,
  dossier,
  acte,
  saisie,
  version,
  envoi,
  avertissements,
  pieces,
}: {
  requete: Requete
  dossier: Dossier
  acte: ActeLu
  saisie: SaisieCorrection
  /** The version its reader saw first, whatever happened since. */
  version: string
  envoi: string
  avertissements: readonly Avertissement[]
  pieces: ReactElement
}): ReactElement {
  const adresse = adresseProcedure(dossier, `/actes/${acte.id}`)
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="procedure"
      titre={nommerActe(acte)}
      acte="Acte"
      chapo={
        acte.signale
          ? `Reçu dans un fichier de ${acte.signale.organisme}. La ligne reçue reste telle quelle : ce qui est corrigé ici l’emporte.`
          : undefined
      }
    >
      <Pile>
        <ResumeErreurs erreurs={saisie.erreurs} />
        <Avertissements liste={avertissements} />
        <Carte titre="Corriger" aside={<a href={`${adresse}/retirer`}>Retirer cet acte</a>}>
          <Formulaire
            action={adresse}
            jeton={requete.connecte.jetonFormulaire}
            champs={{
              envoi,
              version,
              ...(avertissements.length > 0 ? { confirme: 'oui' } : {}),
            }}
          >
            <ChampsDuGenre genre={acte.genre} caches={acte.caches} saisie={saisie} jour={requete.session.jour} />
            <Pourquoi libelle="Pourquoi cette correction" saisie={saisie} />
            <Actions>
              <Bouton genre="principal">
                {avertissements.length > 0 ? 'Corriger malgré tout' : 'Enregistrer la correction'}
              </Bouton>
              <Bouton genre="tertiaire" href={adresseProcedure(dossier, '#actes')}>
                Revenir à la procédure
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        {pieces}
        {acte.histoire && <Versions histoire={acte.histoire} />}
      </Pile>
    </CadreDossier>
  )
}

const NATURES = { consigne: 'Saisi', corrige: 'Corrigé', annule: 'Retiré', retabli: 'Rétabli' } as const

/** Every version of an act, newest first: who wrote it, when, why. */
function Versions({ histoire }: { histoire: HistoriqueActe }): ReactElement {
  return (
    <Carte titre="Historique de cet acte" aside="Rien ne s’efface : chaque version reste.">
      <ListeSobre
        lignes={histoire.versions.map((version) => ({
          cle: version.id,
          titre: `${NATURES[version.nature]} le ${formatInstant(version.a)}, ${version.auteur ?? 'Amont'}`,
          note: (
            <>
              {version.organismeNom !== null && `${version.organismeNom}. `}
              {estGenreActe(version.genre) &&
                [nommerActe({ genre: version.genre, le: version.le }), resumer(version.genre, version.contenu)]
                  .filter((un) => un !== '')
                  .join('. ')}
              {version.motif !== null &&
                `. Motif : ${estMotif(version.motif) ? MOTIFS_CORRECTION[version.motif].toLowerCase() : version.motif}`}
              {version.precision !== null && ` (${version.precision})`}
            </>
          ),
        }))}
      />
    </Carte>
  )
}

function CartePieces({
  requete,
  dossier,
  acte,
  jointes,
  autres,
}: {
  requete: Requete
  dossier: Dossier
  acte: ActeLu
  jointes: readonly Piece[]
  autres: readonly Piece[]
}): ReactElement {
  const adresse = adresseProcedure(dossier, `/actes/${acte.id}`)
  const jeton = requete.connecte.jetonFormulaire
  return (
    <Carte
      titre="Pièces de cet acte"
      id="pieces"
      aside={<a href={`${adresseDossier(dossier)}/echanges/piece`}>Déposer une pièce au dossier</a>}
    >
      {jointes.length === 0 ? (
        <p>Aucune pièce que vous puissiez lire n’est jointe à cet acte.</p>
      ) : (
        <ListeSobre
          lignes={jointes.map((piece) => ({
            cle: piece.id,
            titre: genresPiece[piece.genre],
            note: `${piece.nom}, déposée par ${piece.organisme_nom}`,
            droite: (
              <span className="ets">
                <Bouton
                  petit
                  icone="import"
                  fichier
                  href={`${adresseDossier(dossier)}/echanges/pieces/${piece.id}`}
                  libelleLu={`Télécharger ${piece.nom}`}
                >
                  Télécharger
                </Bouton>
                <BoutonPost
                  petit
                  genre="tertiaire"
                  action={`${adresse}/pieces`}
                  jeton={jeton}
                  champs={{ piece: piece.id, geste: 'detacher' }}
                  libelleLu={`Détacher ${piece.nom}`}
                >
                  Détacher
                </BoutonPost>
              </span>
            ),
          }))}
        />
      )}
      {autres.length > 0 && (
        <Formulaire
          action={`${adresse}/pieces`}
          jeton={jeton}
          champs={{ geste: 'joindre' }}
          libelle="Joindre une pièce"
        >
          <Selection
            nom="piece"
            libelle="Joindre une pièce du dossier"
            vide="Choisir"
            options={autres.map((piece) => ({
              valeur: piece.id,
              libelle: `${genresPiece[piece.genre]} : ${piece.nom}`,
            }))}
          />
          <Actions>
            <Bouton>Joindre cette pièce</Bouton>
          </Actions>
        </Formulaire>
      )}
      <p className="note">
        Une pièce se dépose d’abord dans les échanges, avec ses lecteurs ; la joindre ici ne la montre à personne
        d’autre.
      </p>
    </Carte>
  )
}

async function lireCartePieces(requete: Requete, dossier: Dossier, acte: ActeLu): Promise<ReactElement> {
  const toutes = (await listerPieces(requete.session, dossier.id)).filter(({ retiree_a }) => retiree_a === null)
  const jointes = new Set((await listerPiecesDesActes(requete.session, dossier.id)).get(acte.id))
  return (
    <CartePieces
      requete={requete}
      dossier={dossier}
      acte={acte}
      jointes={toutes.filter(({ id }) => jointes.has(id))}
      autres={toutes.filter(({ id }) => !jointes.has(id))}
    />
  )
}

/** GET /dossiers/:reference/procedure/actes/:acte: what is known of it, to correct; its documents; its history. */
export async function montrerActe(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const acte = await trouverActe(requete, dossier)
  if (acte.retire) return redirection(adresseProcedure(dossier, '#retires'))
  return page(
    <PageCorriger
      requete={requete}
      dossier={dossier}
      acte={acte}
      saisie={{
        le: acte.le.toString(),
        champs: enTextes(acte.genre, acte.contenu),
        erreurs: [],
        motif: '',
        precision: '',
      }}
      version={acte.version ?? ''}
      envoi={marqueEnvoi()}
      avertissements={[]}
      pieces={await lireCartePieces(requete, dossier, acte)}
    />,
  )
}

/** POST /dossiers/:reference/procedure/actes/:acte: a correction is a new version. */
export async function corrigerUnActe(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const acte = await trouverActe(requete, dossier)
  const envoi = marqueEnvoi(champ(requete, 'envoi'))
  const { acte: lu, ...formulaire } = lireFormulaire(requete, acte.genre, acte.caches)
  const motif = champ(requete, 'motif')
  const precision = champ(requete, 'precision')
  const version = champ(requete, 'version')
  const erreurs: readonly Erreur[] = [
    ...formulaire.erreurs,
    ...(estMotif(motif) ? [] : [{ nom: 'motif', message: 'Dire pourquoi : le motif reste dans l’historique.' }]),
  ]
  const pieces = await lireCartePieces(requete, dossier, acte)
  const montrer = (avertissements: readonly Avertissement[]): Reponse =>
    page(
      <PageCorriger
        requete={requete}
        dossier={dossier}
        acte={acte}
        saisie={{ ...formulaire, erreurs, motif, precision }}
        version={version}
        envoi={envoi}
        avertissements={avertissements}
        pieces={pieces}
      />,
      422,
    )
  if (lu === null || erreurs.length > 0 || !estMotif(motif)) return montrer([])
  if (champ(requete, 'confirme') !== 'oui') {
    const { avertissements } = await prevoirActe(session, { dossier: dossier.id, genre: acte.genre, ...lu }, acte.id)
    if (avertissements.length > 0) return montrer(avertissements)
  }
  const fait = await ouConflit(requete, 'acte.corriger', () =>
    corrigerActe(session, {
      dossier: dossier.id,
      acte: acte.id,
      genre: acte.genre,
      ...lu,
      // A signalement's act that somebody corrected meanwhile has a version the form did not see.
      version: version === '' ? (acte.version === null ? undefined : 'aucune') : version,
      motif,
      precision,
      envoi,
    }),
  )
  if (fait instanceof Conflit)
    return montrerConflit(requete, dossier, acte, { ...formulaire, motif, precision }, lu, fait)
  return redirection(adresseProcedure(dossier, '#actes'), {
    texte: `${decrireGenre(acte.genre).libelle} : corrigé. L’étape et les dates sont recalculées.`,
    ...(acte.version === null
      ? {}
      : {
          defaire: {
            action: adresseProcedure(dossier, `/actes/${acte.id}/revenir`),
            libelle: 'Défaire',
            champs: { vers: acte.version, envoi: marqueEnvoi() },
          },
        }),
  })
}

/** Two people corrected the same act: both versions, and the person chooses. */
function montrerConflit(
  requete: Requete,
  dossier: Dossier,
  acte: ActeLu,
  saisie: Omit<SaisieCorrection, 'erreurs'>,
  lu: { readonly le: Temporal.PlainDate; readonly contenu: ContenuActe },
  conflit: Conflit,
): Promise<Reponse> {
  const derniere = acte.histoire?.versions[0]
  const champs = decrireGenre(acte.genre).champs ?? {}
  const ecrire = (contenu: ContenuActe, nom: string): string | null => {
    const valeur = contenu[nom]
    return valeur === undefined ? null : ecrireValeur(champs[nom], valeur)
  }
  return pageConflit(requete, {
    message: conflit.message,
    quoi: `${nommerActe(acte)}, ${nommerDossier(dossier)}`,
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: nommerDossier(dossier), href: adresseDossier(dossier) },
      { libelle: 'Procédure', href: adresseProcedure(dossier) },
    ],
    versions: [
      {
        cle: 'le',
        libelle: decrireGenre(acte.genre).le ?? 'Date de l’acte',
        saisie: formatDate(lu.le),
        enregistree: acte.retire ? 'Acte retiré' : formatDate(acte.le),
        qui: derniere && `${derniere.auteur ?? 'Amont'}, le ${formatInstant(derniere.a)}`,
      },
      ...Object.entries(champs)
        .filter(([nom]) => lu.contenu[nom] !== undefined || acte.contenu[nom] !== undefined)
        .map(([nom, { libelle }]) => ({
          cle: nom,
          libelle,
          saisie: ecrire(lu.contenu, nom),
          enregistree: acte.retire ? null : ecrire(acte.contenu, nom),
        })),
    ],
    conseil: 'Remplacer ajoute une version après celle qui est enregistrée : les deux restent dans l’historique.',
    garder: { libelle: 'Garder ce qui est enregistré', href: adresseProcedure(dossier, '#actes') },
    remplacer: acte.retire
      ? null
      : {
          libelle: 'Remplacer par ma saisie',
          action: adresseProcedure(dossier, `/actes/${acte.id}`),
          champs: {
            ...enChampsCaches({ ...saisie, erreurs: [] }),
            motif: saisie.motif,
            precision: saisie.precision,
            version: acte.version ?? '',
            confirme: 'oui',
            envoi: marqueEnvoi(),
          },
        },
  })
}

function PageRetirer({
  requete,
  dossier,
  acte,
  saisie,
  version,
  envoi,
}: {
  requete: Requete
  dossier: Dossier
  acte: ActeLu
  version: string
  saisie: { readonly motif: string; readonly precision: string; readonly erreurs: readonly Erreur[] }
  envoi: string
}): ReactElement {
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="procedure"
      titre={`Retirer : ${nommerActe(acte)}`}
      acte="Retirer un acte"
    >
      <Pile>
        <ResumeErreurs erreurs={saisie.erreurs} titre="L’acte n’a pas été retiré" />
        <Carte titre="Pourquoi">
          <Formulaire
            action={adresseProcedure(dossier, `/actes/${acte.id}/retirer`)}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi, version }}
          >
            <p>{resumer(acte.genre, acte.contenu)}</p>
            <Pourquoi libelle="Pourquoi cet acte est retiré" saisie={saisie} />
            <Message>
              <p>
                Il restera dans l’historique avec votre nom et ce motif, et ne comptera plus : l’étape, les suspensions
                et les dates seront recalculées. Il peut être rétabli.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal">Retirer cet acte</Bouton>
              <Bouton genre="tertiaire" href={adresseProcedure(dossier, '#actes')}>
                Revenir à la procédure
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </CadreDossier>
  )
}

/** GET /dossiers/:reference/procedure/actes/:acte/retirer. */
export async function proposerRetrait(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const acte = await trouverActe(requete, dossier)
  if (acte.retire) return redirection(adresseProcedure(dossier, '#retires'))
  const saisie = { motif: '', precision: '', erreurs: [] }
  return page(
    <PageRetirer
      requete={requete}
      dossier={dossier}
      acte={acte}
      saisie={saisie}
      version={acte.version ?? ''}
      envoi={marqueEnvoi()}
    />,
  )
}

/** POST /dossiers/:reference/procedure/actes/:acte/retirer. */
export async function retirerUnActe(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const acte = await trouverActe(requete, dossier)
  const envoi = marqueEnvoi(champ(requete, 'envoi'))
  const motif = champ(requete, 'motif')
  const precision = champ(requete, 'precision')
  const version = champ(requete, 'version')
  if (!estMotif(motif)) {
    const saisie = {
      motif,
      precision,
      erreurs: [{ nom: 'motif', message: 'Dire pourquoi : le motif reste dans l’historique.' }],
    }
    return page(
      <PageRetirer requete={requete} dossier={dossier} acte={acte} saisie={saisie} version={version} envoi={envoi} />,
      422,
    )
  }
  const fait = await ouConflit(requete, 'acte.annuler', () =>
    annulerActe(requete.session, {
      dossier: dossier.id,
      // As its reader named it: a signalement that somebody corrected meanwhile is a conflict.
      acte: requete.parametres.acte ?? '',
      ...(version === '' ? {} : { version }),
      motif,
      precision,
      envoi,
    }),
  )
  if (fait instanceof Conflit)
    return redirection(adresseProcedure(dossier, '#actes'), { texte: fait.message, ton: 'bientot' })
  return redirection(adresseProcedure(dossier, '#actes'), {
    texte: `${decrireGenre(acte.genre).libelle} : retiré. Il reste dans l’historique et ne compte plus.`,
    defaire: {
      action: adresseProcedure(dossier, `/actes/${fait.acte}/retablir`),
      libelle: 'Rétablir',
      champs: { envoi: marqueEnvoi() },
    },
  })
}

/** POST /dossiers/:reference/procedure/actes/:acte/retablir. */
export async function retablirUnActe(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const acte = await trouverActe(requete, dossier)
  await retablirActe(requete.session, {
    dossier: dossier.id,
    acte: acte.id,
    envoi: marqueEnvoi(champ(requete, 'envoi')),
  })
  return redirection(adresseProcedure(dossier, '#actes'), {
    texte: `${decrireGenre(acte.genre).libelle} : rétabli. Il compte de nouveau.`,
  })
}

/** POST /dossiers/:reference/procedure/actes/:acte/revenir: back to an earlier version, as one more version. */
export async function revenirSurUnActe(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const acte = await trouverActe(requete, dossier)
  const voulue = acte.histoire?.versions.find(({ id }) => id === champ(requete, 'vers'))
  if (!voulue || !estGenreActe(voulue.genre)) throw new Introuvable()
  await corrigerActe(requete.session, {
    dossier: dossier.id,
    acte: acte.id,
    genre: voulue.genre,
    le: voulue.le,
    contenu: voulue.contenu,
    motif: 'erreur_de_saisie',
    envoi: marqueEnvoi(champ(requete, 'envoi')),
  })
  return redirection(adresseProcedure(dossier, '#actes'), {
    texte: `${decrireGenre(voulue.genre).libelle} : version précédente remise.`,
  })
}

/** POST /dossiers/:reference/procedure/actes/:acte/pieces: ties or unties a document the reader sees. */
export async function tenirPieces(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const acte = await trouverActe(requete, dossier)
  const retour = adresseProcedure(dossier, `/actes/${acte.id}#pieces`)
  const choisie = champ(requete, 'piece')
  if (choisie === '') return redirection(retour, { texte: 'Choisir la pièce à joindre.', ton: 'bientot' })
  const piece = (await listerPieces(session, dossier.id)).find(({ id }) => id === choisie)
  if (!piece) throw new Introuvable()
  const lien = { dossier: dossier.id, acte: acte.id, piece: piece.id }
  if (champ(requete, 'geste') === 'detacher') {
    await detacherPiece(session, lien)
    return redirection(retour, { texte: 'Pièce détachée : elle reste dans le dossier.' })
  }
  await joindrePiece(session, lien)
  return redirection(retour, { texte: 'Pièce jointe à cet acte.' })
}
