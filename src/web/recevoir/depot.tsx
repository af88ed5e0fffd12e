import type { ReactElement } from 'react'
import { aLeDroit, listerOrganismes, type Organisme } from '#acces'
import {
  compterRejets,
  deposerFichier,
  type EtatLot,
  type FiltreLots,
  type ListeAttendue,
  type Lot,
  listerEmetteurs,
  listerListesAttendues,
  listerLots,
  type PageLots,
  type PositionLots,
} from '#signalements'
import { refus } from '#socle/errors'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampDate,
  ChampFichier,
  type Colonne,
  Colonnes,
  EtatVide,
  Etiquette,
  Filtres,
  Formulaire,
  ListeSobre,
  Message,
  Pagination,
  Pile,
  ResumeErreurs,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseLot, etats, nommerLot } from './libelles.ts'
import { avecNavigation } from './perimetre.ts'

const FICHIERS_MAXIMUM = 10

interface Saisie {
  readonly organisme: string
  readonly recuLe: string
  readonly erreurs: readonly { readonly nom: 'organisme' | 'recu_le' | 'fichiers'; readonly message: string }[]
}

/** Only an organisme that sends files is held to its own name; others deposit what they receive from partners. */
const estEmetteur = (requete: Pick<Requete, 'acteur'>): boolean => requete.acteur.role === 'emetteur'

/** For a sender, whose home page this is: what the commission waits for from it. */
function RetoursAttendus({ requete }: { requete: Requete }): ReactElement | null {
  const { suites } = requete.navigation
  if (!estEmetteur(requete) || suites === 0) return null
  return (
    <Message
      action={
        <Bouton petit href="/suites?vue=recues&etat=attendu">
          Répondre
        </Bouton>
      }
    >
      <p>
        La commission attend {pluriel(suites, 'retour', 'retours')} de votre organisme : avis et recommandations,
        suivis, en partie, ou non et pourquoi.
      </p>
    </Message>
  )
}

function FormulaireDepot({
  requete,
  organismes,
  saisie,
}: {
  requete: Requete
  organismes: readonly Organisme[]
  saisie: Saisie
}): ReactElement {
  const erreur = (nom: Saisie['erreurs'][number]['nom']) => saisie.erreurs.find((une) => une.nom === nom)?.message
  return (
    <Carte titre="Déposer des fichiers" id="deposer">
      <Formulaire action="/recevoir" jeton={requete.connecte.jetonFormulaire} fichiers>
        {estEmetteur(requete) ? (
          <p>
            Émetteur : <b>{requete.acteur.organismeNom}</b>
          </p>
        ) : (
          <Selection
            nom="organisme"
            libelle="Organisme émetteur"
            aide="Celui qui a produit le fichier : ses références sont les siennes."
            vide="Choisir"
            valeur={saisie.organisme}
            options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
            erreur={erreur('organisme')}
          />
        )}
        <ChampFichier
          nom="fichiers"
          libelle="Fichiers"
          aide={`CSV (60 Mo au plus), XLSX ou ODS (10 Mo au plus), une ligne par signalement. ${FICHIERS_MAXIMUM} fichiers à la fois.`}
          formats=".csv,.xlsx,.ods,.txt"
          plusieurs
          erreur={erreur('fichiers')}
        />
        <ChampDate
          nom="recu_le"
          libelle="Date de réception"
          valeur={saisie.recuLe}
          max={requete.session.jour}
          erreur={erreur('recu_le')}
        />
        <Actions>
          <Bouton genre="principal" icone="deposer">
            Déposer et lire
          </Bouton>
        </Actions>
      </Formulaire>
    </Carte>
  )
}

function Etat({ lot }: { lot: Lot }): ReactElement {
  const { ton, icone, libelle } = etats[lot.etat]
  return (
    <Etiquette ton={ton} icone={icone}>
      {libelle}
    </Etiquette>
  )
}

function ACorriger({ lot }: { lot: Lot }): ReactElement | null {
  if (lot.etat === 'a_correspondre') return <a href={adresseLot(lot.id, '/colonnes')}>Indiquer les colonnes</a>
  if (lot.etat === 'retire' || lot.rejets_en_attente === 0) return null
  return (
    <a href={adresseLot(lot.id, '?verdict=rejetee')}>{pluriel(lot.rejets_en_attente, 'ligne', 'lignes')} à corriger</a>
  )
}

const nombreLu =
  (lire: (lot: Lot) => number) =>
  (lot: Lot): string =>
    lot.lignes_lues === 0 ? '' : formatNombre(lire(lot))

