import type { Dossier } from '#dossiers'
import {
  type CercleEchange,
  cerclesEchange,
  type DestinationPiece,
  deposerPiece,
  type GenrePiece,
  genresPiece,
  lireDemande,
  lireFil,
  listerLecteursPossibles,
  listerPieces,
  retirerPiece,
  telechargerPiece,
} from '#echanges'
import { Introuvable } from '#socle/errors'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  ChampDate,
  ChampFichier,
  EtatVide,
  Formulaire,
  Message,
  Onglets,
  PuceCercle,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, ariane, Cases, decrireContacts, lireContacts, marqueEnvoi, ouvrirDossier } from './commun.tsx'
import { PageMotif } from './fil.tsx'

interface SaisiePiece {
  readonly cercle: CercleEchange
  readonly genre: string
  readonly date: string
  readonly visible_jusqu_au: string
  readonly destinataires: readonly string[]
  readonly fil: string
  readonly demande: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

/** Where the document goes when it is attached, in words; null when its readers are chosen here. */
async function attache(
  requete: Requete,
  dossier: Dossier,
  saisie: SaisiePiece,
): Promise<{ phrase: string; retour: string; cercle: CercleEchange } | null> {
  const { session, acteur } = requete
  if (saisie.fil !== '') {
    const fil = await lireFil(session, dossier.id, saisie.fil)
    return {
      phrase: `Cette pièce rejoint le fil « ${fil.sujet} ». Elle sera lue par ${[fil.organisme_nom, ...fil.lecteurs].join(', ')}, et par qui y serait ajouté plus tard.`,
      retour: adresseDe(dossier, `/fils/${fil.id}`),
      cercle: fil.cercle,
    }
  }
  if (saisie.demande !== '') {
    const { demande } = await lireDemande(session, dossier.id, saisie.demande)
    const autre = demande.organisme === acteur.organisme ? demande.destinataire_nom : demande.organisme_nom
    return {
      phrase: `Cette pièce rejoint la demande « ${demande.texte.slice(0, 80)} ». Elle sera lue par votre organisme et par ${autre}, personne d’autre.`,
      retour: adresseDe(dossier, `/demandes/${demande.id}`),
      cercle: 3,
    }
  }
  return null
}

async function montrerFormulaire(requete: Requete, dossier: Dossier, saisie: SaisiePiece): Promise<Reponse> {
  const lien = await attache(requete, dossier, saisie)
  const possibles = lien ? [] : await listerLecteursPossibles(requete.session, dossier, saisie.cercle)
  const contacts = await lireContacts(requete, dossier)
  const { erreurs } = saisie
  const adresse = adresseDe(dossier, '/piece')
  const cercle = lien?.cercle ?? saisie.cercle
  return page(
    <Cadre
      requete={requete}
      titre={`Déposer une pièce au dossier de ${nommerDossier(dossier)}`}
      courante="echanges"
      erreur={erreurs.length > 0}
      fil={ariane(dossier, 'Déposer une pièce')}
    >
      <ResumeErreurs erreurs={erreurs} titre="La pièce n’a pas été déposée" />
      {lien === null && (
        <Onglets
          libelle="Cercle"
          onglets={([3, 2] as const).map((un) => ({
            href: `${adresse}?cercle=${un}`,
            libelle: `${un}. ${cerclesEchange[un]}`,
            courant: un === saisie.cercle,
          }))}
        />
      )}
      <Carte titre="La pièce">
        {lien === null && possibles.length === 0 ? (
          <EtatVide titre="Personne pour la lire dans ce cercle" niveau={3}>
            Aucun autre organisme n’est engagé sur ce dossier. Choisir l’autre cercle.
          </EtatVide>
        ) : (
          <Formulaire
            action={adresse}
            jeton={requete.connecte.jetonFormulaire}
            fichiers
            champs={{
              cercle: String(cercle),
              envoi: saisie.envoi,
              fil: saisie.fil,
              demande: saisie.demande,
            }}
          >
            <p>
              <PuceCercle rang={cercle} libelle={cerclesEchange[cercle]} />
            </p>
            <div className="champs">
              <Selection
                nom="genre"
                libelle="Ce que c’est"
                vide="Choisir"
                valeur={saisie.genre}
                erreur={messageDe(erreurs, 'genre')}
                options={Object.entries(genresPiece).map(([valeur, libelle]) => ({ valeur, libelle }))}
              />
              <ChampDate
                nom="date"
                libelle="Date de la pièce"
                facultatif
                valeur={saisie.date || undefined}
                max={requete.session.jour}
                erreur={messageDe(erreurs, 'date')}
              />
            </div>
            <ChampDate
              nom="visible_jusqu_au"
              libelle="Visible par les autres jusqu’au"
              facultatif
              aide="Vide : tant qu’ils voient le dossier. Le lendemain de ce jour, votre organisme seul la trouve encore."
              valeur={saisie.visible_jusqu_au || undefined}
              min={requete.session.jour}
              erreur={messageDe(erreurs, 'visible_jusqu_au')}
            />
            <ChampFichier
              nom="fichier"
              libelle="Fichier"
              formats=".pdf,.png,.jpg,.jpeg,.odt,.ods,.docx,.xlsx"
              aide="PDF, image ou document, 10 Mo au plus, sans macro ni mot de passe. Le lieu et l’appareil inscrits dans une photo sont effacés ; ce qu’un PDF ou un document dit de son auteur reste."
              erreur={messageDe(erreurs, 'fichier')}
            />
            {lien === null && (
              <Cases
                nom="destinataires"
                legende="Qui lira cette pièce, avec votre organisme"
                choisies={saisie.destinataires}
                erreurs={erreurs}
                options={possibles.map(({ id, nom }) => ({
                  valeur: id,
                  libelle: nom,
                  aide: decrireContacts(contacts.get(id)),
                }))}
              />
            )}
            <Message ton="reserve">
              <p>
                <b>Qui lira ceci ?</b>{' '}
                {lien?.phrase ??
                  'Votre organisme et ceux cochés ci-dessus, personne d’autre : les autres ne sauront pas que cette pièce existe. Chaque téléchargement laisse une trace.'}
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal" icone="deposer">
                Déposer cette pièce
              </Bouton>
              <Bouton genre="tertiaire" href={lien?.retour ?? adresseDe(dossier)}>
                Revenir
              </Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const lireCercle = (texte: string | undefined): CercleEchange => (texte === '2' ? 2 : 3)

/** GET /dossiers/:reference/echanges/piece; `fil` or `demande` says what it is attached to. */
export async function proposerPiece(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  return montrerFormulaire(requete, dossier, {
    cercle: lireCercle(requete.recherche.cercle),
    genre: '',
    date: '',
    visible_jusqu_au: '',
    destinataires: [],
    fil: requete.recherche.fil ?? '',
    demande: requete.recherche.demande ?? '',
    envoi: marqueEnvoi(),
    erreurs: [],
  })
}

const CHAMPS_PIECE: Readonly<Record<string, string>> = {
  'piece.genre': 'genre',
  'piece.date': 'date',
  'piece.duree': 'visible_jusqu_au',
  'echange.lecteurs': 'destinataires',
  'echange.lecteur-impossible': 'destinataires',
}

const estGenre = (texte: string): texte is GenrePiece => Object.hasOwn(genresPiece, texte)

function destination(saisie: SaisiePiece): DestinationPiece {
  if (saisie.fil !== '') return { fil: saisie.fil }
  if (saisie.demande !== '') return { demande: saisie.demande }
  return { cercle: saisie.cercle, destinataires: saisie.destinataires }
}

/** POST /dossiers/:reference/echanges/piece (ESP-07). */
export async function deposerUnePiece(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const saisie: SaisiePiece = {
    cercle: lireCercle(champ(requete, 'cercle')),
    genre: champ(requete, 'genre'),
    date: champ(requete, 'date'),
    visible_jusqu_au: champ(requete, 'visible_jusqu_au'),
    destinataires: requete.champs.destinataires ?? [],
    fil: champ(requete, 'fil'),
    demande: champ(requete, 'demande'),
    envoi: champ(requete, 'envoi'),
    erreurs: [],
  }
  const datePiece = saisie.date === '' ? null : lireJourSaisi(saisie.date)
  const visibleJusquAu = saisie.visible_jusqu_au === '' ? null : lireJourSaisi(saisie.visible_jusqu_au)
  const [fichier, autre] = requete.fichiers
  const { genre } = saisie
  const erreurs: Erreur[] = []
  if (!estGenre(genre)) erreurs.push({ nom: 'genre', message: 'Choisir ce qu’est cette pièce.' })
  if (saisie.date !== '' && datePiece === null)
    erreurs.push({ nom: 'date', message: 'Donner la date de la pièce, par exemple 20/11/2026.' })
  if (saisie.visible_jusqu_au !== '' && visibleJusquAu === null)
    erreurs.push({ nom: 'visible_jusqu_au', message: 'Donner un jour, par exemple 31/03/2027, ou laisser vide.' })
  if (!fichier) erreurs.push({ nom: 'fichier', message: 'Choisir le fichier à déposer.' })
  if (autre) erreurs.push({ nom: 'fichier', message: 'Déposer une pièce à la fois.' })
  if (erreurs.length === 0 && fichier && estGenre(genre)) {
    const refusee = await tenter(
      session,
      'piece.deposer',
      (code) => CHAMPS_PIECE[code] ?? 'fichier',
      () =>
        deposerPiece(session, {
          dossier: dossier.id,
          genre,
          datePiece,
          fichier,
          vers: destination(saisie),
          envoi: saisie.envoi,
          visibleJusquAu,
        }),
    )
    if (!refusee) {
      const lien = await attache(requete, dossier, saisie)
      return redirection(lien?.retour ?? adresseDe(dossier, '#pieces'), { texte: 'Pièce déposée.' })
    }
    erreurs.push(refusee)
  }
  return montrerFormulaire(requete, dossier, { ...saisie, erreurs })
}

/** GET /dossiers/:reference/echanges/pieces/:piece: always as an attachment, never shown in a page. */
export async function servirPiece(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const { nom, type, octets } = await telechargerPiece(requete.session, dossier.id, requete.parametres.piece ?? '')
  return { genre: 'fichier', nom, type, octets }
}

async function pageRetrait(requete: Requete, dossier: Dossier, motif: string, erreurs: readonly Erreur[]) {
  const piece = (await listerPieces(requete.session, dossier.id)).find(({ id }) => id === requete.parametres.piece)
  if (!piece || piece.organisme !== requete.acteur.organisme) throw new Introuvable()
  const retour = adresseDe(dossier, '#pieces')
  if (piece.retiree_a) return redirection(retour, { texte: 'Cette pièce est déjà retirée.', ton: 'info' })
  return page(
    <PageMotif
      requete={requete}
      dossier={dossier}
      titre="Retirer une pièce"
      action={adresseDe(dossier, `/pieces/${piece.id}/retirer`)}
      libelle="Pourquoi cette pièce est retirée"
      valeur={motif}
      erreurs={erreurs}
      bouton="Retirer cette pièce"
      retour={retour}
    >
      <p>
        {genresPiece[piece.genre]} : {piece.nom}
      </p>
      <Message>
        <p>
          Personne ne pourra plus la télécharger. Une ligne « Pièce retirée » reste avec ce motif. Le fichier lui-même
          est détruit tout de suite : ce geste ne se défait pas.
        </p>
      </Message>
    </PageMotif>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/echanges/pieces/:piece/retirer. */
export async function proposerRetraitPiece(requete: Requete): Promise<Reponse> {
  return pageRetrait(requete, await ouvrirDossier(requete), '', [])
}

/** POST of the same. */
export async function retirerUnePiece(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const dossier = await ouvrirDossier(requete)
  const motif = champ(requete, 'motif')
  const refusee = await tenter(
    session,
    'piece.retirer',
    () => 'motif',
    () => retirerPiece(session, { dossier: dossier.id, piece: parametres.piece ?? '', motif }),
  )
  if (refusee) return pageRetrait(requete, dossier, motif, [refusee])
  return redirection(adresseDe(dossier, '#pieces'), { texte: 'Pièce retirée : elle n’est plus servie.' })
}
