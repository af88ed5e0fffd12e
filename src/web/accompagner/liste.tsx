import type { ReactElement } from 'react'
import { type Acteur, aLeDroit, type Session } from '#acces'
import {
  compterDossiers,
  compterPlusieurs,
  type LigneDossier,
  listerDossiers,
  listerVues,
  type PageDossiers,
  type Tri,
  tris,
  type VueEnregistree,
} from '#dossiers'
import { decrireEtape, ETAPES } from '#procedure'
import type { GroupeChamps } from '#referentiel'
import { formatDate, formatDateCourte, formatMontant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  BarreGroupee,
  Bouton,
  BoutonPost,
  CaseACocher,
  Champ,
  type Colonne,
  EtapeJauge,
  Etiquette,
  Filtres,
  Message,
  type Onglet,
  Pagination,
  PuceEcheance,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseListe,
  CASES,
  type Choix,
  CLES_CASES,
  type CleCase,
  DETTES,
  decrireChoix,
  ECHEANCES,
  ecrireDette,
  ecrireRequete,
  lireChoix,
  lireIgnores,
  lireOffre,
  lireOrdre,
  lirePosition,
  type Offre,
  type Ordre,
  SENS_NATUREL,
  sans,
  versFiltre,
} from './filtre.ts'
import { ecrireCode, etapeCourte, libellesParc } from './libelles.ts'

const TAILLE = 50
/** Found among open dossiers, at most, for a text to be looked for among closed ones too. */
const PEU = 5

/** Views everybody has, within the territory under the eyes of the reader. */
const VUES: readonly { readonly libelle: string; readonly choix: Choix }[] = [
  { libelle: 'Sans preneur', choix: { sans_preneur: 'oui' } },
  { libelle: 'En retard', choix: { echeance: 'retard' } },
  { libelle: 'Audience sous 45 jours', choix: { audience: 'oui' } },
  { libelle: 'Signaux en série', choix: { serie: 'oui' } },
  { libelle: 'Inconnus en procédure', choix: { inconnus: 'oui' } },
]

interface Vue {
  readonly libelle: string
  readonly requete: string
  readonly compte: number
  /** Set on the views the reader saved. */
  readonly id?: string
}

/**
 * Territories of the actor first, then everything, then the useful views, then those the reader saved; each with its exact count. What is shown is counted with them,
 * unless a text narrows it: the search counts what it found.
 */
async function lireVues(
  session: Session,
  offre: Offre,
  siennes: readonly VueEnregistree[],
  choix: Choix,
): Promise<{ readonly total: number; readonly dire: (total: number) => Vue[] }> {
  const gardes = session.acteur.territoires ?? []
  const territoires = offre.territoires.territoires.filter(({ id }) => gardes.includes(id))
  const ici: Choix = choix.territoire === undefined ? {} : { territoire: choix.territoire }
  const enregistrees = siennes.map((vue) => {
    const recherche = Object.fromEntries(new URLSearchParams(vue.requete))
    const sien = lireChoix(recherche, offre)
    return { libelle: vue.nom, choix: sien, requete: ecrireRequete(sien, lireOrdre(recherche, offre.tris)), id: vue.id }
  })
  const livrees: { libelle: string; choix: Choix; requete?: string; id?: string }[] = [
    ...territoires.map(({ id, libelle }) => ({ libelle, choix: { territoire: id } })),
    { libelle: 'Tous', choix: {} },
    ...VUES.filter((vue) => Object.keys(vue.choix).every((cle) => !offre.fermes?.has(cle as keyof Choix))).map(
      (vue) => ({ libelle: vue.libelle, choix: { ...ici, ...vue.choix } }),
    ),
    ...enregistrees,
  ]
  const montre = ecrireRequete(choix)
  const autres = livrees.filter((vue) => ecrireRequete(vue.choix) !== montre)
  const comptes = await compterPlusieurs(session, [
    ...autres.map((vue) => versFiltre(vue.choix, offre)),
    ...(choix.q === undefined ? [versFiltre(choix, offre)] : []),
  ])
  return {
    total: comptes[autres.length] ?? 0,
    dire: (total) =>
      livrees.map((vue) => {
        const rang = autres.indexOf(vue)
        return {
          libelle: vue.libelle,
          requete: vue.requete ?? ecrireRequete(vue.choix),
          compte: (rang < 0 ? undefined : comptes[rang]) ?? total,
          ...(vue.id ? { id: vue.id } : {}),
        }
      }),
  }
}

