import { normalizeForSearch } from '#socle/text'
import type { Acte, Bail, Logement, Menage, Personne, SignalDuDossier } from './types.ts'

type Contenu = SignalDuDossier['contenu']

const texte = (contenu: Contenu, cle: string): string | undefined => {
  const valeur = contenu[cle]
  return typeof valeur === 'string' && valeur !== '' ? valeur : undefined
}
const nombre = (contenu: Contenu, cle: string): number | undefined => {
  const valeur = contenu[cle]
  return typeof valeur === 'number' ? valeur : undefined
}
const booleen = (contenu: Contenu, cle: string): boolean | undefined => {
  const valeur = contenu[cle]
  return typeof valeur === 'boolean' ? valeur : undefined
}

/** Newest signalement first: date of the sender, then day of reception, then id, so that the order never depends on arrival. */
export function trierSignaux(signaux: readonly SignalDuDossier[]): SignalDuDossier[] {
  return [...signaux].sort(
    (a, b) =>
      b.dateSignalement.localeCompare(a.dateSignalement) ||
      b.recuLe.localeCompare(a.recuLe) ||
      a.id.localeCompare(b.id),
  )
}

function premier<T>(signaux: readonly SignalDuDossier[], lire: (contenu: Contenu) => T | undefined): T | undefined {
  for (const signal of signaux) {
    const valeur = lire(signal.contenu)
    if (valeur !== undefined) return valeur
  }
  return undefined
}

/**
 * Who the household is. Senders disagree on spelling and order of names: the couple (name, first name) said most often wins, the newest
 * spelling of it is shown.
 */
function choisirTitulaire(signaux: readonly SignalDuDossier[]): Personne {
  const votes = new Map<string, { n: number; rang: number }>()
  const cleDe = (contenu: Contenu) => {
    const nom = normalizeForSearch(texte(contenu, 'nom_usage') ?? texte(contenu, 'nom_naissance') ?? '').replaceAll(
      ' ',
      '',
    )
    const prenom = normalizeForSearch(texte(contenu, 'prenom') ?? '').replaceAll(' ', '')
    return `${nom}|${prenom}`
  }
  signaux.forEach((signal, rang) => {
    const cle = cleDe(signal.contenu)
    const vote = votes.get(cle)
    if (vote) vote.n += 1
    else votes.set(cle, { n: 1, rang })
  })
  const [gagnante] = [...votes].sort((a, b) => b[1].n - a[1].n || a[1].rang - b[1].rang)[0] ?? ['|']
  const memes = signaux.filter((signal) => cleDe(signal.contenu) === gagnante)
  const lire = (cle: string) => premier(memes, (contenu) => texte(contenu, cle))
  return {
    civilite: lire('civilite'),
    nomUsage: lire('nom_usage') ?? lire('nom_naissance'),
    nomNaissance: lire('nom_naissance'),
    prenom: lire('prenom'),
    dateNaissance: lire('date_naissance') ?? premier(signaux, (contenu) => texte(contenu, 'date_naissance')),
  }
}

const services = { suivi_departement: 'departement', suivi_ccas: 'ccas', suivi_caf: 'caf', suivi_adil: 'adil' } as const

