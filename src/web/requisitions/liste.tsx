import type { ReactElement } from 'react'
import { libelleTerritoire } from '#referentiel'
import {
  compterRequisitions,
  ETATS,
  type FiltreRequisitions,
  type LigneRequisition,
  listerRequisitions,
  type PositionRequisitions,
  prochaineTreve,
  TRIS,
  type TriRequisitions,
  triUsuel,
  VUES,
  type VueRequisitions,
  vues,
} from '#requisitions'
import { type Cell, date, number, text } from '#socle/tableur'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  BoutonImprimer,
  CaseACocher,
  Champ,
  type Colonne,
  EtatVide,
  Etiquette,
  Etiquettes,
  Filtres,
  Message,
  Onglets,
  Pagination,
  PiedCadre,
  PuceEcheance,
  Selection,
  type SensTri,
  Tableau,
} from '../composants/index.ts'
import { BoutonsExport, direDemande, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { EtatRequisition } from './commun.tsx'

const TAILLE = 50

interface Choix {
  readonly filtre: FiltreRequisitions
  readonly tri: TriRequisitions
  readonly sens: SensTri
  readonly requete: URLSearchParams
}

const estVue = (texte: string | undefined): texte is VueRequisitions => VUES.some((vue) => vue === texte)
const estTri = (texte: string | undefined): texte is TriRequisitions => TRIS.some((tri) => tri === texte)

/** What the address asks for; unknown values are left out. */
function lireChoix({ recherche }: Pick<Requete, 'recherche'>): Choix {
  const vue = estVue(recherche.vue) ? recherche.vue : 'decision'
  const tri = estTri(recherche.tri) ? recherche.tri : triUsuel[vue]
  const sens: SensTri = recherche.sens === 'decroissant' ? 'decroissant' : 'croissant'
  const filtre: FiltreRequisitions = {
    vue,
    texte: recherche.q?.trim().slice(0, 120) || undefined,
    territoire: recherche.territoire || undefined,
    retard: recherche.retard === 'oui' ? true : undefined,
  }
  const requete = new URLSearchParams({ vue })
  if (filtre.texte) requete.set('q', filtre.texte)
  if (filtre.territoire) requete.set('territoire', filtre.territoire)
  if (filtre.retard) requete.set('retard', 'oui')
  if (tri !== triUsuel[vue] || sens !== 'croissant') {
    requete.set('tri', tri)
    requete.set('sens', sens)
  }
  return { filtre, tri, sens, requete }
}

const avec = (requete: URLSearchParams, changements: Readonly<Record<string, string | null>>): string => {
  const copie = new URLSearchParams(requete)
  for (const [cle, valeur] of Object.entries(changements))
    if (valeur === null) copie.delete(cle)
    else copie.set(cle, valeur)
  return `/requisitions?${copie}`
}

function lirePosition({ recherche }: Pick<Requete, 'recherche'>): PositionRequisitions | null {
  const { apres, avant, id } = recherche
  const valeur = apres ?? avant
  if (valeur === undefined || !/^[0-9a-f-]{36}$/.test(id ?? '')) return null
  return { sens: apres === undefined ? 'avant' : 'apres', valeur, id: id ?? '' }
}

/** The date that matters for a request now: an execution foreseen, or the day silence is worth a refusal. */
function MiseEnOeuvre({ ligne, jour }: { ligne: LigneRequisition; jour: Temporal.PlainDate }): ReactElement {
  if (ligne.suivi_avant)
    return (
      <Etiquette ton="bientot" icone="horloge">
        Suivi avant le {formatInstant(ligne.suivi_avant)}
      </Etiquette>
    )
  if (ligne.prevue_le)
    return (
      <PuceEcheance
        aujourdhui={jour}
        echeance={{
          libelle: 'Mise en œuvre prévue',
          le: ligne.prevue_le,
          genre: 'terme',
          calcul: 'Date fixée par la préfecture',
        }}
      />
    )
  if (ligne.executoire_le) return <>à partir du {formatDate(ligne.executoire_le)}</>
  return <span className="note">sans date</span>
}

function colonnes(
  jour: Temporal.PlainDate,
  nommer: (territoire: string | null) => string,
): readonly Colonne<LigneRequisition>[] {
  return [
    {
      cle: 'menage',
      titre: 'Ménage',
      principale: true,
      triable: true,
      rendre: (ligne) => (
        <>
          <a href={`/dossiers/${ligne.reference}/force-publique?requisition=${ligne.id}`}>
            {ligne.titulaire || 'Nom inconnu'}
          </a>
          <small>{ligne.reference}</small>
        </>
      ),
    },
    {
      cle: 'ou',
      titre: 'Commune',
      rendre: (ligne) => (
        <>
          {ligne.commune} <span className="note">{nommer(ligne.territoire)}</span>
        </>
      ),
    },
    { cle: 'recue', titre: 'Reçue le', triable: true, rendre: (ligne) => formatDate(ligne.recue_le) },
    {
      cle: 'etat',
      titre: 'État',
      rendre: (ligne) => (
        <Etiquettes>
          <EtatRequisition etat={ligne.etat} />
          {ligne.depart_le && ligne.etat !== 'annulee' && <Etiquette ton="bientot">Départ signalé</Etiquette>}
          {ligne.etat === 'accordee' && ligne.sans_solution && (
            <Etiquette ton="retard" icone="retard">
              Sans solution
            </Etiquette>
          )}
        </Etiquettes>
      ),
    },
    {
      cle: 'enquete',
      titre: 'Enquêtes',
      triable: true,
      rendre: (ligne) =>
        ligne.enquetes_ouvertes === 0 ? (
          <span className="note">aucune attendue</span>
        ) : (
          <>
            {ligne.enquete_avant && (
              <PuceEcheance
                aujourdhui={jour}
                echeance={{ libelle: 'Première réponse attendue', le: ligne.enquete_avant, genre: 'tache' }}
              />
            )}{' '}
            <span className="note">{pluriel(ligne.enquetes_ouvertes, 'attendue', 'attendues')}</span>
          </>
        ),
    },
    {
      cle: 'refus',
      titre: 'Silence valant refus',
      triable: true,
      rendre: (ligne) =>
        ligne.refus_le && !['instruction', 'sursis'].includes(ligne.etat) ? (
          <span className="note">sans objet</span>
        ) : ligne.refus_le ? (
          <PuceEcheance
            aujourdhui={jour}
            echeance={{
              libelle: 'Silence du préfet valant refus',
              le: ligne.refus_le,
              genre: 'terme',
              depart: `Demande de concours reçue le ${formatDate(ligne.recue_le)}`,
              source: 'Code des procédures civiles d’exécution ; le détail est dans le dossier',
            }}
          />
        ) : (
          <span className="note">non connu</span>
        ),
    },
    {
      cle: 'prevue',
      titre: 'Mise en œuvre',
      triable: true,
      rendre: (ligne) => <MiseEnOeuvre ligne={ligne} jour={jour} />,
    },
  ]
}

const VIDES: Readonly<Record<VueRequisitions, string>> = {
  enquetes: 'Toutes les enquêtes demandées ont leur réponse.',
  decision: 'Aucune réquisition n’attend de décision.',
  rue: 'Aucun concours ne peut être exécuté avant la trêve sans que le ménage ait une solution.',
  accordees: 'Aucun concours accordé n’est en attente d’exécution.',
  suivi: 'Aucun ménage expulsé n’attend sa rencontre.',
  closes: 'Aucune réquisition terminée.',
  toutes: 'Une réquisition s’enregistre depuis le dossier du ménage, onglet « Force publique ».',
}

/** GET /requisitions: what presses among force requests (RFP-22, DOS-33). */
export async function listerLesRequisitions(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { jour } = session
  const choix = lireChoix(requete)
  const { filtre, tri, sens } = choix
  const { vue, ...autres } = filtre
  const comptes = await compterRequisitions(session, autres)
  const lue = await listerRequisitions(session, {
    filtre,
    tri,
    inverse: sens === 'decroissant',
    position: lirePosition(requete),
    taille: TAILLE,
  })
  const departement = session.referentiel.departements.get(session.dept)
  const nommer = (territoire: string | null) =>
    departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
  const treve = prochaineTreve(session)
  const total = comptes[vue]
  const pageDe = ({ sens: vers, valeur, id }: PositionRequisitions) => avec(choix.requete, { [vers]: valeur, id })
  const actifs = [
    ...(filtre.texte ? [{ libelle: `« ${filtre.texte} »`, retirer: avec(choix.requete, { q: null }) }] : []),
    ...(filtre.territoire
      ? [{ libelle: nommer(filtre.territoire), retirer: avec(choix.requete, { territoire: null }) }]
      : []),
    ...(filtre.retard ? [{ libelle: 'Enquêtes en retard', retirer: avec(choix.requete, { retard: null }) }] : []),
  ]
  return page(
    <Cadre
      requete={requete}
      titre={`Force publique : ${vues[vue].toLowerCase()}`}
      courante="requisitions"
      large
      chapo="Les réquisitions de la force publique que vous suivez. Ce qui presse d’abord."
      actions={<BoutonImprimer />}
    >
      <Onglets
        libelle="Réquisitions"
        onglets={VUES.map((une) => ({
          href: avec(choix.requete, { vue: une, tri: null, sens: null }),
          libelle: vues[une],
          compte: formatNombre(comptes[une]),
          courant: une === vue,
        }))}
      />
      <Filtres
        action="/requisitions"
        libelle="Filtrer les réquisitions"
        resultat={`${pluriel(total, 'réquisition', 'réquisitions')} au ${formatDate(jour)}`}
        champs={{ vue }}
        actifs={actifs}
        toutRetirer={`/requisitions?vue=${vue}`}
      >
        <Champ nom="q" genre="search" libelle="Nom, référence" libre valeur={filtre.texte} longueurMax={120} />
        <Selection
          nom="territoire"
          libelle="Territoire"
          libre
          vide="Tous"
          valeur={filtre.territoire}
          options={(departement?.territoires.territoires ?? []).map(({ id, libelle }) => ({ valeur: id, libelle }))}
        />
        <CaseACocher nom="retard" libelle="Enquêtes en retard" cochee={filtre.retard === true} />
      </Filtres>
      {vue === 'rue' && treve && (
        <Message ton={treve.enCours ? 'info' : 'bientot'}>
          <p>
            {treve.enCours
              ? `La trêve court jusqu’au ${formatDate(treve.jusquAu)}. Sont montrés ici les ménages sans solution dont la mise en œuvre est déjà prévue après elle.`
              : `La trêve commence le ${formatDate(treve.du)}. Sont montrés ici les ménages sans solution dont le concours peut être exécuté avant elle.`}
          </p>
        </Message>
      )}
      {lue.lignes.length === 0 ? (
        <EtatVide titre="Rien ici">
          {actifs.length > 0 ? 'Rien ne répond à ces filtres : en retirer un.' : VIDES[vue]}
        </EtatVide>
      ) : (
        <Tableau
          legende={vues[vue]}
          lignes={lue.lignes}
          cle={({ id }) => id}
          colonnes={colonnes(jour, nommer)}
          tri={{ cle: tri, sens, lien: (cle, vers) => avec(choix.requete, { tri: cle, sens: vers }) }}
          apres={
            <>
              <Pagination
                libelle="Pages des réquisitions"
                position={`${lue.lignes.length} sur ${formatNombre(total)}`}
                {...(lue.precedente ? { precedents: pageDe(lue.precedente) } : {})}
                {...(lue.suivante ? { suivants: pageDe(lue.suivante) } : {})}
              />
              <PiedCadre note="L’export contient ce que montre cette vue, avec ses filtres. Ni avis, ni motifs.">
                <BoutonsExport
                  quoi={total === 1 ? 'cette réquisition' : `ces ${formatNombre(total)} réquisitions`}
                  lien={(format) => `/requisitions/export.${format}?${choix.requete}`}
                />
              </PiedCadre>
            </>
          }
        />
      )}
    </Cadre>,
  )
}

/** GET /requisitions/export.xlsx, .ods, .csv: the view on screen, with its filters. */
export const exporterRequisitions =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const { filtre, tri, sens } = lireChoix(requete)
    const { vue, ...autres } = filtre
    const departement = session.referentiel.departements.get(session.dept)
    const nommer = (territoire: string | null) =>
      departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
    async function* lignes(): AsyncGenerator<readonly Cell[]> {
      let position: PositionRequisitions | null = null
      for (;;) {
        const lue: Awaited<ReturnType<typeof listerRequisitions>> = await listerRequisitions(session, {
          filtre,
          tri,
          inverse: sens === 'decroissant',
          position,
          taille: 1000,
          action: 'requisitions.exporter',
        })
        for (const ligne of lue.lignes)
          yield [
            text(ligne.reference),
            text(ligne.titulaire),
            text(ligne.commune),
            text(nommer(ligne.territoire)),
            date(ligne.recue_le),
            text(ETATS[ligne.etat]),
            date(ligne.refus_le),
            number(ligne.enquetes_ouvertes),
            date(ligne.enquete_avant),
            date(ligne.executoire_le),
            date(ligne.prevue_le),
            text(ligne.etat === 'accordee' ? (ligne.sans_solution ? 'sans solution' : 'solution assurée') : ''),
            date(ligne.depart_le),
          ]
        if (!lue.suivante) return
        position = lue.suivante
      }
    }
    return sortir(requete, {
      nombre: (await compterRequisitions(session, autres))[vue],
      filtre: direDemande(requete.recherche),
      construire: (marque) =>
        ecrireFichier(
          `requisitions-${session.jour}`,
          {
            name: vues[vue].slice(0, 30),
            header: [
              'Référence',
              'Ménage',
              'Commune',
              'Territoire',
              'Reçue le',
              'État',
              'Silence valant refus',
              'Enquêtes attendues',
              'Première attendue le',
              'Exécutable à partir du',
              'Mise en œuvre prévue',
              'Solution',
              'Départ signalé',
            ],
            rows: lignes(),
            mark: marquer(marque),
          },
          format,
        ),
    })
  }
