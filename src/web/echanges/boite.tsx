import type { ReactElement } from 'react'
import { listerOrganismes } from '#acces'
import {
  type Boite,
  type Demande,
  type FilALire,
  type FileBoite,
  type FiltreBoite,
  filesBoite,
  type GenreDemande,
  genresDemande,
  genresPiece,
  lireBoite,
  type PieceALire,
} from '#echanges'
import { libelleTerritoire } from '#referentiel'
import { type Cell, date, number, text } from '#socle/tableur'
import { parisDay } from '#socle/time'
import { accorder, formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  EtatVide,
  Etiquette,
  Etiquettes,
  Filtres,
  Message,
  Onglets,
  PiedCadre,
  Pile,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { BoutonsExport, direDemande, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { EcheanceDeDemande } from './demande.tsx'

const FILES = Object.keys(filesBoite) as readonly FileBoite[]

const VIDES: Readonly<Record<FileBoite, readonly [string, string]>> = {
  a_repondre: ['Rien à répondre', 'Aucun partenaire n’attend de réponse de votre organisme.'],
  en_attente: ['Rien en attente', 'Votre organisme n’attend aucune réponse. Une demande se fait depuis un dossier.'],
  en_retard: ['Rien en retard', 'Toutes les dates attendues sont encore à venir.'],
  a_lire: ['Tout est lu', 'Aucun message non lu dans les fils de votre organisme.'],
}

interface Vue {
  readonly file: FileBoite
  readonly filtre: FiltreBoite
  readonly requete: URLSearchParams
}

const estFile = (texte: string | undefined): texte is FileBoite => FILES.some((file) => file === texte)
const estGenre = (texte: string | undefined): texte is GenreDemande =>
  texte !== undefined && Object.hasOwn(genresDemande, texte)

/** What the address asks for; unknown values are left out. Without a queue, the one where something waits. */
function lireVue(
  requete: Requete,
  boite: (filtre: FiltreBoite) => Promise<Boite>,
): Promise<{ vue: Vue; boite: Boite }> {
  const { recherche } = requete
  const filtre: FiltreBoite = {
    genre: estGenre(recherche.genre) ? recherche.genre : undefined,
    organisme: recherche.organisme || undefined,
    territoire: recherche.territoire || undefined,
  }
  return boite(filtre).then((lue) => {
    const file = estFile(recherche.file)
      ? recherche.file
      : (FILES.find((une) => contenuDe(lue, une).length > 0) ?? 'a_repondre')
    const params = new URLSearchParams({ file })
    for (const [cle, valeur] of Object.entries(filtre)) if (valeur !== undefined) params.set(cle, valeur)
    return { vue: { file, filtre, requete: params }, boite: lue }
  })
}

const avec = (requete: URLSearchParams, changements: Readonly<Record<string, string | null>>): string => {
  const copie = new URLSearchParams(requete)
  for (const [cle, valeur] of Object.entries(changements))
    if (valeur === null) copie.delete(cle)
    else copie.set(cle, valeur)
  return `/echanges?${copie}`
}

const autreCote = (demande: Demande, organisme: string | null): string =>
  demande.organisme === organisme ? demande.destinataire_nom : demande.organisme_nom

function TableauDemandes({
  requete,
  vue,
  demandes,
  nommer,
}: {
  requete: Requete
  vue: Vue
  demandes: readonly Demande[]
  nommer: (territoire: string | null) => string
}): ReactElement {
  const { organisme } = requete.acteur
  return (
    <Tableau
      legende={filesBoite[vue.file]}
      largeur="moyen"
      lignes={demandes}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'menage',
          titre: 'Ménage',
          principale: true,
          rendre: (demande) => (
            <>
              <a href={`/dossiers/${demande.reference}/echanges/demandes/${demande.id}`}>{demande.titulaire}</a>
              <small> {demande.reference}</small>
            </>
          ),
        },
        {
          cle: 'quoi',
          titre: 'Ce qui est attendu',
          large: true,
          rendre: (demande) => (
            <>
              {genresDemande[demande.genre]}
              <small> {demande.texte.length > 120 ? `${demande.texte.slice(0, 120)}…` : demande.texte}</small>
            </>
          ),
        },
        {
          cle: 'qui',
          titre: 'Avec',
          rendre: (demande) => (
            <>
              {autreCote(demande, organisme)}
              <small> {demande.organisme === organisme ? 'doit répondre' : 'attend votre réponse'}</small>
            </>
          ),
        },
        { cle: 'ou', titre: 'Territoire', rendre: ({ territoire }) => nommer(territoire) },
        {
          cle: 'avant',
          titre: 'Avant le',
          rendre: (demande) => (
            <div className="ets">
              <EcheanceDeDemande demande={demande} jour={requete.session.jour} />
              {demande.relances > 0 && <Etiquette>{pluriel(demande.relances, 'relance', 'relances')}</Etiquette>}
            </div>
          ),
        },
      ]}
    />
  )
}