/** The address without anything opens the territory of whoever keeps one; every other address says what it shows. */
export function avecTerritoire(
  recherche: Readonly<Record<string, string>>,
  acteur: Pick<Acteur, 'role' | 'territoires'>,
): Readonly<Record<string, string>> {
  const [premier] = acteur.territoires ?? []
  return Object.keys(recherche).length === 0 && acteur.role === 'secretariat' && premier !== undefined
    ? { territoire: premier }
    : recherche
}

/** A text that is exactly the reference of the only row found leads to that dossier. */
function trouverReference(texte: string | undefined, { lignes, total }: PageDossiers): string | null {
  const cherchee = texte?.toUpperCase() ?? ''
  const [seule] = lignes
  if (total !== 1 || !seule || !/^[0-9A-Z-]*\d{2}-\d{4,}$/.test(cherchee)) return null
  return seule.reference === cherchee || seule.reference.endsWith(`-20${cherchee}`) ? seule.reference : null
}

/** GET /dossiers. */
export async function listerLesDossiers(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const [offre, siennes] = await Promise.all([lireOffre(session), listerVues(session)])
  const recherche = avecTerritoire(requete.recherche, requete.acteur)
  const choix = lireChoix(recherche, offre)
  const ordre = lireOrdre({ ...recherche, q: choix.q ?? '' }, offre.tris)
  const position = lirePosition(recherche, ordre.tri)
  const lireLesVues = lireVues(session, offre, siennes, choix)
  const demande = {
    filtre: versFiltre(choix, offre),
    tri: ordre.tri,
    inverse: ordre.sens !== SENS_NATUREL[ordre.tri],
    taille: TAILLE,
    compter: async () => (await lireLesVues).total,
  }
  const [lue, lues] = await Promise.all([listerDossiers(session, { ...demande, position }), lireLesVues])
  // A place beyond the end, because rows left since: the list starts again rather than showing nothing.
  const resultats = lue.lignes.length === 0 && lue.total > 0 && position ? await listerDossiers(session, demande) : lue
  const closes = { ...demande.filtre, clos: true }
  const clos =
    choix.q !== undefined && !choix.clos && resultats.total <= PEU && !offre.fermes?.has('clos')
      ? await compterDossiers(session, closes)
      : 0
  const reference =
    trouverReference(choix.q, resultats) ??
    (clos === 1 && resultats.total === 0
      ? trouverReference(choix.q, await listerDossiers(session, { filtre: closes, taille: 1 }))
      : null)
  if (reference !== null) return redirection(`/dossiers/${reference}`)
  const rang = resultats.precedente === null ? 1 : Math.max(1, Math.trunc(Number(recherche.rang)) || 1)
  const vues = lues.dire(resultats.total)
  const ignores = lireIgnores(recherche, offre)
  return page(<PageListe requete={requete} liste={{ choix, ignores, ordre, offre, vues, resultats, clos, rang }} />)
}

interface Liste {
  readonly choix: Choix
  readonly ignores: readonly string[]
  readonly ordre: Ordre
  readonly offre: Offre
  readonly vues: readonly Vue[]
  readonly resultats: PageDossiers
  /** Closed dossiers that answer the same text, when few open ones do. */
  readonly clos: number
  readonly rang: number
}

function titrer(choix: Choix, { total, plafonnee }: PageDossiers): string {
  const nombre = `${plafonnee ? 'Plus de ' : ''}${pluriel(total, 'dossier', 'dossiers')}`
  if (choix.q !== undefined) return `${nombre} pour « ${choix.q} »`
  return choix.clos ? `${nombre} clos` : `${nombre} à accompagner`
}