const COLONNES_LOTS: readonly Colonne<Lot>[] = [
  {
    cle: 'fichier',
    titre: 'Fichier',
    principale: true,
    rendre: (lot) => (
      <a href={adresseLot(lot.id)} translate="no">
        {nommerLot(lot)}
      </a>
    ),
  },
  { cle: 'organisme', titre: 'Émetteur', rendre: (lot) => lot.organisme_nom },
  {
    cle: 'depose',
    titre: 'Déposé',
    rendre: (lot) => (
      <>
        <span className="nb">{formatInstant(lot.depose_a)}</span>
        {lot.depose_par_nom !== null && <small className="note"> par {lot.depose_par_nom}</small>}
      </>
    ),
  },
  { cle: 'etat', titre: 'État', rendre: (lot) => <Etat lot={lot} /> },
  {
    cle: 'lignes',
    titre: 'Lignes',
    numerique: true,
    rendre: (lot) => (lot.lignes_total === null ? '' : formatNombre(lot.lignes_total)),
  },
  { cle: 'acceptees', titre: 'Acceptées', numerique: true, rendre: nombreLu((lot) => lot.acceptees) },
  { cle: 'avertissements', titre: 'Avertissements', numerique: true, rendre: nombreLu((lot) => lot.avertissements) },
  { cle: 'rejetees', titre: 'Rejetées', numerique: true, rendre: nombreLu((lot) => lot.rejetees) },
  { cle: 'suite', titre: 'À faire', rendre: (lot) => <ACorriger lot={lot} /> },
]

function Rejets({ nombre }: { nombre: number }): ReactElement {
  return (
    <Carte titre="Lignes rejetées" id="rejets">
      {nombre === 0 ? (
        <p>Aucune ligne n’attend de correction.</p>
      ) : (
        <Pile>
          <p>
            <b>{pluriel(nombre, 'ligne', 'lignes')}</b> à corriger : {nombre < 2 ? 'elle n’a' : 'elles n’ont'} encore
            créé aucun signalement.
          </p>
          <div>
            <Bouton href="/recevoir/a-corriger" icone="crayon">
              Corriger à l’écran
            </Bouton>
          </div>
        </Pile>
      )}
    </Carte>
  )
}

/** What the charter asks for every month, and whether it came (SIG-01). */
function ListesAttendues({ listes }: { listes: readonly ListeAttendue[] }): ReactElement | null {
  if (listes.length === 0) return null
  return (
    <Carte titre="Listes attendues chaque mois" id="attendues">
      <ListeSobre
        lignes={listes.map((liste) => ({
          cle: liste.cle,
          titre: liste.nom,
          note: [
            liste.derniereLe === null
              ? `Émetteur : ${liste.emetteur}, aucune reçue`
              : `Émetteur : ${liste.emetteur}, dernière reçue le ${formatDate(liste.derniereLe)}`,
            liste.avantLe === null ? null : `la suivante au plus tard le ${formatDate(liste.avantLe)}`,
            liste.source.reference ? `charte, ${liste.source.reference}` : null,
          ]
            .filter((part) => part !== null)
            .join(' ; '),
          droite: liste.manque ? (
            <Etiquette ton="retard" icone="retard">
              Manque
            </Etiquette>
          ) : (
            <Etiquette ton="tenu" icone="ok">
              À jour
            </Etiquette>
          ),
        }))}
      />
    </Carte>
  )
}

type Emetteurs = Awaited<ReturnType<typeof listerEmetteurs>>

const ETATS_LOT = Object.keys(etats) as EtatLot[]

/** What the address asks of the list; what it cannot ask is left out. */
function lireFiltreLots({ emetteur, etat, q }: Readonly<Record<string, string>>, emetteurs: Emetteurs): FiltreLots {
  const nom = q?.trim().slice(0, 200)
  return {
    organisme: emetteurs.find(({ id }) => id === emetteur)?.id,
    etat: ETATS_LOT.find((connu) => connu === etat),
    nom: nom === '' ? undefined : nom,
  }
}

function lirePositionLots(recherche: Readonly<Record<string, string>>): PositionLots | null {
  const sens = recherche.avant === undefined ? 'apres' : 'avant'
  const [, a = '', id = ''] = /^([\dTZ:.-]+)_([0-9a-f-]{36})$/.exec(recherche[sens] ?? '') ?? []
  try {
    return id === '' ? null : { sens, a: Temporal.Instant.from(a).toString(), id }
  } catch {
    return null
  }
}

function adresseDepots({ organisme, etat, nom }: FiltreLots, position: PositionLots | null = null, rang = 1): string {
  const demandes = new URLSearchParams([
    ...(nom === undefined ? [] : [['q', nom]]),
    ...(organisme === undefined ? [] : [['emetteur', organisme]]),
    ...(etat === undefined ? [] : [['etat', etat]]),
    ...(position === null ? [] : [[position.sens, `${position.a}_${position.id}`]]),
    ...(rang === 1 ? [] : [['rang', String(rang)]]),
  ])
  return `/recevoir${demandes.size > 0 ? `?${demandes}` : ''}#depots`
}

