import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { acteurSysteme, hacherMotDePasse, installerCompte, lireOrganisme, ouvrirSession, type Role } from '#acces'
import { figerTableaux, preparerEngagements, preparerLeJour, proposerSaisines, traiterImport } from '#jobs'
import {
  escaladerSansReponse,
  lireListe,
  listerListes,
  type ReponseDonnee,
  repartirDossiers,
  repondreListe,
  transmettreDiagnostics,
} from '#repartition'
import { deposerFichier } from '#signalements'
import { projectRoot } from '#socle/config'
import { frozenClock, parisDay } from '#socle/time'
import { type ApplicationOuverte, avecApplication } from './application.ts'
import { installerCommissions } from './demonstration/commissions.ts'
import {
  ANNEE_2019,
  type CommuneDemonstration,
  type ComptesAnnuels,
  ecrireFichier,
  genererAnnee,
  type LigneDemonstration,
} from './demonstration/generateur.ts'
import { creerHasard } from './demonstration/hasard.ts'
import { installerPartage } from './demonstration/partage.ts'
import type { Commande } from './types.ts'

export const MOT_DE_PASSE_DEMONSTRATION = 'demonstration-amont'

interface CompteDemonstration {
  readonly courriel: string
  readonly prenom: string
  readonly nom: string
  readonly organisme: string
  readonly role: Role
  readonly presentation: string
}

const comptes71: readonly CompteDemonstration[] = [
  {
    courriel: 'secretariat@demo.example',
    prenom: 'Claire',
    nom: 'Dumontel',
    organisme: 'SEC71-AUTUN',
    role: 'secretariat',
    presentation: 'secrétariat CCAPEX (reçoit, reconnaît, répartit)',
  },
  {
    courriel: 'social@demo.example',
    prenom: 'Nadia',
    nom: 'Ferhaoui',
    organisme: 'DEP71',
    role: 'service_social',
    presentation: 'service social du Département (répond, accompagne)',
  },
  {
    courriel: 'caf@demo.example',
    prenom: 'Hélène',
    nom: 'Portier',
    organisme: 'CAF71',
    role: 'service_social',
    presentation: 'service social de la CAF',
  },
  {
    courriel: 'adil@demo.example',
    prenom: 'Marc',
    nom: 'Tessier',
    organisme: 'ADIL71',
    role: 'service_social',
    presentation: 'juriste de l’ADIL',
  },
  {
    courriel: 'prefecture@demo.example',
    prenom: 'Odile',
    nom: 'Savigny',
    organisme: 'PREF71',
    role: 'prefecture',
    presentation: 'préfecture (dépose, lit)',
  },
  {
    courriel: 'bailleur@demo.example',
    prenom: 'Yves',
    nom: 'Lamotte',
    organisme: 'OPAC71',
    role: 'emetteur',
    presentation: 'bailleur social (dépose ses fichiers)',
  },
  {
    courriel: 'agence@demo.example',
    prenom: 'Denis',
    nom: 'Marceau',
    organisme: 'AGI71-CHALON',
    role: 'partenaire',
    presentation: 'agence immobilière (répond aux recherches de logement)',
  },
  {
    courriel: 'pilote@demo.example',
    prenom: 'Agnès',
    nom: 'Rivoire',
    organisme: 'PREF71',
    role: 'pilote',
    presentation: 'pilote de la charte pour l’État (règles, versions)',
  },
  {
    courriel: 'copilote@demo.example',
    prenom: 'Bastien',
    nom: 'Laurière',
    organisme: 'DEP71',
    role: 'pilote',
    presentation: 'pilote de la charte pour le Département (règles, versions)',
  },
  {
    courriel: 'dpd@demo.example',
    prenom: 'Irène',
    nom: 'Castagnol',
    organisme: 'DEP71',
    role: 'dpd',
    presentation: 'délégué à la protection des données (journal, alertes)',
  },
  {
    courriel: 'administrateur@demo.example',
    prenom: 'Paul',
    nom: 'Granvaux',
    organisme: 'PREF71',
    role: 'administrateur',
    presentation: 'administrateur (comptes et habilitations, aucun dossier)',
  },
]