/** Describes the household from its signalements, newest first. An empty column says nothing and erases nothing. */
export function decrireMenage(signaux: readonly SignalDuDossier[]): Menage {
  const lire = <T>(fn: (contenu: Contenu) => T | undefined) => premier(signaux, fn)
  const conjointNom = lire((contenu) => texte(contenu, 'conjoint_nom'))
  const conjointPrenom = lire((contenu) => texte(contenu, 'conjoint_prenom'))
  const uniques = (cle: string) => [
    ...new Set(signaux.map((signal) => texte(signal.contenu, cle)).filter((valeur) => valeur !== undefined)),
  ]
  return {
    titulaire: choisirTitulaire(signaux),
    conjoint:
      conjointNom || conjointPrenom
        ? {
            nomUsage: conjointNom,
            prenom: conjointPrenom,
            dateNaissance: lire((contenu) => texte(contenu, 'conjoint_date_naissance')),
          }
        : undefined,
    situationFamiliale: lire((contenu) => texte(contenu, 'situation_familiale')),
    enfantsACharge: lire((contenu) => nombre(contenu, 'enfants_a_charge')),
    anneesNaissanceEnfants: lire((contenu) => {
      const annees = contenu.annees_naissance_enfants
      return Array.isArray(annees) && annees.length > 0 ? (annees as number[]) : undefined
    }),
    numeroAllocataire: lire((contenu) => texte(contenu, 'numero_allocataire')),
    telephones: uniques('telephone'),
    courriels: uniques('courriel'),
    rsa: lire((contenu) => booleen(contenu, 'rsa')),
    handicap: lire((contenu) => booleen(contenu, 'handicap')),
    perteAutonomie: lire((contenu) => booleen(contenu, 'perte_autonomie')),
    aideLogement: lire((contenu) => booleen(contenu, 'aide_logement')),
    montantAide: lire((contenu) => nombre(contenu, 'montant_aide')),
    aideVerseeAuBailleur: lire((contenu) => booleen(contenu, 'aide_versee_au_bailleur')),
    garantieVisale: lire((contenu) => booleen(contenu, 'garantie_visale')),
    garantieActionLogement: signaux.some(({ type }) => type === 'garantie_action_logement') ? true : undefined,
    // One sender that knows of a follow-up is enough; « non » from another one does not contradict it.
    suivis: Object.entries(services)
      .filter(([cle]) => signaux.some((signal) => signal.contenu[cle] === true))
      .map(([, service]) => service),
  }
}

/** Services for which at least one sender said yes or no: silence is not an answer. */
export function suivisRenseignes(signaux: readonly SignalDuDossier[]): string[] {
  return Object.entries(services)
    .filter(([cle]) => signaux.some((signal) => typeof signal.contenu[cle] === 'boolean'))
    .map(([, service]) => service)
}

export function decrireLogement(signaux: readonly SignalDuDossier[]): Logement {
  const lire = (cle: string) => premier(signaux, (contenu) => texte(contenu, cle))
  return {
    adresse: lire('adresse'),
    complement: lire('complement_adresse'),
    codePostal: lire('code_postal'),
    commune: signaux[0]?.commune,
    parc: lire('parc'),
  }
}

export function decrireBail(signaux: readonly SignalDuDossier[]): Bail {
  const lire = <T>(fn: (contenu: Contenu) => T | undefined) => premier(signaux, fn)
  return {
    bailleurNom: lire((contenu) => texte(contenu, 'bailleur_nom')),
    bailleurSiret: lire((contenu) => texte(contenu, 'bailleur_siret')),
    bailleurNature: lire((contenu) => texte(contenu, 'bailleur_nature')),
    bailleurGestionDirecte: lire((contenu) => booleen(contenu, 'bailleur_gestion_directe')),
    bailleurAnneeNaissance: lire((contenu) => nombre(contenu, 'bailleur_annee_naissance')),
    conventionneAnah: lire((contenu) => booleen(contenu, 'bailleur_conventionne_anah')),
    loyer: lire((contenu) => nombre(contenu, 'loyer')),
    charges: lire((contenu) => nombre(contenu, 'charges')),
    dateBail: lire((contenu) => texte(contenu, 'date_bail')),
    detteDepuis: lire((contenu) => texte(contenu, 'dette_depuis')),
  }
}

/** What somebody reports that dates no step: a signal, read as such. A departure counts once the State has checked it (RFP-27). */
const SANS_ACTE: ReadonlySet<string> = new Set([
  'suspension_aide_logement',
  'diagnostic_antenne',
  'depart_volontaire',
  'changement_de_situation',
])