interface VueDepots {
  readonly page: PageLots
  readonly filtre: FiltreLots
  readonly emetteurs: Emetteurs
  /** Rank of the first one shown, from 1. */
  readonly rang: number
}

const TAILLE = 50

async function lireDepots({ session, recherche }: Requete): Promise<VueDepots> {
  const emetteurs = await listerEmetteurs(session)
  const filtre = lireFiltreLots(recherche, emetteurs)
  const page = await listerLots(session, filtre, lirePositionLots(recherche), TAILLE)
  const rang = page.precedente === null ? 1 : Math.max(1, Math.trunc(Number(recherche.rang)) || 1)
  return { page, filtre, emetteurs, rang }
}

/** Every file received, newest first, found by its name, its sender or where it stands. */
function Depots({ vue: { page, filtre, emetteurs, rang } }: { vue: VueDepots }): ReactElement {
  const { lots, total, precedente, suivante } = page
  const { organisme, etat, nom } = filtre
  const filtree = organisme !== undefined || etat !== undefined || nom !== undefined
  const actifs = [
    ...(nom === undefined
      ? []
      : [{ libelle: `Fichier : ${nom}`, retirer: adresseDepots({ ...filtre, nom: undefined }) }]),
    ...(organisme === undefined
      ? []
      : [
          {
            libelle: emetteurs.find(({ id }) => id === organisme)?.nom ?? '',
            retirer: adresseDepots({ ...filtre, organisme: undefined }),
          },
        ]),
    ...(etat === undefined
      ? []
      : [{ libelle: etats[etat].libelle, retirer: adresseDepots({ ...filtre, etat: undefined }) }]),
  ]
  return (
    <Section titre="Fichiers reçus" id="depots">
      {total === 0 && !filtree ? (
        <EtatVide titre="Aucun fichier reçu" niveau={3}>
          Le premier fichier déposé paraîtra ici, avec le verdict de chaque ligne.
        </EtatVide>
      ) : (
        <Pile>
          <Filtres
            action="/recevoir"
            libelle="Filtrer les fichiers reçus"
            resultat={pluriel(total, 'dépôt', 'dépôts')}
            actifs={actifs}
            toutRetirer={adresseDepots({})}
          >
            <Champ nom="q" genre="search" libelle="Nom du fichier" libre valeur={nom} longueurMax={200} />
            {emetteurs.length > 1 && (
              <Selection
                nom="emetteur"
                libelle="Émetteur"
                libre
                vide="Tous"
                valeur={organisme}
                options={emetteurs.map(({ id, nom: libelle }) => ({ valeur: id, libelle }))}
              />
            )}
            <Selection
              nom="etat"
              libelle="État"
              libre
              vide="Tous"
              valeur={etat}
              options={ETATS_LOT.map((valeur) => ({ valeur, libelle: etats[valeur].libelle }))}
            />
          </Filtres>
          <Tableau
            legende="Fichiers déposés, leur état et le compte de leurs verdicts"
            colonnes={COLONNES_LOTS}
            lignes={lots}
            cle={(lot) => lot.id}
            vide="Aucun fichier ne répond à ces filtres."
            apres={
              (precedente !== null || suivante !== null) && (
                <Pagination
                  libelle="Autres fichiers reçus"
                  position={`${formatNombre(rang)} à ${formatNombre(rang + lots.length - 1)} sur ${formatNombre(total)}`}
                  precedents={precedente ? adresseDepots(filtre, precedente, Math.max(1, rang - TAILLE)) : undefined}
                  suivants={suivante ? adresseDepots(filtre, suivante, rang + lots.length) : undefined}
                />
              )
            }
          />
        </Pile>
      )}
    </Section>
  )
}

