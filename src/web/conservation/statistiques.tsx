import type { ReactElement } from 'react'
import { petitEffectifAu } from '#commission'
import { listerStatistiquesEffacees, type StatistiqueEffacee } from '#conservation'
import { ISSUES } from '#procedure'
import { maskCounts, type Sum } from '#socle/disclosure'
import { number, text } from '#socle/tableur'
import { formatNombre } from '#socle/typography'
import type { TYPES_FAIT } from '../accompagner/chronologie.tsx'
import { ecrireCode, etapeCourte } from '../accompagner/libelles.ts'
import { ecrireNombre, NON_MONTRE } from '../annees.ts'
import { Cadre } from '../cadre.tsx'
import { BoutonImprimer, EtatVide, PiedCadre, Pile, Section, Tableau } from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'

/** What happened, in words that count: the chronology writes the same for one dossier. */
const EVENEMENTS: Readonly<Record<(typeof TYPES_FAIT)[number], string>> = {
  'dossier.ouvert': 'Ouvertures de dossier',
  'signalement.rattache': 'Signaux rattachés à un dossier connu',
  'signalement.mis_a_jour': 'Signaux mis à jour',
  'signalement.detache': 'Signaux détachés',
  'signalement.retire': 'Signaux retirés',
  'dossier.situe': 'Communes précisées',
  'dossier.situation_defaite': 'Communes reprises',
  'dossier.reparti': 'Désignations d’un service par les règles',
  'dossier.service_retrouve': 'Services revenus avec une étape retrouvée',
  'dossier.non_reparti': 'Dossiers sans service désigné',
  'dossier.reaffecte': 'Changements de service',
  'dossier.reaffectation_defaite': 'Changements de service défaits',
  'tableau.transmis': 'Transmissions par tableau',
  'tableau.refuse': 'Refus d’un service',
  'tableau.sans_reponse': 'Tableaux restés sans réponse',
  'tableau.reponse_reprise': 'Réponses reprises',
  'menage.pris_en_charge': 'Prises en charge',
  'contact.abouti': 'Contacts aboutis',
  'contact.tente': 'Contacts tentés',
  'contact.retire': 'Contacts retirés',
  'contact.retabli': 'Contacts rétablis',
  'bailleur.contacte': 'Contacts avec le bailleur',
  'bailleur.retire': 'Contacts avec le bailleur retirés',
  'loyer.verifie': 'Vérifications de la reprise du loyer',
  'diagnostic.demande': 'Diagnostics demandés',
  'diagnostic.entretien_propose': 'Entretiens de diagnostic proposés',
  'diagnostic.valide': 'Diagnostics validés',
  'diagnostic.remis': 'Diagnostics remis',
  'diagnostic.impossible': 'Diagnostics impossibles',
  'diagnostic.transmis': 'Diagnostics transmis',
  'diagnostic.non_realise': 'Diagnostics non réalisés',
  'diagnostic.rouvert': 'Diagnostics rouverts',
  'renseignement.donne': 'Renseignements donnés',
  'dossiers.reunis': 'Réunions de dossiers',
  'dossiers.separes': 'Séparations de dossiers',
  'participation.ouverte': 'Organismes invités',
  'participation.retiree': 'Organismes retirés',
  'accord.note': 'Accords et refus notés',
  'consultation.ouverte': 'Consultations de la cellule',
  'consultation.conclue': 'Consultations conclues',
  'consultation.retiree': 'Consultations retirées',
  'consultation.regularisee': 'Consultations régularisées',
  'mesure.suivie': 'Mesures suivies',
  'mesure.point': 'Points de suivi d’une mesure',
  'mesure.terminee': 'Mesures terminées',
  'complexite.marquee': 'Situations dites complexes',
  'complexite.levee': 'Situations qui ne sont plus complexes',
  'dossier.clos': 'Clôtures',
  'dossier.rouvert': 'Réouvertures',
  'courrier.envoye': 'Courriers envoyés',
  'bordereau.envoye': 'Transmissions par bordereau',
  'bordereau.retire': 'Bordereaux retirés',
  'courrier.revenu': 'Courriers revenus',
  'courrier.envoi_annule': 'Envois annulés',
  'dette.saisie': 'Écritures de dette',
  'dette.corrigee': 'Écritures de dette corrigées',
  'plan.conclu': 'Plans d’apurement conclus',
  'plan.clos': 'Plans d’apurement terminés',
  'requisition.recue': 'Réquisitions de la force publique reçues',
  'requisition.annulee': 'Réquisitions annulées',
  'enquete.demandee': 'Enquêtes demandées',
  'enquete.remise': 'Enquêtes remises',
  'enquete.non_realisee': 'Enquêtes non réalisées',
  'concours.decide': 'Décisions sur le concours de la force publique',
  'concours.diffuse': 'Décisions diffusées',
  'saisine.deposee': 'Saisines de la commission',
  'concertation.tenue': 'Réunions de concertation',
  'requisition.retiree': 'Réquisitions retirées',
  'depart.signale': 'Départs signalés',
  'expulsion.rendue_compte': 'Comptes rendus d’expulsion',
}

interface Compte {
  readonly cle: string
  readonly annee: number
  readonly libelle: string
  /** Null: below the number under which a household could be found again, or what would give such a number back. */
  readonly nombre: number | null
}

