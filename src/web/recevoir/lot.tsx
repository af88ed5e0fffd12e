import type { ReactElement, ReactNode } from 'react'
import { aLeDroit } from '#acces'
import { trouverDoutes } from '#rapprochement'
import {
  compterASituer,
  compterCopies,
  compterLignes,
  direAutresFeuilles,
  type LigneLot,
  type Lot,
  libellesMotifs,
  lireLot,
  listerLignes,
  trouverJumeau,
} from '#signalements'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Compteurs,
  type CompteVerdict,
  Message,
  Pile,
  Progression,
  Section,
  ZoneVive,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseLot, type Effet, effets, estEffet, estEnCours, estLu, estVerdict, nommerLot } from './libelles.ts'
import { TableauLignes } from './lignes.tsx'

const PAGE = 50
const RAFRAICHIR = 5
/** Beyond this, a deposit that nobody reads means that the background work is stopped. */
const ATTENTE_NORMALE = Temporal.Duration.from({ minutes: 2 })

interface Filtre {
  readonly verdict?: LigneLot['verdict']
  readonly effet?: Effet
  readonly tout?: boolean
}

function lireFiltre(recherche: Requete['recherche']): Filtre {
  const { verdict, effet, voir } = recherche
  if (estVerdict(verdict)) return { verdict }
  if (estEffet(effet)) return { effet }
  return voir === 'tout' ? { tout: true } : {}
}

/** Addresses of the page keep whether the refresh is stopped. */
function adresse(lot: Lot, recherche: Requete['recherche'], choix: Readonly<Record<string, string>>): string {
  const parametres = new URLSearchParams({
    ...choix,
    ...(recherche.maj === 'non' && choix.maj === undefined ? { maj: 'non' } : {}),
  })
  const suite = parametres.toString()
  return adresseLot(lot.id, suite === '' ? '' : `?${suite}`)
}

type Comptes = Awaited<ReturnType<typeof compterLignes>>
const sommer = (comptes: Comptes, garder: (compte: Comptes[number]) => boolean): number =>
  comptes.filter(garder).reduce((somme, { n }) => somme + n, 0)

/** Without a choice: the lines that ask for a look, when there are some. */
async function lirePage(requete: Requete, lot: Lot, comptes: Comptes) {
  const { session, recherche } = requete
  const demande = lireFiltre(recherche)
  const aRegarder = sommer(comptes, ({ verdict }) => verdict !== 'acceptee')
  const parDefaut = demande.verdict === undefined && demande.effet === undefined && !demande.tout
  const filtre: Filtre = parDefaut && aRegarder === 0 ? { tout: true } : demande
  const apres = Math.max(0, Math.trunc(Number(recherche.apres) || 0))
  const bornes = { apres, limite: PAGE + 1 }
  const trouvees =
    parDefaut && aRegarder > 0
      ? [
          ...(await listerLignes(session, lot.id, { ...bornes, verdict: 'avertissement' })),
          ...(await listerLignes(session, lot.id, { ...bornes, verdict: 'rejetee' })),
        ].sort((a, b) => a.ligne - b.ligne)
      : await listerLignes(session, lot.id, { ...bornes, verdict: filtre.verdict, effet: filtre.effet })
  const lignes = trouvees.slice(0, PAGE)
  const total = filtre.tout
    ? sommer(comptes, () => true)
    : parDefaut
      ? aRegarder
      : sommer(comptes, ({ verdict, effet }) => verdict === filtre.verdict || effet === filtre.effet)
  const choix: Record<string, string> = {
    ...(filtre.verdict ? { verdict: filtre.verdict } : {}),
    ...(filtre.effet ? { effet: filtre.effet } : {}),
    ...(demande.tout ? { voir: 'tout' } : {}),
  }
  const derniere = lignes.at(-1)
  return {
    filtre,
    lignes,
    total,
    debut: apres > 0 ? adresse(lot, recherche, choix) : null,
    suivants:
      trouvees.length > PAGE && derniere ? adresse(lot, recherche, { ...choix, apres: String(derniere.ligne) }) : null,
  }
}

const TITRES = {
  acceptee: 'Lignes acceptées',
  avertissement: 'Lignes avec avertissement',
  rejetee: 'Lignes rejetées',
} as const satisfies Record<LigneLot['verdict'], string>

function titrer({ verdict, effet, tout }: Filtre): string {
  if (verdict) return TITRES[verdict]
  if (effet) return effets[effet].pluriel
  return tout ? 'Toutes les lignes' : 'Lignes qui demandent un regard'
}

