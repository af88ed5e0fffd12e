import {
  anneeDe,
  DOSSIERS_PAR_PAGE,
  type DossierRevu,
  etatsSeance,
  listerDossiersComptes,
  listerDossiersRevus,
  listerSeancesPilotees,
  motifsAnnulation,
  originesInscription,
  ouvreUneListe,
} from '#commission'
import { Introuvable } from '#socle/errors'
import { date, number, text } from '#socle/tableur'
import { accorder, formatDate, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { EtatVide, Etiquette, Pagination, PiedCadre, Pile, Tableau } from '../composants/index.ts'
import { BoutonsExport, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { nommerLigne } from './activite.tsx'
import {
  CadrePilotage,
  CommentCestCompte,
  direVue,
  lireVue,
  nommerEtape,
  nommerMenage,
  PILOTAGE,
  type Vue,
} from './commun.tsx'

const LIMITE_EXPORT = 5000
const numeroDe = ({ recherche }: Requete): number => Math.max(1, Math.trunc(Number(recherche.page)) || 1)
const fil = (vue: Vue, libelle: string) => [
  { libelle: 'Pilotage des commissions', href: vue.adresse(PILOTAGE) },
  { libelle },
]

/** Some of what is counted may be of dossiers the reader does not see. */
const direVus = (total: number, comptes: number): string =>
  total === comptes ? '' : ` ${formatNombre(total)} sur ${formatNombre(comptes)} sont dans votre périmètre.`

function Pages({ numero, total, adresse }: { numero: number; total: number; adresse: (page: number) => string }) {
  const pages = Math.ceil(total / DOSSIERS_PAR_PAGE)
  if (pages < 2) return null
  return (
    <Pagination
      libelle="Pages"
      position={`Page ${numero} sur ${pages}`}
      precedents={numero > 1 ? adresse(numero - 1) : undefined}
      suivants={numero < pages ? adresse(numero + 1) : undefined}
    />
  )
}

/** The figure whose list is asked. */
function lireChiffre({ recherche }: Requete, vue: Vue) {
  const cle = recherche.chiffre ?? 'examen'
  if (!ouvreUneListe(cle)) throw new Introuvable()
  const detail = recherche.detail === undefined || recherche.detail === '' ? null : recherche.detail
  const { stade, parc, loyer } = recherche
  return {
    cle,
    detail: detail === '-' ? '' : detail,
    commission: vue.commission?.id ?? null,
    stade: stade || undefined,
    parc: parc || undefined,
    loyer: loyer || undefined,
    brut: detail,
  }
}

const nommerChiffre = (requete: Requete, vue: Vue, { cle, detail }: { cle: string; detail: string | null }): string => {
  const total = nommerLigne(requete, vue.annee, { cle: cle === 'retour' ? 'prononce' : cle, detail: '', part: false })
  const nom = cle === 'saisine' ? 'Étape à la saisine' : total
  return detail === null
    ? nom
    : `${nom}, ${nommerLigne(requete, vue.annee, { cle, detail, part: true }).toLocaleLowerCase('fr')}`
}

/** GET /pilotage/dossiers: the files behind a figure, those the reader sees. */
export async function montrerDossiers(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const vue = await lireVue(requete)
  const chiffre = lireChiffre(requete, vue)
  const numero = numeroDe(requete)
  const { dossiers, total, comptes } = vue.ouvre
    ? await listerDossiersComptes(session, anneeDe(vue.annee), chiffre, { page: numero })
    : { dossiers: [], total: 0, comptes: 0 }
  session.consigner({
    action: 'pilotage.lister',
    dossiers: [...new Set(dossiers.map(({ dossier }) => dossier))],
    details: { chiffre: chiffre.cle, annee: vue.annee, nombre: dossiers.length },
  })
  const nom = nommerChiffre(requete, vue, chiffre)
  const adresse = (n: number, chemin = `${PILOTAGE}/dossiers`) =>
    vue.adresse(chemin, {
      chiffre: chiffre.cle,
      detail: chiffre.brut,
      stade: chiffre.stade ?? null,
      parc: chiffre.parc ?? null,
      loyer: chiffre.loyer ?? null,
      page: n === 1 ? null : String(n),
    })
  return page(
    <Cadre
      requete={requete}
      titre={`${nom} : ${formatNombre(total)}`}
      courante="piloter"
      chapo={`${direVue(vue)}. Une ligne par fois où le dossier est compté.${direVus(total, comptes)}`}
      fil={fil(vue, nom)}
      large
    >
      <Pile>
        {dossiers.length === 0 ? (
          <EtatVide titre="Aucun dossier à montrer">
            {comptes === 0 ? 'Ce chiffre est nul.' : 'Aucun de ces dossiers n’est dans votre périmètre.'}
          </EtatVide>
        ) : (
          <Tableau
            legende={nom}
            lignes={dossiers}
            cle={({ dossier, le, detail }) => `${dossier}|${le}|${detail}`}
            colonnes={[
              {
                cle: 'dossier',
                titre: 'Dossier',
                principale: true,
                rendre: ({ reference, titulaire }) => (
                  <a href={`/dossiers/${reference}`}>{nommerMenage(requete, titulaire) || reference}</a>
                ),
              },
              { cle: 'reference', titre: 'Référence', rendre: ({ reference }) => reference },
              { cle: 'commune', titre: 'Commune', rendre: ({ commune }) => commune },
              { cle: 'commission', titre: 'Commission', rendre: ({ commission }) => commission },
              { cle: 'le', titre: 'Séance', rendre: ({ le }) => formatDate(le) },
              { cle: 'stade', titre: 'Étape alors', rendre: ({ stade }) => nommerEtape(stade) },
              {
                cle: 'detail',
                titre: 'Compté comme',
                rendre: ({ detail }) =>
                  detail === '' ? '' : nommerLigne(requete, vue.annee, { cle: chiffre.cle, detail, part: true }),
              },
            ]}
            apres={<Pages numero={numero} total={total} adresse={adresse} />}
          />
        )}
        {dossiers.length > 0 && (
          <PiedCadre note="L’export contient toute la liste, pas cette seule page.">
            <BoutonsExport
              quoi={`ces ${formatNombre(total)} lignes`}
              lien={(format) => adresse(1, `${PILOTAGE}/dossiers.${format}`)}
            />
          </PiedCadre>
        )}
      </Pile>
    </Cadre>,
  )
}

/** GET /pilotage/dossiers.xlsx, .ods, .csv. */
export const exporterDossiers =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const vue = await lireVue(requete)
    const chiffre = lireChiffre(requete, vue)
    const { dossiers } = vue.ouvre
      ? await listerDossiersComptes(session, anneeDe(vue.annee), chiffre, { limite: LIMITE_EXPORT })
      : { dossiers: [] }
    session.consigner({
      action: 'pilotage.exporter',
      dossiers: [...new Set(dossiers.map(({ dossier }) => dossier))],
      details: { format, quoi: 'dossiers', chiffre: chiffre.cle, annee: vue.annee, nombre: dossiers.length },
    })
    return sortir(requete, {
      nombre: dossiers.length,
      filtre: `${nommerChiffre(requete, vue, chiffre)}, ${direVue(vue)}`,
      construire: (marque) =>
        ecrireFichier(
          `dossiers-commissions-${vue.annee}`,
          {
            name: 'Dossiers',
            mark: marquer(marque),
            header: ['Référence', 'Ménage', 'Commune', 'Commission', 'Séance', 'Étape alors', 'Compté comme'],
            rows: dossiers.map((un) => [
              text(un.reference),
              text(nommerMenage(requete, un.titulaire)),
              text(un.commune),
              text(un.commission),
              date(un.le),
              text(nommerEtape(un.stade)),
              text(
                un.detail === ''
                  ? ''
                  : nommerLigne(requete, vue.annee, { cle: chiffre.cle, detail: un.detail, part: true }),
              ),
            ]),
          },
          format,
        ),
    })
  }

const nommerOrigine = (code: string): string => originesInscription[code as keyof typeof originesInscription] ?? code

/** « Saisine, puis report, puis réexamen ». */
const direOrigines = ({ origines }: DossierRevu): string =>
  origines
    .map((une, rang) => (rang === 0 ? nommerOrigine(une) : nommerOrigine(une).toLocaleLowerCase('fr')))
    .join(', puis ')

/** GET /pilotage/revus: files examined more than once, how often and why. */
export async function montrerRevus(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const vue = await lireVue(requete)
  const numero = numeroDe(requete)
  const { dossiers, total, comptes } = vue.ouvre
    ? await listerDossiersRevus(session, anneeDe(vue.annee), vue.commission?.id ?? null, { page: numero })
    : { dossiers: [], total: 0, comptes: 0 }
  session.consigner({
    action: 'pilotage.lister',
    dossiers: dossiers.map(({ dossier }) => dossier),
    details: { chiffre: 'revus', annee: vue.annee, nombre: dossiers.length },
  })
  const adresse = (n: number) => vue.adresse(`${PILOTAGE}/revus`, { page: n === 1 ? null : String(n) })
  return page(
    <CadrePilotage
      requete={requete}
      vue={vue}
      suite="/revus"
      titre={`Dossiers revus en ${vue.annee}${vue.ouvre ? ` : ${formatNombre(total)}` : ''}`}
      chapo={`Examinés dans l’année, et plus d’une fois en deux ans : combien de fois, et ce qui les a fait revenir.${vue.ouvre ? direVus(total, comptes) : ' Cette liste n’est ouverte qu’à ceux qui lisent les dossiers.'}`}
    >
      <Pile>
        <CommentCestCompte requete={requete} methode="revus" />
        {dossiers.length === 0 ? (
          <EtatVide titre="Aucun dossier revu">Aucun dossier de votre périmètre n’a été examiné deux fois.</EtatVide>
        ) : (
          <>
            <Tableau
              legende="Dossiers examinés plus d’une fois"
              lignes={dossiers}
              cle={({ dossier }) => dossier}
              colonnes={[
                {
                  cle: 'dossier',
                  titre: 'Dossier',
                  principale: true,
                  rendre: ({ reference, titulaire }) => (
                    <a href={`/dossiers/${reference}`}>{nommerMenage(requete, titulaire) || reference}</a>
                  ),
                },
                { cle: 'reference', titre: 'Référence', rendre: ({ reference }) => reference },
                { cle: 'commune', titre: 'Commune', rendre: ({ commune }) => commune },
                { cle: 'fois', titre: 'Examens', numerique: true, rendre: ({ fois }) => formatNombre(fois) },
                { cle: 'origines', titre: 'Ce qui l’a inscrit', large: true, rendre: direOrigines },
                { cle: 'premiere', titre: 'Premier examen', rendre: ({ premiere }) => formatDate(premiere) },
                { cle: 'derniere', titre: 'Dernier', rendre: ({ derniere }) => formatDate(derniere) },
                { cle: 'commissions', titre: 'Commission', rendre: ({ commissions }) => commissions.join(', ') },
              ]}
              apres={<Pages numero={numero} total={total} adresse={adresse} />}
            />
            <PiedCadre note="L’export contient toute la liste, pas cette seule page.">
              <BoutonsExport quoi="ces dossiers" lien={(format) => vue.adresse(`${PILOTAGE}/revus.${format}`)} />
            </PiedCadre>
          </>
        )}
      </Pile>
    </CadrePilotage>,
  )
}

/** GET /pilotage/revus.xlsx, .ods, .csv. */
export const exporterRevus =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const vue = await lireVue(requete)
    const { dossiers } = vue.ouvre
      ? await listerDossiersRevus(session, anneeDe(vue.annee), vue.commission?.id ?? null, { limite: LIMITE_EXPORT })
      : { dossiers: [] }
    session.consigner({
      action: 'pilotage.exporter',
      dossiers: dossiers.map(({ dossier }) => dossier),
      details: { format, quoi: 'revus', annee: vue.annee, nombre: dossiers.length },
    })
    return sortir(requete, {
      nombre: dossiers.length,
      filtre: `dossiers revus, ${direVue(vue)}`,
      construire: (marque) =>
        ecrireFichier(
          `dossiers-revus-${vue.annee}`,
          {
            name: 'Dossiers revus',
            mark: marquer(marque),
            header: [
              'Référence',
              'Ménage',
              'Commune',
              'Examens',
              'Ce qui l’a inscrit',
              'Premier examen',
              'Dernier',
              'Commission',
            ],
            rows: dossiers.map((un) => [
              text(un.reference),
              text(nommerMenage(requete, un.titulaire)),
              text(un.commune),
              number(un.fois),
              text(direOrigines(un)),
              date(un.premiere),
              date(un.derniere),
              text(un.commissions.join(', ')),
            ]),
          },
          format,
        ),
    })
  }