function TableauFils({ fils, nommer }: { fils: readonly FilALire[]; nommer: (territoire: string | null) => string }) {
  return (
    <Tableau
      legende={filesBoite.a_lire}
      largeur="moyen"
      lignes={fils}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'menage',
          titre: 'Ménage',
          principale: true,
          rendre: (fil) => (
            <>
              <a href={`/dossiers/${fil.reference}/echanges/fils/${fil.id}`}>{fil.titulaire}</a>
              <small> {fil.reference}</small>
            </>
          ),
        },
        { cle: 'sujet', titre: 'Sujet', large: true, rendre: ({ sujet }) => sujet },
        { cle: 'qui', titre: 'Entre', rendre: (fil) => [fil.organisme_nom, ...fil.lecteurs].join(', ') },
        { cle: 'ou', titre: 'Territoire', rendre: ({ territoire }) => nommer(territoire) },
        {
          cle: 'neuf',
          titre: 'Non lus',
          rendre: (fil) => (
            <Etiquettes>
              <Etiquette ton="info" icone="lettre">
                {pluriel(fil.non_lus, 'message', 'messages')}
              </Etiquette>
              {fil.pour_moi > 0 && (
                <Etiquette ton="bientot" icone="personne">
                  à votre attention
                </Etiquette>
              )}
            </Etiquettes>
          ),
        },
        { cle: 'dernier', titre: 'Dernier', rendre: ({ dernier_a }) => formatInstant(dernier_a) },
      ]}
    />
  )
}

function TableauPieces({
  pieces,
  nommer,
}: {
  pieces: readonly PieceALire[]
  nommer: (territoire: string | null) => string
}) {
  return (
    <Tableau
      legende="Pièces déposées pour vous"
      largeur="moyen"
      lignes={pieces}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'menage',
          titre: 'Ménage',
          principale: true,
          rendre: (piece) => (
            <>
              <a href={`/dossiers/${piece.reference}/echanges#pieces`}>{piece.titulaire}</a>
              <small> {piece.reference}</small>
            </>
          ),
        },
        {
          cle: 'piece',
          titre: 'Pièce',
          large: true,
          rendre: (piece) => (
            <>
              {genresPiece[piece.genre]}
              <small> {piece.nom}</small>
            </>
          ),
        },
        { cle: 'qui', titre: 'Déposée par', rendre: (piece) => piece.organisme_nom },
        { cle: 'ou', titre: 'Territoire', rendre: ({ territoire }) => nommer(territoire) },
        { cle: 'le', titre: 'Le', rendre: ({ a }) => formatInstant(a) },
        {
          cle: 'fin',
          titre: 'Visible jusqu’au',
          rendre: ({ visible_jusqu_au }) => (visible_jusqu_au === null ? 'sans limite' : formatDate(visible_jusqu_au)),
        },
      ]}
    />
  )
}

/** What a queue shows: threads and documents are read together. */
const contenuDe = (boite: Boite, file: FileBoite): readonly { dossier: string; territoire: string | null }[] =>
  file === 'a_lire' ? [...boite.a_lire, ...boite.pieces] : boite[file]
const vus = (boite: Boite, file: FileBoite): string[] => contenuDe(boite, file).map(({ dossier }) => dossier)