/** Time left, from the pace since the deposit. Said only when there is something to measure. */
function estimerReste(lot: Lot, maintenant: Temporal.Instant): string {
  const continuer = 'Vous pouvez quitter cette page, le traitement continue.'
  if (lot.etat !== 'lecture' || lot.lignes_lues === 0 || lot.lignes_total === null) return continuer
  const ecoule = maintenant.since(lot.depose_a).total('seconds')
  const reste = (ecoule / lot.lignes_lues) * (lot.lignes_total - lot.lignes_lues)
  return `Reste ${reste < 90 ? 'moins de 2 min' : `environ ${formatNombre(Math.round(reste / 60))} min`}. ${continuer}`
}

interface Avancement {
  readonly titre: string
  readonly faites: number
  readonly total: number | null
}

function mesurer(lot: Lot): Avancement {
  const total = lot.lignes_total ?? 0
  if (lot.etat === 'recu') return { titre: 'En attente de lecture', faites: 0, total: null }
  if (lot.etat === 'lecture') {
    return {
      titre: `Lecture en cours : ${formatNombre(lot.lignes_lues)} lignes sur ${formatNombre(total)}`,
      faites: lot.lignes_lues,
      total,
    }
  }
  if (lot.etat === 'rapprochement') {
    const aFaire = Math.max(lot.a_rapprocher, lot.rapprochees)
    return {
      titre: `Reconnaissance des ménages : ${formatNombre(lot.rapprochees)} sur ${formatNombre(aFaire)}`,
      faites: lot.rapprochees,
      total: aFaire === 0 ? null : aFaire,
    }
  }
  // A file without a line is read to its end all the same.
  return {
    titre: `Lecture terminée : ${pluriel(total, 'ligne', 'lignes')}`,
    faites: Math.max(total, 1),
    total: Math.max(total, 1),
  }
}

function Avance({
  requete,
  lot,
  filtre,
  vif,
}: {
  requete: Requete
  lot: Lot
  filtre: Filtre
  vif: boolean
}): ReactElement {
  const { recherche, session } = requete
  const { titre, faites, total } = mesurer(lot)
  const lien = (verdict: LigneLot['verdict']) => adresse(lot, recherche, { verdict })
  const comptes: CompteVerdict[] = (
    [
      ['acceptee', lot.acceptees],
      ['avertissement', lot.avertissements],
      ['rejetee', lot.rejetees],
    ] as const
  ).map(([verdict, nombre]) => ({ verdict, nombre, href: lien(verdict), courant: filtre.verdict === verdict }))
  const enCours = estEnCours(lot)
  const attendTrop =
    lot.etat === 'recu' && Temporal.Duration.compare(session.maintenant.since(lot.depose_a), ATTENTE_NORMALE) > 0
  const pourCent = total === null ? '' : `${Math.min(100, Math.floor((faites / Math.max(total, 1)) * 100))} % fait, `
  return (
    <Progression
      titre={titre}
      note={enCours ? estimerReste(lot, session.maintenant) : undefined}
      faites={faites}
      total={total}
      annonce={
        enCours
          ? `${pourCent}${pluriel(lot.rejetees, 'ligne rejetée', 'lignes rejetées')}`
          : `Traitement terminé, ${pluriel(lot.rejetees, 'ligne rejetée', 'lignes rejetées')}`
      }
      texte={
        attendTrop
          ? 'La lecture n’a pas commencé. Si cela dure, prévenir l’administrateur : les travaux de fond sont peut-être arrêtés. Rien n’est perdu.'
          : enCours
            ? `${vif ? `Cette page se met à jour toutes les ${RAFRAICHIR} secondes. ` : ''}Une coupure ne fait rien perdre : la lecture reprend à la ligne suivante.`
            : lot.lignes_vides > 0
              ? `${pluriel(lot.lignes_vides, 'ligne vide ignorée', 'lignes vides ignorées')}.`
              : undefined
      }
      arret={
        enCours
          ? vif
            ? { href: adresse(lot, recherche, { maj: 'non' }), libelle: 'Arrêter la mise à jour' }
            : { href: adresseLot(lot.id), libelle: 'Reprendre la mise à jour' }
          : undefined
      }
      comptes={comptes}
    />
  )
}

function Effets({
  requete,
  lot,
  comptes,
  filtre,
}: {
  requete: Requete
  lot: Lot
  comptes: Comptes
  filtre: Filtre
}): ReactElement {
  return (
    <ZoneVive cle="effets">
      {comptes.length > 0 && (
        <Section titre="Ce que le fichier a changé">
          <Compteurs
            libelle="Effets"
            compteurs={(Object.keys(effets) as Effet[]).map((effet) => ({
              cle: effet,
              nombre: formatNombre(sommer(comptes, (compte) => compte.effet === effet)),
              libelle: effets[effet].pluriel,
              href: adresse(lot, requete.recherche, { effet }),
              courant: filtre.effet === effet,
            }))}
          />
        </Section>
      )}
    </ZoneVive>
  )
}