const comptesModele: readonly CompteDemonstration[] = [
  {
    courriel: 'secretariat@modele.example',
    prenom: 'Louise',
    nom: 'Arnaudin',
    organisme: 'SEC99',
    role: 'secretariat',
    presentation: 'secrétariat CCAPEX',
  },
  {
    courriel: 'social@modele.example',
    prenom: 'Karim',
    nom: 'Bessonat',
    organisme: 'DEP99',
    role: 'service_social',
    presentation: 'travailleurs sociaux Logement du Département',
  },
  {
    courriel: 'caf@modele.example',
    prenom: 'Solène',
    nom: 'Vauquier',
    organisme: 'CAF99',
    role: 'service_social',
    presentation: 'service social de la CAF',
  },
  {
    courriel: 'agence@modele.example',
    prenom: 'Odette',
    nom: 'Vallier',
    organisme: 'AGI99-NORD',
    role: 'partenaire',
    presentation: 'agence immobilière (répond aux recherches de logement)',
  },
  {
    courriel: 'pilote@modele.example',
    prenom: 'Régis',
    nom: 'Colomban',
    organisme: 'DEP99',
    role: 'pilote',
    presentation: 'pilote de la charte pour le Département',
  },
  {
    courriel: 'copilote@modele.example',
    prenom: 'Inès',
    nom: 'Maréchaux',
    organisme: 'PREF99',
    role: 'pilote',
    presentation: 'pilote de la charte pour l’État',
  },
  {
    courriel: 'dpd@modele.example',
    prenom: 'Benoît',
    nom: 'Larquier',
    organisme: 'DEP99',
    role: 'dpd',
    presentation: 'délégué à la protection des données (journal, alertes)',
  },
  {
    courriel: 'administrateur@modele.example',
    prenom: 'Sylvie',
    nom: 'Brunelot',
    organisme: 'DEP99',
    role: 'administrateur',
    presentation: 'administrateur (comptes et habilitations)',
  },
]

/** Accounts of the demonstration: invented people, one common password, never created elsewhere. */
export function comptesDemonstration(departement: string): readonly CompteDemonstration[] {
  return departement === '71' ? comptes71 : comptesModele
}

const POIDS_71: Readonly<Record<string, number>> = {
  'Chalon-sur-Saône': 90,
  Mâcon: 70,
  'Le Creusot': 45,
  'Montceau-les-Mines': 38,
  Autun: 28,
  'Saint-Vallier': 16,
  'Paray-le-Monial': 16,
  Gueugnon: 14,
  Louhans: 14,
  Tournus: 12,
  Digoin: 14,
  Chagny: 11,
  Torcy: 10,
  Cluny: 8,
  Montchanin: 10,
  Charolles: 6,
  Épinac: 5,
  'Bourbon-Lancy': 8,
  'Charnay-lès-Mâcon': 8,
}

function lireCommunes(departement: string): CommuneDemonstration[] {
  if (departement !== '71') {
    return readFileSync(join(projectRoot, 'donnees/departements/modele-pdalhpd/territoires.csv'), 'utf8')
      .split(/\r?\n/)
      .slice(1)
      .filter((ligne) => ligne !== '')
      .map((ligne) => ({ nom: ligne.split(';')[1] ?? '', codePostal: '99000', poids: 5 }))
  }
  return readFileSync(join(projectRoot, 'donnees/nomenclatures/communes-71.csv'), 'utf8')
    .split(/\r?\n/)
    .slice(1)
    .filter((ligne) => ligne !== '')
    .map((ligne) => {
      const [, nom = '', codePostal = ''] = ligne.split(';')
      return { nom, codePostal: codePostal.split(',')[0] ?? '', poids: POIDS_71[nom] ?? 0.6 }
    })
}

const EMETTEURS_71 = {
  caf: 'CAF71',
  bailleur_social: 'OPAC71',
  commissaires_de_justice: 'CDJ71',
  prefecture: 'PREF71',
} as const
const EMETTEURS_MODELE = {
  caf: 'CAF99',
  bailleur_social: 'BAIL99',
  commissaires_de_justice: 'CDJ99',
  prefecture: 'PREF99',
} as const