/** In the order they are shown. The whole is not kept: it is the sum of the outcomes. */
const MESURES = ['dossier.ouvert', 'clos', 'dossier.clos', 'dossier.etape', 'fait']
const nommer = (mesure: string, detail: string): string => {
  if (mesure === 'dossier.ouvert') return 'Dossiers ouverts'
  if (mesure === 'clos') return 'Dossiers clos'
  if (mesure === 'dossier.etape') return `Clos à l’étape « ${etapeCourte(detail)} »`
  if (mesure === 'dossier.clos')
    return `Clos : ${detail === '' ? 'issue inconnue' : ecrireCode({ ...ISSUES, sans_signalement: 'Sans signal' }, detail)}`
  return ecrireCode(EVENEMENTS, detail)
}

/** Counts of the whole département by year, newest first; none from which a household could be found again (`seuil`). */
export function compterEffaces(statistiques: readonly StatistiqueEffacee[], seuil: number): readonly Compte[] {
  const cellules = new Map<string, number>()
  const ajouter = (annee: number, mesure: string, detail: string, n: number) => {
    const cle = `${annee}|${mesure}|${detail}`
    cellules.set(cle, (cellules.get(cle) ?? 0) + n)
  }
  for (const { annee, mesure, detail, nombre } of statistiques) {
    ajouter(annee, mesure, detail, nombre)
    if (mesure === 'dossier.clos') ajouter(annee, 'clos', '', nombre)
  }
  const sommes = [...new Set(statistiques.map(({ annee }) => annee))].flatMap((annee) =>
    ['dossier.clos', 'dossier.etape'].map(
      (mesure): Sum => ({
        total: `${annee}|clos|`,
        parts: [...cellules.keys()].filter((cle) => cle.startsWith(`${annee}|${mesure}|`)),
      }),
    ),
  )
  const masquees = maskCounts(cellules, sommes, seuil)
  return [...cellules]
    .map(([cle, nombre]): Compte & { readonly rang: number } => {
      const [annee = '', mesure = '', detail = ''] = cle.split('|')
      return {
        cle,
        annee: Number(annee),
        libelle: nommer(mesure, detail),
        nombre: masquees.has(cle) ? null : nombre,
        rang: MESURES.indexOf(mesure),
      }
    })
    .sort((a, b) => b.annee - a.annee || a.rang - b.rang || a.libelle.localeCompare(b.libelle, 'fr'))
}

async function lire({ session }: Requete): Promise<{ readonly comptes: readonly Compte[]; readonly seuil: number }> {
  const { seuil } = petitEffectifAu(session.referentiel.racine, session.jour)
  return { comptes: compterEffaces(await listerStatistiquesEffacees(session), seuil), seuil }
}

const TableauAnnee = ({ annee, comptes }: { annee: number; comptes: readonly Compte[] }): ReactElement => (
  <Section titre={`Année ${annee}`}>
    <Tableau<Compte>
      legende={`Ce qui reste compté des dossiers effacés, ${annee}`}
      largeur="etroit"
      lignes={comptes}
      cle={({ cle }) => cle}
      colonnes={[
        { cle: 'quoi', titre: 'Ce qui est compté', principale: true, rendre: ({ libelle }) => libelle },
        {
          cle: 'nombre',
          titre: 'Nombre',
          numerique: true,
          rendre: ({ nombre }) => ecrireNombre(nombre),
        },
      ]}
    />
  </Section>
)

/** GET /conservation/statistiques: what is still counted once dossiers are erased (ACC-14). */
export async function montrerStatistiques(requete: Requete): Promise<Reponse> {
  const { comptes, seuil } = await lire(requete)
  requete.session.consigner({ action: 'conservation.lister', details: { statistiques: comptes.length } })
  return page(
    <Cadre
      requete={requete}
      courante="conservation"
      titre="Ce qui reste compté"
      chapo={`Un dossier effacé ne laisse que des nombres, par année. En dessous de ${formatNombre(seuil)}, ou quand il ferait retrouver un nombre plus petit, un nombre n’est pas montré.`}
      fil={[{ libelle: 'Conservation des données', href: '/conservation' }, { libelle: 'Ce qui reste compté' }]}
    >
      <Pile>
        {comptes.length === 0 ? (
          <EtatVide titre="Rien n’a encore été effacé">
            Les nombres paraîtront ici après le premier effacement, le lendemain du jour fixé par le visa.
          </EtatVide>
        ) : (
          <>
            {[...Map.groupBy(comptes, ({ annee }) => annee)].map(([annee, siens]) => (
              <TableauAnnee key={annee} annee={annee} comptes={siens} />
            ))}
            <PiedCadre note="L’export contient ces chiffres, ni plus ni moins.">
              <BoutonImprimer />
              <BoutonsExport quoi="ces chiffres" lien={(format) => `/conservation/statistiques.${format}`} />
            </PiedCadre>
          </>
        )}
      </Pile>
    </Cadre>,
  )
}

/** GET /conservation/statistiques.xlsx, .ods, .csv: exactly what is on screen. */
export const exporterStatistiques =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { comptes } = await lire(requete)
    requete.session.consigner({ action: 'conservation.exporter', details: { format, nombre: comptes.length } })
    return enFichier(
      'dossiers-effaces',
      {
        name: 'Dossiers effacés',
        header: ['Année', 'Ce qui est compté', 'Nombre'],
        rows: comptes.map(({ annee, libelle, nombre }) => [
          number(annee),
          text(libelle),
          nombre === null ? text(NON_MONTRE) : number(nombre),
        ]),
      },
      format,
    )
  }