function titrer(boite: Boite): string {
  const attendu = boite.a_repondre.length
  const retard = boite.a_repondre.filter((demande) => boite.en_retard.includes(demande)).length
  if (attendu === 0) {
    const lectures = [
      ...(boite.a_lire.length > 0 ? [pluriel(boite.a_lire.length, 'fil à lire', 'fils à lire')] : []),
      ...(boite.pieces.length > 0 ? [pluriel(boite.pieces.length, 'pièce à lire', 'pièces à lire')] : []),
    ]
    return lectures.length === 0 ? 'Échanger : rien n’attend votre organisme' : `Échanger : ${lectures.join(', ')}`
  }
  return `Échanger : ${pluriel(attendu, 'demande attend', 'demandes attendent')} votre réponse${retard > 0 ? `, dont ${formatNombre(retard)} en retard` : ''}`
}

/** Answers of agencies belong to what is expected of this organisme; they have a place of their own, without any dossier (ESP-12). */
function SuitesDesAgences({ requete }: { requete: Requete }): ReactElement | null {
  const { logements } = requete.navigation
  if (logements === 0) return null
  return (
    <Message
      action={
        <Bouton href="/logements" petit>
          Voir les recherches
        </Bouton>
      }
    >
      <p>
        {pluriel(logements, 'réponse d’agence attend', 'réponses d’agences attendent')} une suite de votre organisme.
      </p>
    </Message>
  )
}