async function importerLignes(
  application: ApplicationOuverte,
  dept: string,
  code: string,
  nom: string,
  lignes: readonly LigneDemonstration[],
): Promise<void> {
  const octets = ecrireFichier(lignes)
  const lot = await ouvrirSession(application, acteurSysteme(dept, 'demonstration'), 'lot.deposer', async (session) =>
    deposerFichier(session, {
      organisme: (await lireOrganisme(session, code)).id,
      nom,
      octets,
      recuLe: parisDay(application.horloge.now()),
    }),
  )
  await traiterImport(application, dept, lot.id)
}

/** Services answer most lines: taken, sometimes « pas pour nous », sometimes nothing, so that the demonstration shows every state. */
async function repondreAuxTableaux(
  application: ApplicationOuverte,
  dept: string,
  graine: number,
  tauxSilence: number,
): Promise<void> {
  const hasard = creerHasard(graine)
  const acteur = acteurSysteme(dept, 'demonstration')
  const jour = parisDay(application.horloge.now())
  const listes = await ouvrirSession(application, acteur, 'liste.consulter', (session) =>
    listerListes(session, { limite: 40 }),
  )
  for (const liste of listes.filter((une) => une.date_liste.equals(jour))) {
    await ouvrirSession(application, acteur, 'liste.repondre', async (session) => {
      const { lignes } = await lireListe(session, liste.id)
      const reponses: ReponseDonnee[] = lignes
        .filter((ligne) => ligne.categorie !== 'change' && ligne.etat === 'transmise' && !hasard.chance(tauxSilence))
        .map((ligne) =>
          hasard.chance(liste.service === 'departement' ? 0.01 : 0.14)
            ? {
                rang: ligne.rang,
                reponse: 'pas_pour_nous',
                motif: hasard.parmi([
                  'Ménage inconnu du service',
                  'Ne relève pas de notre public',
                  'Accompagné par un autre service',
                ]),
              }
            : { rang: ligne.rang, reponse: hasard.chance(0.6) ? 'connu' : 'a_son_tour' },
        )
      const refuses = reponses.filter((reponse) => reponse.reponse === 'pas_pour_nous').map((reponse) => reponse.rang)
      await repondreListe(session, liste.id, reponses)
      const dossiers = lignes.filter((ligne) => refuses.includes(ligne.rang)).map((ligne) => ligne.dossier)
      await repartirDossiers(session, dossiers)
    })
  }
}

/** Most diagnoses reach the secretariat in time; some are still due, a few are late. */
async function transmettreLesDiagnostics(application: ApplicationOuverte, dept: string, graine: number): Promise<void> {
  const hasard = creerHasard(graine * 31)
  await ouvrirSession(application, acteurSysteme(dept, 'demonstration'), 'contact.noter', async (session) => {
    const enCours = await session.sql<{
      dossier: string
      proche: boolean
    }>`select dossier, diagnostic_avant <= ${session.jour.add({ days: 35 })} as proche from affectation
      where dept = ${dept} and terminee_a is null and etat = 'prise' and diagnostic_fait_le is null order by dossier`
    await transmettreDiagnostics(
      session,
      enCours.filter(({ proche }) => hasard.chance(proche ? 0.93 : 0.35)).map(({ dossier }) => dossier),
    )
  })
}

/**
 * Loads the demonstration of a département when its base holds no dossier: a year of synthetic signalements through the real import, month after month,
 * with the lists frozen and answered as they would have been. Does nothing on a base that already has dossiers.
 */