const ETATS = {
  tenue: ['tenue', 'tenues'],
  prevue: ['prévue, pas encore tenue', 'prévues, pas encore tenues'],
  annulee: ['annulée', 'annulées'],
} as const

/** GET /pilotage/seances: the sessions behind their number. */
export async function montrerSeances(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const vue = await lireVue(requete)
  const etat = (Object.keys(ETATS) as (keyof typeof ETATS)[]).find((un) => un === recherche.etat) ?? 'tenue'
  const [seule, plusieurs] = ETATS[etat]
  const toutes = await listerSeancesPilotees(session, anneeDe(vue.annee), vue.commission?.id ?? null)
  const seances = toutes.filter(({ tenue, etat: sien }) =>
    etat === 'tenue' ? tenue : etat === 'annulee' ? sien === 'annulee' : !tenue && sien !== 'annulee',
  )
  session.consigner({ action: 'pilotage.consulter', details: { annee: vue.annee, vue: 'seances', etat } })
  return page(
    <Cadre
      requete={requete}
      titre={`${pluriel(seances.length, 'séance', 'séances')} ${accorder(seances.length, seule, plusieurs)}`}
      courante="piloter"
      chapo={`${direVue(vue)}.`}
      fil={fil(vue, 'Séances')}
    >
      <Tableau
        legende={`Séances ${plusieurs}`}
        largeur="moyen"
        lignes={seances}
        cle={({ seance }) => seance}
        vide="Aucune séance."
        colonnes={[
          {
            cle: 'le',
            titre: 'Séance',
            principale: true,
            rendre: ({ seance, le }) => <a href={`/seances/${seance}`}>{formatDate(le)}</a>,
          },
          { cle: 'commission', titre: 'Commission', rendre: ({ commission_nom }) => commission_nom },
          {
            cle: 'etat',
            titre: 'État',
            rendre: ({ etat: sien, annulee_motif: motif }) =>
              motif === null ? (
                <Etiquette>{etatsSeance[sien as keyof typeof etatsSeance] ?? sien}</Etiquette>
              ) : (
                (motifsAnnulation[motif as keyof typeof motifsAnnulation] ?? motif)
              ),
          },
          ...(vue.diffusion
            ? []
            : [
                {
                  cle: 'examines',
                  titre: 'Examinés',
                  numerique: true,
                  rendre: ({ examines }: (typeof seances)[number]) => formatNombre(examines),
                },
              ]),
        ]}
      />
    </Cadre>,
  )
}