function FiltresDossiers({ liste, jour }: { liste: Liste; jour: Temporal.PlainDate }): ReactElement {
  const { choix, ordre, offre, resultats } = liste
  const ouvert = (cle: keyof Choix): boolean => !offre.fermes?.has(cle)
  // The usual order is not carried along: a text typed now brings its own.
  const usuel = ordre.tri === lireOrdre({ q: choix.q ?? '' }, offre.tris).tri && ordre.sens === SENS_NATUREL[ordre.tri]
  const tri = usuel ? {} : { tri: ordre.tri, sens: ordre.sens }
  return (
    <Filtres
      action="/dossiers"
      libelle="Filtrer les dossiers"
      resultat={`${pluriel(resultats.total, 'dossier', 'dossiers')} au ${formatDate(jour)}${resultats.plafonnee ? ', les plus ressemblants' : ''}`}
      champs={tri}
      actifs={decrireChoix(choix, offre).map(({ cle, libelle }) => ({
        libelle,
        retirer: adresseListe(sans(choix, cle), ordre),
      }))}
      toutRetirer={adresseListe({}, ordre)}
      plus={
        <>
          {ouvert('critere') && (
            <Selection
              nom="critere"
              libelle="Critère"
              libre
              vide="Tous"
              valeur={choix.critere}
              options={[...offre.criteres.values()].map(({ id, libelle }) => ({ valeur: id, libelle }))}
            />
          )}
          {CLES_CASES.filter(ouvert).map((cle: CleCase) => (
            <CaseACocher key={cle} nom={cle} libelle={CASES[cle]} cochee={choix[cle] !== undefined} />
          ))}
        </>
      }
    >
      {ouvert('q') && (
        <Champ nom="q" genre="search" libelle="Nom, adresse, référence" libre valeur={choix.q} longueurMax={120} />
      )}
      <Selection
        nom="territoire"
        libelle="Territoire"
        libre
        valeur={choix.territoire ?? 'tous'}
        options={[
          { valeur: 'tous', libelle: 'Tous' },
          ...offre.territoires.territoires.map(({ id, libelle }) => ({ valeur: id, libelle })),
          { valeur: 'a_determiner', libelle: 'À déterminer' },
        ]}
      />
      {ouvert('etape') && (
        <Selection
          nom="etape"
          libelle="Étape"
          libre
          vide="Toutes"
          valeur={choix.etape}
          options={ETAPES.filter((etape) => decrireEtape(etape).rang > 0).map((etape) => ({
            valeur: etape,
            libelle: decrireEtape(etape).court,
          }))}
        />
      )}
      {ouvert('parc') && (
        <Selection
          nom="parc"
          libelle="Parc"
          libre
          vide="Tous"
          valeur={choix.parc}
          options={Object.entries(libellesParc).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
      )}
      {ouvert('service') && (
        <Selection
          nom="service"
          libelle="Service"
          libre
          vide="Tous"
          valeur={choix.service}
          options={offre.organismes.map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
        />
      )}
      {ouvert('echeance') && (
        <Selection
          nom="echeance"
          libelle="Échéance"
          libre
          vide="Toutes"
          valeur={choix.echeance}
          options={(['retard', '7', '15', '45', 'sans'] as const).map((valeur) => ({
            valeur,
            libelle: ECHEANCES[valeur],
          }))}
        />
      )}
      {ouvert('dette') && (
        <Selection
          nom="dette"
          libelle="Dette"
          libre
          vide="Toutes"
          valeur={choix.dette}
          options={DETTES.map((valeur) => ({ valeur, libelle: ecrireDette(valeur) }))}
        />
      )}
    </Filtres>
  )
}

/** Cuts between two words: a row stays on one line; the whole text is read, and written in the dossier. */
function abreger(texte: string, longueur: number): string {
  if (texte.length <= longueur) return texte
  const coupe = texte.slice(0, longueur + 1)
  return `${coupe.slice(0, Math.max(coupe.lastIndexOf(' '), longueur / 2)).replace(/(?: (?:au|aux|de|des|du|en|à|ou|et|par))?[ ,]*$/, '')}…`
}

/** A row as it is shown: every value its columns read, the day and the words of the département included, because rows are kept as they were written. */
interface LigneMontree
  extends Pick<
    LigneDossier,
    | 'id'
    | 'reference'
    | 'titulaire'
    | 'commune'
    | 'stade'
    | 'stade_rang'
    | 'dette'
    | 'echeance'
    | 'etat_service'
    | 'en_serie'
  > {
  readonly jour: string
  readonly parc: string
  readonly echeanceLe: string | undefined
  /** Null when no service is foreseen. */
  readonly service: string | null
  readonly criteres: readonly string[]
  readonly signal: string
}

function montrer(ligne: LigneDossier, offre: Offre, jour: Temporal.PlainDate): LigneMontree {
  const { id, reference, titulaire, commune, stade, stade_rang, dette, echeance, etat_service, en_serie } = ligne
  const { echeance_le, dernier_signal_le: signal } = ligne
  return {
    id,
    reference,
    titulaire,
    commune,
    stade,
    stade_rang,
    dette,
    echeance,
    etat_service,
    en_serie,
    jour: jour.toString(),
    parc: ecrireCode(libellesParc, ligne.parc).toLowerCase(),
    echeanceLe: echeance_le === null ? undefined : formatDate(echeance_le),
    service: ligne.organisme_nom === null ? null : nommerService(ligne, offre),
    criteres: [...new Set(ligne.criteres.flatMap((critere) => offre.criteres.get(critere)?.libelle ?? []))],
    signal:
      signal === null ? '' : signal.until(jour).days > 300 ? formatDate(signal).slice(3) : formatDateCourte(signal),
  }
}

/** The first reason to look at this household, and how many more. Criteria the reader may not see are not even counted. */
function CriteresLigne({ ligne: { criteres, en_serie } }: { ligne: LigneMontree }): ReactElement | null {
  const [premier] = en_serie ? ['En série'] : criteres
  if (premier === undefined) return null
  const nombre = criteres.length
  const court = en_serie
    ? `${premier}${nombre > 0 ? ` +${nombre}` : ''}`
    : nombre === 1
      ? abreger(premier, 18)
      : `${nombre} critères`
  return (
    <Etiquette>
      <span aria-hidden="true">{court}</span>
      <span className="sr">{(en_serie ? [premier, ...criteres] : criteres).join(', ')}</span>
    </Etiquette>
  )
}

const SERVICES_COURTS: Readonly<Record<string, string>> = {
  departement: 'Département',
  caf: 'CAF',
  msa: 'MSA',
  adil: 'ADIL',
  ccas: 'CCAS',
  point_conseil_budget: 'Point conseil budget',
}

/** The kind of service is enough when the département has only one of it. */
function nommerService({ service, organisme_nom }: LigneDossier, offre: Offre): string {
  const seul = offre.organismes.filter(({ type }) => type === service).length === 1
  return (seul && service !== null ? SERVICES_COURTS[service] : undefined) ?? organisme_nom ?? ''
}

function ServiceLigne({ ligne }: { ligne: LigneMontree }): ReactElement {
  if (ligne.etat_service === 'sans_preneur') {
    return (
      <Etiquette ton="retard" icone="retard">
        Pris par personne
      </Etiquette>
    )
  }
  if (ligne.service === null) return <span className="note">Aucun prévu</span>
  if (ligne.etat_service === 'prise') return <>{ligne.service}</>
  return (
    <>
      {ligne.service} <span className="note">{ligne.etat_service === 'transmise' ? 'sollicité' : 'à solliciter'}</span>
    </>
  )
}

/** « 26-00412 »: what is said and typed; the search understands it. The address keeps the whole reference. */
const referenceCourte = (reference: string): string => reference.replace(/^[^-]+-20/, '')

/** The group of fields each column shows. */
const GROUPES: Readonly<Record<string, GroupeChamps>> = {
  menage: 'identite',
  stade: 'procedure',
  dette: 'dette',
  echeance: 'procedure',
  service: 'service',
  criteres: 'criteres',
  signal: 'signaux',
}

function colonnes(offre: Offre): readonly Colonne<LigneMontree>[] {
  const toutes: readonly Colonne<LigneMontree>[] = [
    {
      cle: 'menage',
      titre: 'Ménage',
      triable: true,
      principale: true,
      rendre: (ligne) => (
        <>
          <a href={`/dossiers/${ligne.reference}`}>{ligne.titulaire || 'Nom inconnu'}</a>
          <small>{referenceCourte(ligne.reference)}</small>
        </>
      ),
    },
    {
      cle: 'commune',
      titre: 'Commune, parc',
      rendre: ({ commune, parc }) => (
        <>
          {commune} <span className="note">{parc}</span>
        </>
      ),
    },
    {
      cle: 'stade',
      titre: 'Étape',
      triable: true,
      rendre: ({ stade, stade_rang }) => <EtapeJauge rang={stade_rang} libelle={etapeCourte(stade)} />,
    },
    {
      cle: 'dette',
      titre: 'Dette',
      triable: true,
      numerique: true,
      rendre: ({ dette }) => (dette === null ? <span className="note">non connue</span> : formatMontant(dette)),
    },
    {
      cle: 'echeance',
      titre: 'Prochaine échéance',
      triable: true,
      rendre: ({ echeance, echeanceLe, jour }) =>
        echeance ? (
          <PuceEcheance echeance={echeance} aujourdhui={jour} />
        ) : (
          (echeanceLe ?? <span className="note">Aucune</span>)
        ),
    },
    { cle: 'service', titre: 'Qui accompagne', rendre: (ligne) => <ServiceLigne ligne={ligne} /> },
    { cle: 'criteres', titre: 'Critères', rendre: (ligne) => <CriteresLigne ligne={ligne} /> },
    { cle: 'signal', titre: 'Signal', triable: true, rendre: ({ signal }) => signal },
  ]
  return toutes
    .filter(({ cle }) => cle === 'menage' || (offre.voit?.(GROUPES[cle] ?? 'identite') ?? true))
    .map((colonne) =>
      colonne.triable && offre.tris && !offre.tris.some((tri) => tri === colonne.cle)
        ? { ...colonne, triable: false }
        : colonne,
    )
}

function ActionsListe({ requete, liste, adresse }: { requete: Requete; liste: Liste; adresse: string }): ReactElement {
  const { total } = liste.resultats
  const sienne = liste.vues.find((vue) => vue.id !== undefined && vue.requete === adresse)
  const exporter = (format: string) => `/dossiers/export.${format}?${adresse}`
  const dossiers = pluriel(total, 'dossier', 'dossiers')
  return (
    <>
      {sienne?.id === undefined ? (
        <Bouton petit href={`/dossiers/vues?${adresse}`}>
          Enregistrer cette vue
        </Bouton>
      ) : (
        <BoutonPost
          petit
          action="/dossiers/vues/oublier"
          jeton={requete.connecte.jetonFormulaire}
          champs={{ id: sienne.id, nom: sienne.libelle, requete: sienne.requete }}
        >
          Oublier cette vue
        </BoutonPost>
      )}
      {aLeDroit(requete.acteur, 'bailleur.consulter') && (
        <Bouton petit href="/bailleurs">
          Bailleurs
        </Bouton>
      )}
      {aLeDroit(requete.acteur, 'dossier.exporter') && total > 0 && (
        <>
          <Bouton petit icone="import" fichier href={exporter('xlsx')}>
            Exporter {total === 1 ? 'ce dossier' : `ces ${dossiers}`}
          </Bouton>
          <Bouton petit fichier href={exporter('ods')} libelleLu={`ODS : exporter ${dossiers} en ODS`}>
            ODS
          </Bouton>
          <Bouton petit fichier href={exporter('csv')} libelleLu={`CSV : exporter ${dossiers} en CSV`}>
            CSV
          </Bouton>
        </>
      )}
    </>
  )
}

function decrireOrdre({ tri, sens }: Ordre): string {
  const noms = {
    echeance: 'échéance',
    menage: 'ménage',
    dette: 'dette',
    stade: 'étape',
    signal: 'dernier signal',
    ressemblance: 'ressemblance',
  } as const satisfies Record<Tri, string>
  return `Trié par ${noms[tri]}${sens === SENS_NATUREL[tri] ? '' : ', ordre inverse'}`
}

function PageListe({ requete, liste }: { requete: Requete; liste: Liste }): ReactElement {
  const { choix, ignores, ordre, offre, vues, resultats, clos, rang } = liste
  const { lignes, total } = resultats
  const jour = requete.session.jour
  const adresse = ecrireRequete(choix, ordre)
  const onglets: Onglet[] = vues.map((vue) => ({
    href: `/dossiers?${vue.requete}`,
    libelle: vue.libelle,
    compte: formatNombre(vue.compte),
    // A view stays the current one whatever the order of its rows.
    courant: vue.requete === adresse || (vue.id === undefined && vue.requete === ecrireRequete(choix)),
  }))
  const peutConfier = aLeDroit(requete.acteur, 'dossier.reaffecter') && !choix.clos
  const dernier = rang + lignes.length - 1
  return (
    <Cadre
      requete={requete}
      titre={titrer(choix, resultats)}
      courante="accompagner"
      large
      actions={<ActionsListe requete={requete} liste={liste} adresse={adresse} />}
      vues={{ libelle: 'Vues', onglets }}
    >
      <FiltresDossiers liste={liste} jour={jour} />
      {ignores.length > 0 && (
        <Message ton="bientot">
          <p>
            L’adresse demande {ignores.map((ignore) => `« ${ignore} »`).join(', ')}, que cette liste ne propose pas :
            elle en montre donc davantage. Choisir les filtres dans la barre.
          </p>
        </Message>
      )}
      {resultats.plafonnee && (
        <Message>
          <p>
            Trop de dossiers répondent à ce texte : seuls les plus ressemblants sont montrés, comptés et exportés.
            Écrire un nom, une adresse ou une commune de plus.
          </p>
        </Message>
      )}
      {clos > 0 && (
        <Message>
          <p>
            {pluriel(clos, 'dossier clos répond', 'dossiers clos répondent')} aussi à ce texte.{' '}
            <a href={adresseListe({ ...choix, clos: 'oui' }, ordre)}>
              {clos === 1 ? 'Voir le dossier clos' : 'Voir les dossiers clos'}
            </a>
          </p>
        </Message>
      )}
      <Tableau<LigneMontree>
        legende={`${titrer(choix, resultats)}, ${decrireOrdre(ordre).toLowerCase()}, ${pluriel(lignes.length, 'affiché', 'affichés')}`}
        dense
        retenu="dossiers"
        colonnes={colonnes(offre)}
        lignes={lignes.map((ligne) => montrer(ligne, offre, jour))}
        cle={({ id }) => id}
        tri={{
          cle: ordre.tri,
          sens: ordre.sens,
          lien: (cle, sens) => {
            const tri = tris.find((un) => un === cle) ?? 'echeance'
            return adresseListe(choix, { tri, sens: tri === ordre.tri ? sens : SENS_NATUREL[tri] })
          },
        }}
        vide="Aucun dossier ne répond à ces filtres. Retirer un filtre, ou chercher avec moins de mots."
        {...(peutConfier && lignes.length > 0
          ? {
              selection: { nom: 'dossier', valeur: ({ id }) => id, libelle: ({ titulaire }) => titulaire },
              formulaire: {
                action: '/dossiers/choisis',
                jeton: requete.connecte.jetonFormulaire,
                libelle: 'Actions groupées',
                champs: { retour: `/dossiers?${adresse}` },
              },
              avant: (
                <BarreGroupee
                  singulier="dossier choisi"
                  pluriel="dossiers choisis"
                  aucune="Cocher des dossiers, puis choisir une action"
                  libelleAction="Action sur les dossiers choisis"
                  actions={[{ valeur: 'confier', libelle: 'Confier à un service' }]}
                  note="Vous relirez la liste avant de décider. L’action peut être défaite."
                  aside={decrireOrdre(ordre)}
                />
              ),
            }
          : {})}
        apres={
          total === 0 ? undefined : (
            <Pagination
              libelle="Pages de la liste"
              position={`${formatNombre(rang)} à ${formatNombre(dernier)} sur ${formatNombre(total)}`}
              precedents={
                resultats.precedente
                  ? adresseListe(choix, ordre, { position: resultats.precedente, rang: Math.max(1, rang - TAILLE) })
                  : undefined
              }
              suivants={
                resultats.suivante
                  ? adresseListe(choix, ordre, { position: resultats.suivante, rang: dernier + 1 })
                  : undefined
              }
            />
          )
        }
      />
      {requete.acteur.acces.portee === 'organisme' && (
        <p className="note mt2">
          Un dossier urgent que votre organisme ne suit pas ?{' '}
          <a href="/dossiers/exceptionnel">L’ouvrir par exception</a>, avec un motif.
        </p>
      )}
    </Cadre>
  )
}