function Gestes({ requete, lot }: { requete: Requete; lot: Lot }): ReactElement {
  const retirable = aLeDroit(requete.acteur, 'lot.retirer') && ['traite', 'refuse', 'a_correspondre'].includes(lot.etat)
  return (
    <>
      {estLu(lot) && (
        <>
          <Bouton href={adresseLot(lot.id, '/verdict.csv')} icone="import" fichier>
            Verdicts (CSV)
          </Bouton>
          <Bouton href={adresseLot(lot.id, '/verdict.json')} icone="import" fichier>
            Verdicts (JSON)
          </Bouton>
        </>
      )}
      {retirable && (
        <Bouton href={adresseLot(lot.id, '/retirer')} genre="destructeur" icone="annuler">
          Retirer ce dépôt
        </Bouton>
      )}
    </>
  )
}

/** What stopped the file, or what is worth saying of it once. */
function Remarques({
  requete,
  lot,
  jumeau,
}: {
  requete: Requete
  lot: Lot
  jumeau: Awaited<ReturnType<typeof trouverJumeau>>
}): ReactElement {
  const motif = lot.motif_fichier
  return (
    <>
      {lot.etat === 'refuse' && (
        <Message ton="retard">
          <p>
            <b>{libellesMotifs[motif as keyof typeof libellesMotifs] ?? 'Fichier refusé'}.</b> {lot.motif_detail} Aucun
            signalement n’a été créé.
          </p>
        </Message>
      )}
      {lot.etat === 'a_correspondre' && (
        <Message
          ton="bientot"
          action={
            aLeDroit(requete.acteur, 'lot.deposer') ? (
              <Bouton href={adresseLot(lot.id, '/colonnes')} genre="principal">
                Indiquer les colonnes
              </Bouton>
            ) : undefined
          }
        >
          <p>
            <b>Les colonnes de ce fichier ne sont pas toutes reconnues.</b> {lot.motif_detail}
          </p>
        </Message>
      )}
      {lot.etat === 'retire' && (
        <Message ton="neutre" icone="annuler">
          <p>
            <b>Ce dépôt a été retiré{lot.retire_a ? ` le ${formatInstant(lot.retire_a)}` : ''}.</b> Ses signalements ne
            comptent plus. Le fichier et ses verdicts restent consultables.
          </p>
        </Message>
      )}
      {jumeau && (
        <Message>
          <p>
            Ce fichier est le même, octet pour octet, que{' '}
            <a href={adresseLot(jumeau.id)}>celui déposé le {formatInstant(jumeau.depose_a)}</a>. Le déposer à nouveau
            ne change rien.
          </p>
        </Message>
      )}
      {lot.autres_feuilles.length > 0 && lot.etat !== 'refuse' && lot.etat !== 'a_correspondre' && (
        <Message ton="bientot">
          <p>{direAutresFeuilles(lot.autres_feuilles)}</p>
        </Message>
      )}
      {lot.colonnes_inconnues.length > 0 && (
        <Message
          action={
            lot.etat === 'traite' && aLeDroit(requete.acteur, 'lot.deposer') ? (
              <Bouton href={adresseLot(lot.id, '/colonnes')} petit>
                Dire à quoi elles servent
              </Bouton>
            ) : undefined
          }
        >
          <p>
            {pluriel(lot.colonnes_inconnues.length, 'colonne inconnue, gardée', 'colonnes inconnues, gardées')} avec
            chaque ligne sans être utilisée{lot.colonnes_inconnues.length > 1 ? 's' : ''} :{' '}
            {lot.colonnes_inconnues.map((nom, rang) => (
              <span key={nom}>
                {rang > 0 && ', '}
                <span className="cell" translate="no">
                  {nom.slice(0, 80)}
                </span>
              </span>
            ))}
            .
          </p>
        </Message>
      )}
    </>
  )
}

function PourCorriger({ requete, lot }: { requete: Requete; lot: Lot }): ReactElement | null {
  const n = lot.rejets_en_attente
  if (n === 0 || !estLu(lot) || lot.etat === 'retire') return null
  return (
    <Message
      action={
        <>
          {aLeDroit(requete.acteur, 'lot.corriger') && (
            <Bouton href={adresseLot(lot.id, '/lignes/premiere')} petit icone="crayon">
              Corriger à l’écran
            </Bouton>
          )}
          <Bouton href={adresseLot(lot.id, '/lignes-a-corriger')} petit icone="import" fichier>
            Télécharger {n === 1 ? 'la ligne' : `les ${formatNombre(n)} lignes`}
          </Bouton>
        </>
      }
    >
      <p>
        <b>Pour corriger :</b> à l’écran, ou dans le format d’origine. Télécharger{' '}
        {n === 1 ? 'la ligne rejetée' : `les ${formatNombre(n)} lignes rejetées`}, corriger, déposer à nouveau. Les
        lignes déjà acceptées ne changeront pas.
      </p>
    </Message>
  )
}