/** GET /echanges: the work box of the organisme (ESP-06). */
export async function montrerBoite(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const { vue, boite } = await lireVue(requete, (filtre) => lireBoite(session, filtre))
  const lignes = contenuDe(boite, vue.file)
  session.consigner({
    action: 'echanges.lister',
    dossiers: [...new Set(vus(boite, vue.file))],
    details: { file: vue.file, nombre: lignes.length },
  })
  const departement = session.referentiel.departements.get(session.dept)
  const nommer = (territoire: string | null) =>
    departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
  const territoires = [
    ...new Set(FILES.flatMap((file) => contenuDe(boite, file).map(({ territoire }) => territoire ?? ''))),
  ]
    .concat(vue.filtre.territoire ?? [])
    .filter((un, rang, tous) => un !== '' && tous.indexOf(un) === rang)
    .sort((a, b) => a.localeCompare(b, 'fr'))
  const organismes = (await listerOrganismes(session)).filter(({ id }) => id !== acteur.organisme)
  const nombre = lignes.length
  const actifs = [
    ...(vue.filtre.genre
      ? [{ libelle: genresDemande[vue.filtre.genre], retirer: avec(vue.requete, { genre: null }) }]
      : []),
    ...(vue.filtre.territoire
      ? [{ libelle: nommer(vue.filtre.territoire), retirer: avec(vue.requete, { territoire: null }) }]
      : []),
    ...(vue.filtre.organisme
      ? [
          {
            libelle: organismes.find(({ id }) => id === vue.filtre.organisme)?.nom ?? 'Organisme inconnu',
            retirer: avec(vue.requete, { organisme: null }),
          },
        ]
      : []),
  ]
  const [titreVide, texteVide] = VIDES[vue.file]
  const objets =
    vue.file === 'a_lire' ? (['fil ou pièce', 'fils et pièces'] as const) : (['demande', 'demandes'] as const)
  return page(
    <Cadre
      requete={requete}
      titre={titrer(boite)}
      chapo={`Boîte de travail : ${acteur.organismeNom}. La plus proche échéance d’abord.`}
      courante="echanges"
      large
      actions={
        <Bouton petit icone="gens" href="/annuaire">
          Annuaire
        </Bouton>
      }
    >
      <SuitesDesAgences requete={requete} />
      <Onglets
        libelle="Files de la boîte de travail"
        onglets={FILES.map((file) => ({
          href: avec(vue.requete, { file }),
          libelle: filesBoite[file],
          compte: formatNombre(contenuDe(boite, file).length),
          courant: file === vue.file,
        }))}
      />
      <Filtres
        action="/echanges"
        libelle="Filtrer la boîte de travail"
        resultat={`${formatNombre(nombre)} ${accorder(nombre, objets[0], objets[1])}`}
        champs={{ file: vue.file }}
        actifs={actifs}
        toutRetirer={`/echanges?file=${vue.file}`}
      >
        <Selection
          nom="genre"
          libelle="Demande"
          libre
          vide="Toutes"
          valeur={vue.filtre.genre}
          options={Object.entries(genresDemande).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
        <Selection
          nom="organisme"
          libelle="Avec"
          libre
          vide="Tous les organismes"
          valeur={vue.filtre.organisme}
          options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
        />
        <Selection
          nom="territoire"
          libelle="Territoire"
          libre
          vide="Tous"
          valeur={vue.filtre.territoire}
          options={territoires.map((valeur) => ({ valeur, libelle: nommer(valeur) }))}
        />
      </Filtres>
      {nombre === 0 ? (
        <EtatVide titre={titreVide}>
          {actifs.length > 0 ? 'Rien ne répond à ces filtres : en retirer un.' : texteVide}
        </EtatVide>
      ) : (
        <>
          {vue.file === 'a_lire' ? (
            <Pile>
              {boite.a_lire.length > 0 && <TableauFils fils={boite.a_lire} nommer={nommer} />}
              {boite.pieces.length > 0 && <TableauPieces pieces={boite.pieces} nommer={nommer} />}
            </Pile>
          ) : (
            <TableauDemandes requete={requete} vue={vue} demandes={boite[vue.file]} nommer={nommer} />
          )}
          <PiedCadre note="L’export contient ce qui est affiché ; le texte des messages n’en fait pas partie.">
            <BoutonsExport
              quoi={
                nombre === 1
                  ? `${vue.file === 'a_lire' ? 'ce' : 'cette'} ${objets[0]}`
                  : `ces ${formatNombre(nombre)} ${objets[1]}`
              }
              lien={(format) => `/echanges/export.${format}?${vue.requete}`}
            />
          </PiedCadre>
        </>
      )}
    </Cadre>,
  )
}

function lignesExport(
  boite: Boite,
  file: FileBoite,
  organisme: string | null,
  nommer: (territoire: string | null) => string,
): { entete: string[]; lignes: Cell[][] } {
  if (file === 'a_lire')
    return {
      entete: ['Référence', 'Ménage', 'Territoire', 'Sujet', 'Entre', 'Non lus', 'Dernier message'],
      lignes: boite.a_lire
        .map((fil) => [
          text(fil.reference),
          text(fil.titulaire),
          text(nommer(fil.territoire)),
          text(fil.sujet),
          text([fil.organisme_nom, ...fil.lecteurs].join(', ')),
          number(fil.non_lus),
          date(parisDay(fil.dernier_a)),
        ])
        .concat(
          boite.pieces.map((piece) => [
            text(piece.reference),
            text(piece.titulaire),
            text(nommer(piece.territoire)),
            text(`Pièce : ${genresPiece[piece.genre]}`),
            text([piece.organisme_nom, ...piece.lecteurs].join(', ')),
            number(1),
            date(parisDay(piece.a)),
          ]),
        ),
    }
  return {
    entete: [
      'Référence',
      'Ménage',
      'Territoire',
      'Demande',
      'Texte',
      'Demandeur',
      'Destinataire',
      'Sens',
      'Avant le',
      'Relances',
    ],
    lignes: boite[file].map((demande) => [
      text(demande.reference),
      text(demande.titulaire),
      text(nommer(demande.territoire)),
      text(genresDemande[demande.genre]),
      text(demande.texte),
      text(demande.organisme_nom),
      text(demande.destinataire_nom),
      text(demande.organisme === organisme ? 'envoyée' : 'reçue'),
      date(demande.avant),
      number(demande.relances),
    ]),
  }
}

/** GET /echanges/export.xlsx, .ods, .csv: the queue on screen, with its filters. */
export const exporterBoite =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session, acteur } = requete
    const { vue, boite } = await lireVue(requete, (filtre) => lireBoite(session, filtre))
    const departement = session.referentiel.departements.get(session.dept)
    const nommer = (territoire: string | null) =>
      departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
    const { entete, lignes } = lignesExport(boite, vue.file, acteur.organisme, nommer)
    session.consigner({
      action: 'echanges.exporter',
      dossiers: [...new Set(vus(boite, vue.file))],
      details: { format, file: vue.file, nombre: lignes.length },
    })
    return sortir(requete, {
      nombre: lignes.length,
      filtre: direDemande(requete.recherche),
      construire: (marque) =>
        ecrireFichier(
          `echanges-${session.jour}`,
          { name: filesBoite[vue.file], header: entete, rows: lignes, mark: marquer(marque) },
          format,
        ),
    })
  }