export async function chargerDemonstration(
  application: ApplicationOuverte,
  options: { comptes?: ComptesAnnuels; dire?: (texte: string) => void } = {},
): Promise<boolean> {
  const dept = application.departement
  const dire = options.dire ?? ((texte: string) => process.stdout.write(`${texte}\n`))
  const maintenant = application.horloge.now()
  const jour = parisDay(maintenant)
  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE_DEMONSTRATION)
  for (const compte of comptesDemonstration(dept)) {
    await installerCompte(application.base, {
      dept,
      ...compte,
      motDePasse,
      du: jour.subtract({ years: 1 }),
      motif: 'Démonstration',
      a: maintenant,
    })
  }
  const [existe] = await ouvrirSession(
    application,
    acteurSysteme(dept, 'demonstration'),
    'lot.consulter',
    (session) => session.sql<{ n: number }>`select count(*)::int as n from lot where dept = ${dept}`,
  )
  if ((existe?.n ?? 0) > 0) return false
  dire('Chargement de l’année de démonstration (une minute environ, une seule fois)…')
  const comptes =
    options.comptes ??
    (dept === '71'
      ? ANNEE_2019
      : Object.fromEntries(Object.entries(ANNEE_2019).map(([type, n]) => [type, Math.round(n / 10)])))
  const lignes = genererAnnee({
    graine: 71,
    jour,
    comptes,
    communes: lireCommunes(dept),
    bailleurs:
      dept === '71'
        ? ['OPAC de Saône-et-Loire', 'HABELLIS', 'Mâcon Habitat', 'SEMCODA']
        : ['Office public de l’habitat'],
  })
  const emetteurs = dept === '71' ? EMETTEURS_71 : EMETTEURS_MODELE
  for (let mois = 12; mois >= 1; mois--) {
    const fin = mois === 1 ? jour : jour.subtract({ months: mois - 1 })
    const debut = jour.subtract({ months: mois })
    const duMois = lignes.filter(
      ({ le }) =>
        (mois === 12 || Temporal.PlainDate.compare(le, debut) > 0) &&
        (mois === 1 || Temporal.PlainDate.compare(le, fin) <= 0),
    )
    // The month is lived at its end: dossiers, lists and answers carry believable dates.
    const alors = {
      ...application,
      horloge: frozenClock(
        fin.toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: '08:00' }).toInstant().toString(),
      ),
    }
    for (const [emetteur, siennes] of Map.groupBy(duMois, (ligne) => ligne.emetteur)) {
      await importerLignes(alors, dept, emetteurs[emetteur], `${emetteur}-${fin.toString().slice(0, 7)}.csv`, siennes)
    }
    // Monday of that week: the last month leaves its lists to be frozen and answered by the visitor.
    const lundi = fin.subtract({ days: fin.dayOfWeek - 1 })
    if (mois > 1) {
      await figerTableaux(alors, dept, lundi)
      const alorsLundi = {
        ...application,
        horloge: frozenClock(
          lundi.toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: '10:00' }).toInstant().toString(),
        ),
      }
      await repondreAuxTableaux(alorsLundi, dept, mois, mois === 2 ? 0.3 : 0.08)
      await transmettreLesDiagnostics(alors, dept, mois)
      const apres = {
        ...application,
        horloge: frozenClock(
          lundi
            .add({ days: 15 })
            .toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: '05:00' })
            .toInstant()
            .toString(),
        ),
      }
      await ouvrirSession(apres, acteurSysteme(dept, 'demonstration'), 'dossier.reaffecter', (session) =>
        escaladerSansReponse(session),
      )
    }
    dire(`  ${fin.toString().slice(0, 7)} : ${duMois.length} signalements`)
  }
  await preparerLeJour(application, dept)
  await proposerSaisines(application, dept)
  await preparerEngagements(application, dept)
  // The other département sets its commission up from nothing, in the interface.
  if (dept === '71') await installerCommissions(application, 'secretariat@demo.example')
  await installerPartage(application, dept === '71' ? 'demo.example' : 'modele.example')
  return true
}

export const demo: Commande = {
  nom: 'demo',
  resume: 'charge l’année de démonstration dans une base vide',
  aide: `Usage : ./amont demo [--departement CODE]

Charge une année entièrement fictive (pour la Saône-et-Loire, autant d’actes par étape que l’année 2019 publiée dans la charte) et les comptes de démonstration.
Ne fait rien si la base contient déjà des imports.`,
  async executer(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { departement: { type: 'string' }, depart: { type: 'boolean' } },
    })
    return avecApplication('demo', values.departement, async (application) => {
      const charge = await chargerDemonstration(application)
      if (charge) process.stdout.write('Démonstration chargée.\n')
      else if (!values.depart) process.stdout.write('La base contient déjà des données : rien n’a été ajouté.\n')
      return 0
    })
  },
}
