import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  archiverDossiers,
  type Bordereau,
  compterConservation,
  type DossierConserve,
  type DureeAffichee,
  desarchiverDossiers,
  dureesDe,
  ETATS_CONSERVATION,
  type EtatConservation,
  listerBordereaux,
  listerConservation,
  listerDurees,
  PAR_PAGE,
  RAISONS_GEL,
} from '#conservation'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { ecrireCode } from '../accompagner/libelles.ts'
import { Cadre } from '../cadre.tsx'
import { nommerTerritoire } from '../commissions/commun.tsx'
import {
  BarreGroupee,
  type Colonne,
  EtatVide,
  Etiquette,
  Message,
  type Onglet,
  Pagination,
  Pile,
  Section,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'

/** Tabs, and the states each shows. */
const ONGLETS = {
  a_archiver: { libelle: 'À archiver', etats: ['a_archiver'] },
  archive: { libelle: 'En archive', etats: ['archive'] },
  a_eliminer: { libelle: 'À éliminer', etats: ['a_eliminer'] },
  vise: { libelle: 'Visés', etats: ['vise'] },
  efface: { libelle: 'Effacés', etats: ['efface'] },
} as const satisfies Record<string, { libelle: string; etats: readonly EtatConservation[] }>
type OngletConservation = keyof typeof ONGLETS
const estOnglet = (texte: string | undefined): texte is OngletConservation =>
  texte !== undefined && Object.hasOwn(ONGLETS, texte)

const VIDES: Record<OngletConservation, string> = {
  a_archiver: 'Chaque matin, les dossiers clos dont la base active s’achève sont proposés ici.',
  archive: 'Un dossier archivé reste lisible par le secrétariat seul, jusqu’à son terme.',
  a_eliminer: 'Aucun dossier archivé n’est arrivé à son terme.',
  vise: 'Aucune élimination visée n’attend son jour.',
  efface: 'Rien n’a encore été effacé.',
}

/** Why it is not erased at its term, in words. */
export function direRetenue({ gels, demande }: DossierConserve): string {
  return [
    ...gels.map((raison) => ecrireCode(RAISONS_GEL, raison)),
    ...(demande ? ['Une demande du ménage attend une réponse'] : []),
  ].join(' ; ')
}

const colonnes = (requete: Requete, onglet: OngletConservation): readonly Colonne<DossierConserve>[] => {
  return [
    {
      cle: 'reference',
      titre: 'Dossier',
      principale: true,
      rendre: ({ reference, etat, territoire }) => (
        <>
          {etat === 'efface' ? reference : <a href={`/conservation/dossiers/${reference}`}>{reference}</a>}
          {territoire !== null && <small>{nommerTerritoire(requete, territoire)}</small>}
        </>
      ),
    },
    { cle: 'clos', titre: 'Clos le', rendre: ({ clos_le }) => formatDate(clos_le) },
    { cle: 'contact', titre: 'Dernier contact', rendre: ({ dernier_contact_le }) => formatDate(dernier_contact_le) },
    {
      cle: 'terme',
      titre: onglet === 'a_archiver' ? 'Base active jusqu’au' : 'Archive jusqu’au',
      rendre: ({ archivable_le, eliminable_le }) =>
        formatDate(onglet === 'a_archiver' ? archivable_le : (eliminable_le ?? archivable_le)),
    },
    {
      cle: 'etat',
      titre: 'État',
      rendre: (dossier) => {
        const retenue = direRetenue(dossier)
        return retenue === '' ? (
          ETATS_CONSERVATION[dossier.etat]
        ) : (
          <>
            <Etiquette ton="bientot">Suspendu</Etiquette>
            <small>{retenue}</small>
          </>
        )
      },
    },
  ]
}

const colonnesDurees: readonly Colonne<DureeAffichee>[] = [
  { cle: 'quoi', titre: 'Ce qui est gardé', principale: true, rendre: ({ libelle }) => libelle },
  {
    cle: 'duree',
    titre: 'Durée',
    rendre: ({ duree, depuis }) => (
      <>
        {duree ?? 'aucune'}
        <small>depuis {depuis}</small>
      </>
    ),
  },
  {
    cle: 'source',
    titre: 'Source',
    large: true,
    rendre: ({ source, motif, reserve }) => (
      <>
        {source && [source.titre, source.reference].filter(Boolean).join(', ')}
        {motif !== null && <small>{motif}</small>}
        {reserve !== null && (
          <small>
            <Etiquette ton="reserve">{reserve}</Etiquette>
          </small>
        )}
      </>
    ),
  },
]

const colonnesBordereaux: readonly Colonne<Bordereau>[] = [
  {
    cle: 'numero',
    titre: 'Liste',
    principale: true,
    rendre: ({ numero }) => <a href={`/conservation/bordereaux/${numero}`}>Liste n° {numero}</a>,
  },
  { cle: 'dossiers', titre: 'Dossiers', numerique: true, rendre: ({ dossiers }) => formatNombre(dossiers) },
  { cle: 'etat', titre: 'État', rendre: (bordereau) => direBordereau(bordereau) },
]

/** Where a signed list stands, in words. */
export function direBordereau({ retire_a, execute_a, executable_le, effaces, dossiers }: Bordereau): string {
  if (retire_a !== null) return 'Visa retiré'
  if (execute_a !== null) return `${pluriel(effaces, 'dossier effacé', 'dossiers effacés')}`
  if (dossiers === 0) return 'Vide : ses dossiers ont été repris'
  if (effaces > 0) return `${formatNombre(effaces)} effacés sur ${formatNombre(dossiers)}`
  return `Effacement à partir du ${formatDate(executable_le)}`
}

function Action({ requete, onglet }: { requete: Requete; onglet: OngletConservation }): ReactElement | undefined {
  const { acteur } = requete
  const archiver = aLeDroit(acteur, 'conservation.archiver')
  const actions =
    onglet === 'a_archiver' && archiver
      ? [{ valeur: 'archiver', libelle: 'Mettre en archive' }]
      : onglet === 'archive' && archiver
        ? [{ valeur: 'sortir', libelle: 'Sortir de l’archive' }]
        : onglet === 'a_eliminer' && aLeDroit(acteur, 'elimination.viser')
          ? [{ valeur: 'viser', libelle: 'Viser l’élimination' }]
          : []
  if (actions.length === 0) return undefined
  return (
    <BarreGroupee
      singulier="dossier choisi"
      pluriel="dossiers choisis"
      aucune="Cocher des dossiers, puis continuer"
      libelleAction="Que faire des dossiers choisis"
      actions={actions}
    />
  )
}

/** GET /conservation: where each closed dossier stands, and how long everything is kept (ACC-14). */
export async function montrerConservation(requete: Requete): Promise<Reponse> {
  const { session, recherche, acteur, connecte } = requete
  const onglet: OngletConservation = estOnglet(recherche.etat)
    ? recherche.etat
    : aLeDroit(acteur, 'elimination.viser')
      ? 'a_eliminer'
      : 'a_archiver'
  const apres = /^[\w-]{1,40}$/.test(recherche.apres ?? '') ? recherche.apres : undefined
  const { etats, libelle } = ONGLETS[onglet]
  const [{ lignes, total }, comptes, bordereaux] = [
    await listerConservation(session, etats, apres),
    await compterConservation(session),
    await listerBordereaux(session),
  ]
  session.consigner({
    action: 'conservation.lister',
    dossiers: lignes.map(({ dossier }) => dossier),
    details: { etat: onglet },
  })
  const durees = listerDurees(dureesDe(session.referentiel.racine), session.jour)
  const adresse = (un: OngletConservation, suite?: string) =>
    `/conservation?${new URLSearchParams({ etat: un, ...(suite ? { apres: suite } : {}) })}`
  const onglets = (Object.keys(ONGLETS) as OngletConservation[]).map(
    (un): Onglet => ({
      href: adresse(un),
      libelle: ONGLETS[un].libelle,
      courant: un === onglet,
      compte: formatNombre(ONGLETS[un].etats.reduce((somme, etat) => somme + (comptes.get(etat) ?? 0), 0)),
    }),
  )
  const barre = Action({ requete, onglet })
  const derniere = lignes.at(-1)
  return page(
    <Cadre
      requete={requete}
      courante="conservation"
      titre="Conservation des données"
      chapo="Un dossier clos reste en base active, passe en archive à accès restreint, puis s’efface après visa. Cette page ne montre aucun nom."
      large
      vues={{ libelle: 'Où en sont les dossiers clos', onglets }}
    >
      <Pile>
        {lignes.length === 0 ? (
          <EtatVide titre={`${libelle} : aucun dossier`}>{VIDES[onglet]}</EtatVide>
        ) : (
          <Tableau<DossierConserve>
            legende={`${libelle} : ${pluriel(total, 'dossier', 'dossiers')}`}
            colonnes={colonnes(requete, onglet)}
            lignes={lignes}
            cle={({ dossier }) => dossier}
            {...(barre
              ? {
                  avant: barre,
                  selection: {
                    nom: 'dossier',
                    valeur: ({ dossier }: DossierConserve) => dossier,
                    libelle: ({ reference }: DossierConserve) => `le dossier ${reference}`,
                  },
                  formulaire: {
                    action: onglet === 'a_eliminer' ? '/conservation/viser' : '/conservation/archive',
                    jeton: connecte.jetonFormulaire,
                    libelle: `${libelle}, choisir des dossiers`,
                  },
                }
              : {})}
            apres={
              (lignes.length === PAR_PAGE || apres !== undefined) && (
                <Pagination
                  libelle="Pages des dossiers"
                  position={`${formatNombre(lignes.length)} sur ${formatNombre(total)}`}
                  precedents={apres === undefined ? undefined : adresse(onglet)}
                  suivants={lignes.length === PAR_PAGE && derniere ? adresse(onglet, derniere.reference) : undefined}
                />
              )
            }
          />
        )}
        {onglet === 'a_eliminer' && (
          <Message>
            <p>
              Rien ne se détruit sans deux visas : celui des Archives départementales, demandé sur cette liste, puis
              celui du délégué à la protection des données, donné ici.
            </p>
          </Message>
        )}
        {bordereaux.length > 0 && (
          <Section titre="Listes visées">
            <Tableau<Bordereau>
              legende="Listes d’élimination visées, la plus récente d’abord"
              largeur="etroit"
              colonnes={colonnesBordereaux}
              lignes={bordereaux}
              cle={({ id }) => id}
            />
          </Section>
        )}
        <p>
          <a href="/conservation/statistiques">Ce qui reste compté des dossiers effacés</a> : des nombres par année,
          sans aucun ménage.
        </p>
        <Section titre="Combien de temps">
          <Tableau<DureeAffichee>
            legende="Durées de conservation, leur source et ce qui reste à vérifier"
            largeur="moyen"
            colonnes={colonnesDurees}
            lignes={durees}
            cle={({ regle }) => regle}
          />
        </Section>
      </Pile>
    </Cadre>,
  )
}

/** Ids ticked in a list. */
export const dossiersChoisis = ({ champs }: Requete): string[] =>
  (champs.dossier ?? []).filter((id) => /^[0-9a-f-]{36}$/.test(id))

/** POST /conservation/archive: what was ticked goes to the archive, or comes back. */
export async function changerArchive(requete: Requete): Promise<Reponse> {
  const { session, champs } = requete
  const dossiers = dossiersChoisis(requete)
  const sortir = champs.action?.[0] === 'sortir'
  const vers = `/conservation?etat=${sortir ? 'archive' : 'a_archiver'}`
  if (dossiers.length === 0) return redirection(vers, { texte: 'Aucun dossier n’était coché.', ton: 'bientot' })
  const n = sortir ? await desarchiverDossiers(session, dossiers) : await archiverDossiers(session, dossiers)
  const texte = sortir
    ? pluriel(n, 'dossier sorti de l’archive.', 'dossiers sortis de l’archive.')
    : `${pluriel(n, 'dossier mis en archive', 'dossiers mis en archive')} : hors des listes, lisible par le secrétariat seul.`
  return redirection(vers, {
    texte,
    ...(dossiers.length === 1 && dossiers[0] !== undefined
      ? {
          defaire: {
            action: '/conservation/archive',
            libelle: 'Défaire',
            champs: { dossier: dossiers[0], action: sortir ? 'archiver' : 'sortir' },
          },
        }
      : {}),
  })
}
