import type { ReactElement } from 'react'
import { aLeDroit, listerOrganismes } from '#acces'
import {
  compterFiles,
  ETATS,
  FILES,
  type FileEngagements,
  type FiltreFile,
  files,
  type LigneFile,
  lirePosition,
  listerAbsences,
  listerFile,
  TRIS,
  type TriFile,
} from '#engagements'
import { ETAPES } from '#procedure'
import { libelleTerritoire } from '#referentiel'
import { type Cell, date, text } from '#socle/tableur'
import { accorder, formatDate, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  BarreGroupee,
  Bouton,
  BoutonImprimer,
  EtatVide,
  Filtres,
  Message,
  Onglets,
  Pagination,
  PiedCadre,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { BoutonsExport, direDemande, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { direPortage, EcheanceEngagement, EtatEngagement, estId, etapeCourte, nouvelEnvoi } from './commun.tsx'

const PAR_PAGE = 50
/** More rows than one sheet is for: a narrower queue is asked. */
const MAX_EXPORT = 20_000

const VIDES: Readonly<Record<FileEngagements, readonly [string, string]>> = {
  retard: ['Rien en retard', 'Toutes les échéances connues sont tenues ou à venir.'],
  semaine: ['Rien à rendre cette semaine', 'Voir « Ensuite » pour ce qui n’a pas de date.'],
  a_faire: ['Rien à faire ensuite', 'Les engagements paraissent quand un dossier entre dans une étape.'],
  a_dire: ['Rien à apprécier', 'Aucun engagement n’attend qu’une personne dise s’il s’applique.'],
  proposee: ['Rien de proposé', 'Aucun engagement n’est proposé sans être attendu.'],
  close: ['Rien de clos', 'Ce qui est tenu, ou empêché avec son motif, paraîtra ici.'],
}

interface Vue {
  readonly filtre: FiltreFile
  readonly tri: TriFile
  readonly requete: URLSearchParams
}

const choisir = <T extends string>(texte: string | undefined, connus: readonly T[]): T | undefined =>
  connus.find((un) => un === texte)

/** What the address asks for; unknown values are left out. The queue of another organisme is for those who see the whole département. */
function lireVue({ recherche, acteur }: Requete): Vue {
  const autre = acteur.acces.portee === 'departement' && estId(recherche.organisme) ? recherche.organisme : undefined
  const filtre: FiltreFile = {
    file: choisir(recherche.file, files) ?? 'retard',
    organisme: autre ?? acteur.organisme ?? '',
    pour: choisir(recherche.pour, ['moi', 'personne'] as const),
    stade: choisir(recherche.stade, ETAPES),
    territoire: recherche.territoire || undefined,
    mode: choisir(recherche.mode, ['tache', 'automatique'] as const),
  }
  const tri = choisir(recherche.tri, Object.keys(TRIS) as TriFile[]) ?? 'echeance'
  const requete = new URLSearchParams({ file: filtre.file, tri })
  for (const cle of ['pour', 'stade', 'territoire', 'mode'] as const) {
    const valeur = filtre[cle]
    if (valeur !== undefined) requete.set(cle, valeur)
  }
  if (autre !== undefined) requete.set('organisme', autre)
  return { filtre, tri, requete }
}

const avec = (requete: URLSearchParams, changements: Readonly<Record<string, string | null>>): string => {
  const copie = new URLSearchParams(requete)
  for (const [cle, valeur] of Object.entries(changements))
    if (valeur === null) copie.delete(cle)
    else copie.set(cle, valeur)
  return `/engagements?${copie}`
}

/** Where one acts from: the queue as it is shown. */
const retourDe = ({ requete }: Vue): string => `/engagements?${requete}`

function colonnes(requete: Requete, nommer: (territoire: string | null) => string) {
  const { jour } = requete.session
  return [
    {
      cle: 'menage',
      titre: 'Ménage',
      principale: true,
      triable: true,
      rendre: (ligne: LigneFile) => (
        <>
          <a href={`/dossiers/${ligne.reference}/engagements/${ligne.id}`}>{ligne.titulaire || ligne.reference}</a>
          <small>
            {' '}
            {ligne.reference} {nommer(ligne.territoire)}
          </small>
        </>
      ),
    },
    {
      cle: 'quoi',
      titre: 'Ce qui est attendu',
      large: true,
      rendre: (ligne: LigneFile) => (
        <>
          {ligne.libelle}
          {ligne.mode === 'automatique' && <small> {direPortage(ligne)}</small>}
          {ligne.lu?.limite !== undefined && <small> {ligne.lu.limite}</small>}
        </>
      ),
    },
    { cle: 'etape', titre: 'Étape', triable: true, rendre: (ligne: LigneFile) => etapeCourte(ligne.stade) },
    {
      cle: 'echeance',
      titre: 'Avant',
      triable: true,
      rendre: (ligne: LigneFile) => <EcheanceEngagement tache={ligne} jour={jour} />,
    },
    {
      cle: 'etat',
      titre: 'État',
      rendre: (ligne: LigneFile) => (
        <>
          <EtatEngagement etat={ligne.etat_montre} />
          {ligne.fait_le !== null && <small>le {formatDate(ligne.fait_le)}</small>}
        </>
      ),
    },
    {
      cle: 'agent',
      titre: 'Pour',
      rendre: (ligne: LigneFile) => (
        <>
          {ligne.agent_nom ?? 'personne'}
          {ligne.remplace && <small>remplacé par vous</small>}
        </>
      ),
    },
  ]
}

function PageFile({
  requete,
  vue,
  comptes,
  lignes,
  pagination,
  organismes,
  absent,
}: {
  requete: Requete
  vue: Vue
  comptes: Readonly<Record<FileEngagements, number>>
  lignes: readonly LigneFile[]
  pagination: { readonly avant: string | undefined; readonly apres: string | undefined }
  organismes: readonly { readonly id: string; readonly nom: string }[]
  absent: { readonly nom: string; readonly jusqu_au: Temporal.PlainDate } | null
}): ReactElement {
  const { acteur, session, connecte } = requete
  const { filtre, tri } = vue
  const departement = session.referentiel.departements.get(session.dept)
  const nommer = (territoire: string | null) =>
    departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
  const territoires = departement?.territoires.territoires ?? []
  const nombre = comptes[filtre.file]
  const sien = filtre.organisme === acteur.organisme
  const agir =
    aLeDroit(acteur, 'engagement.tenir') && (sien || acteur.role === 'secretariat') && filtre.file !== 'close'
  const actifs = [
    ...(filtre.pour
      ? [{ libelle: filtre.pour === 'moi' ? 'pour moi' : 'pour personne', retirer: avec(vue.requete, { pour: null }) }]
      : []),
    ...(filtre.stade ? [{ libelle: etapeCourte(filtre.stade), retirer: avec(vue.requete, { stade: null }) }] : []),
    ...(filtre.territoire
      ? [{ libelle: nommer(filtre.territoire), retirer: avec(vue.requete, { territoire: null }) }]
      : []),
    ...(filtre.mode
      ? [
          {
            libelle: filtre.mode === 'tache' ? 'tâches' : 'automatiques',
            retirer: avec(vue.requete, { mode: null }),
          },
        ]
      : []),
  ]
  const [titreVide, texteVide] = VIDES[filtre.file]
  const attendus = comptes.retard + comptes.semaine
  const nomOrganisme = sien ? acteur.organismeNom : (organismes.find(({ id }) => id === filtre.organisme)?.nom ?? '')
  return (
    <Cadre
      requete={requete}
      titre={
        attendus === 0
          ? 'Ce qu’on attend de nous : rien cette semaine'
          : `Ce qu’on attend de nous : ${pluriel(attendus, 'engagement', 'engagements')} cette semaine${comptes.retard > 0 ? `, dont ${formatNombre(comptes.retard)} en retard` : ''}`
      }
      chapo={`${nomOrganisme}. Les engagements de la charte, dossier par dossier. Les demandes des partenaires sont dans « Échanger ».`}
      courante="engagements"
      large
      actions={
        <>
          {aLeDroit(acteur, 'engagement.tenir') && (
            <Bouton petit icone="gens" href="/engagements/absence">
              Absence
            </Bouton>
          )}
          {aLeDroit(acteur, 'action_charte.noter') && (
            <Bouton petit href="/charte/actions">
              Hors dossier
            </Bouton>
          )}
          <BoutonImprimer />
        </>
      }
    >
      {absent !== null && (
        <Message>
          <p>
            Vous êtes absent jusqu’au {formatDate(absent.jusqu_au)} : {absent.nom} voit vos engagements avec les siens.
          </p>
        </Message>
      )}
      <Onglets
        libelle="Files de ce qui est attendu"
        onglets={files.map((file) => ({
          href: avec(vue.requete, { file }),
          libelle: FILES[file],
          compte: formatNombre(comptes[file]),
          courant: file === filtre.file,
        }))}
      />
      <Filtres
        action="/engagements"
        libelle="Filtrer ce qui est attendu"
        resultat={`${formatNombre(nombre)} ${accorder(nombre, 'engagement', 'engagements')}`}
        champs={{ file: filtre.file, tri }}
        actifs={actifs}
        toutRetirer={`/engagements?file=${filtre.file}`}
      >
        <Selection
          nom="pour"
          libelle="Pour"
          libre
          vide="Tout l’organisme"
          valeur={filtre.pour}
          options={[
            { valeur: 'moi', libelle: 'Moi' },
            { valeur: 'personne', libelle: 'Personne encore' },
          ]}
        />
        <Selection
          nom="stade"
          libelle="Étape"
          libre
          vide="Toutes"
          valeur={filtre.stade}
          options={ETAPES.map((valeur) => ({ valeur, libelle: etapeCourte(valeur) }))}
        />
        <Selection
          nom="territoire"
          libelle="Territoire"
          libre
          vide="Tous"
          valeur={filtre.territoire}
          options={territoires.map(({ id, libelle }) => ({ valeur: id, libelle }))}
        />
        <Selection
          nom="mode"
          libelle="Portage"
          libre
          vide="Tous"
          valeur={filtre.mode}
          options={[
            { valeur: 'tache', libelle: 'Tâches' },
            { valeur: 'automatique', libelle: 'Automatiques' },
          ]}
        />
        {acteur.acces.portee === 'departement' && (
          <Selection
            nom="organisme"
            libelle="File de"
            libre
            valeur={filtre.organisme}
            options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
          />
        )}
      </Filtres>
      {nombre === 0 ? (
        <EtatVide titre={titreVide}>
          {actifs.length > 0 ? 'Rien ne répond à ces filtres : en retirer un.' : texteVide}
        </EtatVide>
      ) : (
        <Tableau<LigneFile>
          legende={`${FILES[filtre.file]} : engagements de ${nomOrganisme}`}
          lignes={lignes}
          cle={({ id }) => id}
          tri={{
            cle: tri,
            sens: 'croissant',
            lien: (cle) => avec(vue.requete, { tri: cle }),
          }}
          {...(agir
            ? {
                selection: {
                  nom: 'tache',
                  valeur: ({ id }) => id,
                  libelle: ({ titulaire, reference, libelle }) => `${titulaire || reference} : ${libelle}`,
                },
                formulaire: {
                  action: '/engagements/lot',
                  jeton: connecte.jetonFormulaire,
                  libelle: 'Agir sur plusieurs engagements',
                  champs: { retour: retourDe(vue), envoi: nouvelEnvoi() },
                },
                avant: (
                  <BarreGroupee
                    singulier="engagement choisi"
                    pluriel="engagements choisis"
                    aucune="Cocher des engagements, puis choisir une action"
                    libelleAction="Que faire des engagements choisis"
                    actions={[
                      ...(sien ? [{ valeur: 'prendre', libelle: 'Les prendre pour moi' }] : []),
                      ...(sien ? [{ valeur: 'attribuer', libelle: 'Les passer à un collègue' }] : []),
                      ...(filtre.file === 'a_dire'
                        ? [{ valeur: 'confirmer', libelle: 'Dire qu’ils s’appliquent' }]
                        : []),
                      { valeur: 'faite', libelle: 'Dire qu’ils sont faits, même preuve' },
                      { valeur: 'empechee', libelle: 'Dire ce qui les a empêchés' },
                      { valeur: 'sans_objet', libelle: 'Dire qu’ils ne s’appliquent pas' },
                    ]}
                  />
                ),
              }
            : {})}
          colonnes={colonnes(requete, nommer)}
          apres={
            <>
              <Pagination
                libelle="Pages de la file"
                position={`${pluriel(lignes.length, 'engagement', 'engagements')} sur cette page, ${formatNombre(nombre)} en tout`}
                precedents={pagination.avant}
                suivants={pagination.apres}
              />
              {aLeDroit(acteur, 'dossier.exporter') && (
                <PiedCadre note="L’export contient la file entière, avec ses filtres. Les preuves écrites n’en font pas partie.">
                  <BoutonsExport
                    quoi={nombre === 1 ? 'cet engagement' : `ces ${formatNombre(nombre)} engagements`}
                    lien={(format) => `/engagements/export.${format}?${vue.requete}`}
                  />
                </PiedCadre>
              )}
            </>
          }
        />
      )}
    </Cadre>
  )
}

/** GET /engagements: what is expected of an organisme this week, the late first (ENG-09). */
export async function montrerFile(requete: Requete): Promise<Reponse> {
  const { session, acteur, recherche } = requete
  const vue = lireVue(requete)
  const comptes = await compterFiles(session, vue.filtre)
  // Without a queue named, the first where something waits.
  const file = choisir(recherche.file, files) ?? files.find((une) => une !== 'close' && comptes[une] > 0) ?? 'retard'
  vue.requete.set('file', file)
  const filtre = { ...vue.filtre, file }
  const position = lirePosition(recherche.apres, 'apres') ?? lirePosition(recherche.avant, 'avant')
  const { lignes, avant, apres } = await listerFile(session, filtre, { tri: vue.tri, position, limite: PAR_PAGE })
  session.consigner({
    action: 'engagements.lister',
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
    details: { file, nombre: lignes.length },
  })
  const absences = await listerAbsences(session)
  const sienne = absences.find(
    ({ compte, du }) => compte === acteur.compte && Temporal.PlainDate.compare(du, session.jour) <= 0,
  )
  const premiere = lignes[0]
  const derniere = lignes.at(-1)
  return page(
    <PageFile
      requete={requete}
      vue={{ ...vue, filtre }}
      comptes={comptes}
      lignes={lignes}
      pagination={{
        avant: avant && premiere ? avec(vue.requete, { avant: premiere.position }) : undefined,
        apres: apres && derniere ? avec(vue.requete, { apres: derniere.position }) : undefined,
      }}
      organismes={acteur.acces.portee === 'departement' ? await listerOrganismes(session) : []}
      absent={sienne ? { nom: sienne.remplacant_nom, jusqu_au: sienne.jusqu_au } : null}
    />,
  )
}

/** GET /engagements/export.xlsx, .ods, .csv: the whole queue on screen, with its filters. */
export const exporterFile =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const { filtre, tri } = lireVue(requete)
    const { lignes } = await listerFile(session, filtre, { tri, position: null, limite: MAX_EXPORT })
    const departement = session.referentiel.departements.get(session.dept)
    session.consigner({
      action: 'engagements.exporter',
      dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
      details: { format, file: filtre.file, nombre: lignes.length },
    })
    return sortir(requete, {
      nombre: lignes.length,
      filtre: direDemande(requete.recherche),
      construire: (marque) =>
        ecrireFichier(
          `engagements-${session.jour}`,
          {
            name: FILES[filtre.file],
            header: [
              'Référence',
              'Ménage',
              'Territoire',
              'Étape',
              'Engagement',
              'Libellé',
              'Organisme',
              'Pour',
              'Avant le',
              'État',
              'Clos le',
            ],
            rows: lignes.map((ligne): Cell[] => [
              text(ligne.reference),
              text(ligne.titulaire),
              text(
                departement ? libelleTerritoire(departement.territoires, ligne.territoire) : (ligne.territoire ?? ''),
              ),
              text(etapeCourte(ligne.stade)),
              text(ligne.engagement),
              text(ligne.libelle),
              text(ligne.organisme_nom),
              text(ligne.agent_nom ?? ''),
              ligne.echeance_le ? date(ligne.echeance_le) : text(''),
              text(ETATS[ligne.etat_montre]),
              ligne.fait_le ? date(ligne.fait_le) : text(''),
            ]),
            mark: marquer(marque),
          },
          format,
        ),
    })
  }