/** Lines whose commune the lists do not know: kept, without a territory until somebody says where it is. */
function ASituer({
  lot,
  aSituer,
}: {
  lot: Lot
  aSituer: { communes: number; signalements: number }
}): ReactElement | null {
  if (aSituer.signalements === 0 || lot.etat === 'retire') return null
  return (
    <Message
      ton="bientot"
      action={
        <Bouton href="/recevoir/communes" petit>
          Situer {aSituer.communes === 1 ? 'cette commune' : 'ces communes'}
        </Bouton>
      }
    >
      <p>
        <b>{pluriel(aSituer.communes, 'commune inconnue', 'communes inconnues')} des listes du département.</b>{' '}
        {pluriel(aSituer.signalements, 'signal est gardé', 'signaux sont gardés')}, territoire à déterminer : dire où{' '}
        {aSituer.communes === 1 ? 'elle est' : 'elles sont'} place les dossiers.
      </p>
    </Message>
  )
}

function decrire(lot: Lot): ReactNode {
  const lignes = lot.lignes_total === null ? '' : `, ${pluriel(lot.lignes_total, 'ligne', 'lignes')}`
  return (
    <>
      {lot.organisme_nom}, reçu le {formatDate(lot.recu_le)}, déposé le {formatInstant(lot.depose_a)}
      {lot.depose_par_nom === null ? '' : ` par ${lot.depose_par_nom}`}
      {lot.encodage === null ? '' : `. Encodage ${lot.encodage}`}
      {lignes}.{' '}
      {lot.entete.length > 0 && lot.etat !== 'a_correspondre' && lot.etat !== 'refuse' && (
        <a href={adresseLot(lot.id, '/colonnes')}>Voir la correspondance des colonnes</a>
      )}
    </>
  )
}

/** GET /recevoir/:lot: live while the worker reads, then what each line became. */
export async function montrerLot(requete: Requete): Promise<Reponse> {
  const { session, recherche, acteur } = requete
  const lot = await lireLot(session, requete.parametres.lot ?? '')
  const comptes = await compterLignes(session, lot.id)
  const lues = await lirePage(requete, lot, comptes)
  const enAttente = lues.lignes.some(({ signalement, dossier }) => signalement !== null && dossier === null)
  const copies = await compterCopies(session, lot.id)
  const doutes =
    enAttente && aLeDroit(acteur, 'doute.consulter')
      ? await trouverDoutes(
          session,
          lues.lignes.flatMap(({ signalement }) => signalement ?? []),
        )
      : new Map<string, string>()
  const jumeau = lot.etat === 'retire' ? null : await trouverJumeau(session, lot)
  const aSituer = aLeDroit(acteur, 'commune.situer')
    ? await compterASituer(session, lot.id)
    : { communes: 0, signalements: 0 }
  const vif = estEnCours(lot) && recherche.maj !== 'non'
  const montrerLignes = comptes.length > 0
  return page(
    <Cadre
      requete={requete}
      courante="recevoir"
      titre={nommerLot(lot)}
      chapo={decrire(lot)}
      fil={[{ libelle: 'Fichiers reçus', href: '/recevoir' }, { libelle: nommerLot(lot) }]}
      actions={
        <ZoneVive cle="gestes">
          <Actions>
            <Gestes requete={requete} lot={lot} />
          </Actions>
        </ZoneVive>
      }
      large
      rafraichir={vif ? RAFRAICHIR : undefined}
    >
      <Pile>
        <ZoneVive cle="remarques">
          <Pile>
            <Remarques requete={requete} lot={lot} jumeau={jumeau} />
          </Pile>
        </ZoneVive>
        {lot.etat !== 'refuse' && lot.etat !== 'a_correspondre' && (
          <Avance requete={requete} lot={lot} filtre={lues.filtre} vif={vif} />
        )}
        <Effets requete={requete} lot={lot} comptes={comptes} filtre={lues.filtre} />
        <ZoneVive cle="lignes">
          {montrerLignes && (
            <Pile>
              <PourCorriger requete={requete} lot={lot} />
              <ASituer lot={lot} aSituer={aSituer} />
              <Section
                titre={titrer(lues.filtre)}
                id="lignes"
                compte={
                  <>
                    {formatNombre(lues.total)} sur {formatNombre(sommer(comptes, () => true))}.{' '}
                    {!lues.filtre.tout && <a href={adresse(lot, recherche, { voir: 'tout' })}>Tout afficher</a>}
                  </>
                }
              >
                <TableauLignes
                  contexte={{ acteur, lot, doutes, copies }}
                  lignes={lues.lignes}
                  total={lues.total}
                  debut={lues.debut}
                  suivants={lues.suivants}
                />
              </Section>
            </Pile>
          )}
        </ZoneVive>
      </Pile>
    </Cadre>,
  )
}