/** Acts of procedure, oldest first. Two senders reporting the same act on the same day make one act, the first received. */
export function listerActes(signaux: readonly SignalDuDossier[]): Acte[] {
  const actes = new Map<string, Acte>()
  for (const signal of [...signaux].reverse()) {
    if (SANS_ACTE.has(signal.type)) continue
    const audienceLe = texte(signal.contenu, 'date_audience')
    const le = signal.dateActe ?? (signal.type === 'audience' ? audienceLe : undefined) ?? signal.dateSignalement
    const cle = `${signal.type}|${signal.dateActe || signal.type === 'audience' ? le : `${le}|${signal.organisme}`}`
    if (actes.has(cle)) continue
    actes.set(cle, {
      type: signal.type,
      le,
      signalement: signal.id,
      organisme: signal.organismeNom,
      montant: nombre(signal.contenu, 'montant_dette'),
      audienceLe,
      tribunal: texte(signal.contenu, 'tribunal'),
      decision: texte(signal.contenu, 'decision'),
    })
  }
  return [...actes.values()].sort((a, b) => a.le.localeCompare(b.le) || a.type.localeCompare(b.type))
}

/** Known amounts of the debt, oldest first, one per sender and day. */
export function historiqueDette(
  signaux: readonly SignalDuDossier[],
): { le: string; montant: number; organisme: string; signalement: string }[] {
  return [...signaux]
    .reverse()
    .map((signal) => ({
      le: signal.dateSignalement,
      montant: nombre(signal.contenu, 'montant_dette'),
      organisme: signal.organismeNom,
      signalement: signal.id,
    }))
    .filter(
      (point): point is { le: string; montant: number; organisme: string; signalement: string } =>
        point.montant !== undefined,
    )
}

/** Signs that add up: several senders within six months, or a debt that one sender sees grow. */
export function mesurerSerie(
  signaux: readonly SignalDuDossier[],
  jour: Temporal.PlainDate,
): { sources: number; detteEnHausse: boolean; recurrence: boolean } {
  const depuis = jour.subtract({ months: 6 }).toString()
  const sources = new Set(
    signaux.filter((signal) => signal.dateSignalement >= depuis).map((signal) => signal.organisme),
  ).size
  // A debt that grew long ago is no longer news: only senders heard within the six months count.
  const recents = new Set(
    signaux.filter((signal) => signal.dateSignalement >= depuis).map((signal) => signal.organismeNom),
  )
  const parSource = new Map<string, number[]>()
  for (const point of historiqueDette(signaux)) {
    const serie = parSource.get(point.organisme)
    if (serie) serie.push(point.montant)
    else parSource.set(point.organisme, [point.montant])
  }
  const detteEnHausse = [...parSource].some(
    ([source, serie]) => recents.has(source) && serie.length > 1 && (serie.at(-1) ?? 0) > (serie.at(-2) ?? 0),
  )
  const dates = signaux.map((signal) => signal.dateSignalement).sort()
  const recurrence = dates.some((date, rang) => {
    const suivante = dates[rang + 1]
    return (
      suivante !== undefined &&
      Temporal.PlainDate.compare(Temporal.PlainDate.from(date).add({ months: 12 }), suivante) <= 0
    )
  })
  return { sources, detteEnHausse, recurrence }
}

/** « Nom Prénom » sorted the way people look names up; `recherche` holds everything the search box may find. */
export function motsDeRecherche(
  menage: Menage,
  logement: Logement,
  bail: Bail,
  reference: string,
): { nomTri: string; recherche: string; noms: string; titulaire: string } {
  const { titulaire, conjoint } = menage
  const nom = titulaire.nomUsage ?? titulaire.nomNaissance ?? ''
  const titulaireAffiche = `${nom.toLocaleUpperCase('fr')} ${titulaire.prenom ?? ''}`.trim()
  const noms = [
    nom,
    titulaire.prenom,
    titulaire.nomNaissance !== nom ? titulaire.nomNaissance : undefined,
    conjoint?.nomUsage,
    conjoint?.prenom,
  ]
  const mots = [
    ...noms,
    logement.adresse,
    logement.complement,
    logement.codePostal,
    logement.commune,
    bail.bailleurNom,
    menage.numeroAllocataire,
    reference,
  ]
  return {
    titulaire: titulaireAffiche,
    nomTri: normalizeForSearch(`${nom} ${titulaire.prenom ?? ''}`),
    noms: normalizeForSearch(noms.filter((mot) => mot !== undefined).join(' ')),
    recherche: normalizeForSearch(mots.filter((mot) => mot !== undefined).join(' ')),
  }
}