async function pageDepots(requete: Requete, saisie: Saisie, statut?: number): Promise<Reponse> {
  const { session, acteur } = requete
  const depose = aLeDroit(acteur, 'lot.deposer')
  const corrige = aLeDroit(acteur, 'lot.corriger')
  const vue = await lireDepots(requete)
  const organismes = depose && !estEmetteur(requete) ? await listerOrganismes(session) : []
  const attendues = aLeDroit(acteur, 'lot.surveiller') ? await listerListesAttendues(session) : []
  const rejets = corrige ? await compterRejets(session) : 0
  return page(
    <Cadre
      requete={requete}
      courante="recevoir"
      titre="Recevoir les fichiers"
      chapo="Chaque ligne reçoit un verdict, sa raison et ce qu’il faut faire. Déposer deux fois le même fichier ne change rien."
      large
      actions={
        aLeDroit(acteur, 'signalement.saisir') ? (
          <Bouton petit icone="crayon" href="/recevoir/signaler">
            Signaler un ménage sans fichier
          </Bouton>
        ) : undefined
      }
      erreur={saisie.erreurs.length > 0}
    >
      <Pile>
        <ResumeErreurs titre="Rien n’a été déposé" erreurs={saisie.erreurs} />
        <RetoursAttendus requete={requete} />
        <Message ton="bientot" icone="retard">
          <p>
            <b>Importer ici ne vaut pas saisine.</b> La transmission légale passe par la voie électronique nationale
            (EXPLOC).
          </p>
        </Message>
        {depose && (
          <Colonnes genre="dossier">
            <FormulaireDepot requete={requete} organismes={organismes} saisie={saisie} />
            {corrige && <Rejets nombre={rejets} />}
          </Colonnes>
        )}
        <ListesAttendues listes={attendues} />
        <Depots vue={vue} />
      </Pile>
    </Cadre>,
    statut,
  )
}

/** GET /recevoir: the deposit form, what waits for a correction, and the latest deposits. */
export function montrerDepots(requete: Requete): Promise<Reponse> {
  return pageDepots(requete, { organisme: '', recuLe: requete.session.jour.toString(), erreurs: [] })
}

/** The name of a file as it may be kept and written in a header: its last part, without what cannot be seen. */
export function nettoyerNom(nom: string): string {
  const dernier = nom.toWellFormed().split(/[\\/]/).at(-1) ?? ''
  return dernier.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim() || 'fichier sans nom'
}

function lireJour(texte: string, jour: Temporal.PlainDate): Temporal.PlainDate | string {
  try {
    const lu = Temporal.PlainDate.from(texte, { overflow: 'reject' })
    if (Temporal.PlainDate.compare(lu, jour) > 0)
      return 'Cette date n’est pas encore passée. Écrire le jour où le fichier a été reçu.'
    if (lu.year < jour.year - 10) return 'Cette date a plus de dix ans. Vérifier l’année.'
    return lu
  } catch {
    return 'Cette date n’existe pas. Écrire le jour où le fichier a été reçu.'
  }
}

/** POST /recevoir: each file becomes a deposit of its own; one that cannot be read is kept with its reason. */
export async function recevoirFichiers(requete: Requete): Promise<Reponse> {
  const { session, acteur, fichiers } = requete
  const recuLe = lireJour(champ(requete, 'recu_le') || session.jour.toString(), session.jour)
  const demande = estEmetteur(requete) ? (acteur.organisme ?? '') : champ(requete, 'organisme')
  const connu = (await listerOrganismes(session)).some(({ id }) => id === demande)
  if (estEmetteur(requete) && !connu)
    throw refus('depot.organisme', 'Votre organisme n’est plus actif. Demander au secrétariat de la CCAPEX.')
  const erreurs: Saisie['erreurs'] = [
    ...(connu ? [] : [{ nom: 'organisme' as const, message: 'Choisir l’organisme qui a produit le fichier.' }]),
    ...(fichiers.length > 0 ? [] : [{ nom: 'fichiers' as const, message: 'Choisir au moins un fichier.' }]),
    ...(typeof recuLe === 'string' ? [{ nom: 'recu_le' as const, message: recuLe }] : []),
  ]
  if (erreurs.length > 0 || typeof recuLe === 'string') {
    return pageDepots(
      await avecNavigation(requete),
      { organisme: demande, recuLe: champ(requete, 'recu_le'), erreurs },
      422,
    )
  }
  const lots: Lot[] = []
  for (const { nom, octets } of fichiers) {
    lots.push(await deposerFichier(session, { organisme: demande, nom: nettoyerNom(nom), octets, recuLe }))
  }
  const [seul] = lots
  if (seul && lots.length === 1)
    return redirection(adresseLot(seul.id, seul.etat === 'a_correspondre' ? '/colonnes' : ''))
  const refuses = lots.filter(({ etat }) => etat === 'refuse').length
  const aIndiquer = lots.filter(({ etat }) => etat === 'a_correspondre').length
  const suites = [
    refuses > 0 ? `${pluriel(refuses, 'fichier refusé', 'fichiers refusés')} : ouvrir le dépôt pour la raison` : '',
    aIndiquer > 0
      ? `${pluriel(aIndiquer, 'fichier attend', 'fichiers attendent')} que ses colonnes soient indiquées`
      : '',
  ].filter((suite) => suite !== '')
  return redirection('/recevoir', {
    texte: [
      `${pluriel(lots.length, 'fichier déposé', 'fichiers déposés')}, reçus le ${formatDate(recuLe)}.`,
      ...suites.map((suite) => `${suite}.`),
    ].join(' '),
    ton: suites.length > 0 ? 'bientot' : 'tenu',
  })
}
