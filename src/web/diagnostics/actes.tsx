import {
  ajouterObservation,
  commencerVolet,
  type Diagnostic,
  declarerImpossible,
  designerAuteur,
  destinatairesEnvoi,
  estVolet,
  etatsVisite,
  issuesEntretien,
  lieuxEntretien,
  lireDiagnostic,
  listerReferents,
  modesEnvoi,
  motifsVisite,
  noterIssueEntretien,
  noterRecu,
  ouvrirDiagnostic,
  proposerEntretien,
  reglerDiagnostic,
  relireDiagnostic,
  telechargerDiagnostic,
  terminerVolet,
  transmettreDiagnostic,
  validerDiagnostic,
} from '#diagnostics'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { listerSecretariats } from '#referentiel'
import { canaux, motifsNonRealise } from '#repartition'
import { Conflit, Introuvable } from '#socle/errors'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, tenter } from '../accompagner/saisie.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { repondreSynthese } from '../ecrits/synthese.tsx'
import { adresseDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { enteteDuVolet } from './ecran.tsx'
import { lirePlace } from './lecture.ts'
import { adresseDiagnostic, PageDiagnostics } from './page.tsx'
import { cleDe, demiJournees, lireChamps, lireEnvoi, type Saisie } from './saisie.ts'

/** GET /dossiers/:reference/diagnostics. */
export async function montrerDiagnostics(requete: Requete): Promise<Reponse> {
  return page(<PageDiagnostics requete={requete} place={await lirePlace(requete)} saisie={null} />)
}

async function refuser(requete: Requete, saisie: Saisie, statut = 422): Promise<Reponse> {
  return page(<PageDiagnostics requete={requete} place={await lirePlace(requete)} saisie={saisie} />, statut)
}

const placeDe = (dossier: Dossier, ancre = ''): string => `${adresseDossier(dossier)}/diagnostics${ancre}`

async function ouvrir(requete: Requete): Promise<{ dossier: Dossier; diagnostic: Diagnostic }> {
  const dossier = await ouvrirDossier(requete)
  const diagnostic = await lireDiagnostic(requete.session, dossier.id, requete.parametres.diagnostic ?? '', true)
  return { dossier, diagnostic }
}

/** One form of the place: reads it, acts, and comes back; refused, the page returns with what was typed. */
async function agir(
  requete: Requete,
  {
    forme,
    action,
    champs,
    erreurs,
    champDe,
    acte,
    vers,
    texte,
  }: {
    forme: string
    action: string
    champs: Readonly<Record<string, string>>
    erreurs: readonly (Erreur | null)[]
    champDe: (code: string) => string
    acte: () => Promise<unknown>
    vers: string
    texte: string
  },
): Promise<Reponse> {
  const manques = erreurs.filter((une) => une !== null)
  if (manques.length > 0) return refuser(requete, { forme, champs, erreurs: manques })
  // What somebody else changed meanwhile is on the page that comes back; what was typed too.
  const resultat = await ouConflit(requete, action, () => tenter(requete.session, action, champDe, acte))
  if (resultat instanceof Conflit)
    return refuser(requete, { forme, champs, erreurs: [{ nom: '', message: resultat.message }] }, 409)
  if (resultat !== null) return refuser(requete, { forme, champs, erreurs: [resultat] })
  return redirection(vers, { texte })
}

const manque = (absent: boolean, nom: string, message: string): Erreur | null => (absent ? { nom, message } : null)

/** Narrowed once the form said it is complete. */
function exiger<T>(valeur: T | null | undefined): T {
  if (valeur === null || valeur === undefined) throw new Introuvable()
  return valeur
}

/** POST /dossiers/:reference/diagnostics: asks a service for it. */
export async function ouvrirUnDiagnostic(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const champs = lireChamps(requete, ['organisme', 'saisi_le', 'origine'])
  const saisiLe = lireJourSaisi(champs.saisi_le ?? '')
  const origine = cleDe({ cascade: '', assignation: '', demande: '' }, champs.origine ?? '')
  return agir(requete, {
    forme: 'ouvrir',
    action: 'diagnostic.ouvrir',
    champs,
    erreurs: [
      manque(champs.organisme === '', 'organisme', 'Choisir le service qui mène le diagnostic.'),
      manque(saisiLe === null, 'saisi_le', 'Donner le jour où le service a été saisi.'),
      manque(origine === null, 'origine', 'Dire d’où vient la demande.'),
    ],
    champDe: (code) => (code === 'diagnostic.saisi_le' ? 'saisi_le' : 'organisme'),
    acte: () =>
      ouvrirDiagnostic(requete.session, dossier, {
        organisme: champs.organisme ?? '',
        origine: exiger(origine),
        saisiLe: exiger(saisiLe),
      }),
    vers: placeDe(dossier),
    texte: 'Diagnostic demandé.',
  })
}

/** POST …/:diagnostic/entretiens. */
export async function proposerUnEntretien(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const champs = lireChamps(requete, ['propose_le', 'canal', 'pour_le', 'demi_journee', 'lieu', 'envoi'])
  const [proposeLe, pourLe] = [lireJourSaisi(champs.propose_le ?? ''), lireJourSaisi(champs.pour_le ?? '')]
  const [canal, lieu] = [cleDe(canaux, champs.canal ?? ''), cleDe(lieuxEntretien, champs.lieu ?? '')]
  return agir(requete, {
    forme: 'entretien',
    action: 'diagnostic.modifier',
    champs,
    erreurs: [
      manque(proposeLe === null, 'propose_le', 'Donner le jour de la proposition.'),
      manque(canal === null, 'canal', 'Dire par quel moyen l’entretien est proposé.'),
      manque(pourLe === null, 'pour_le', 'Donner le jour de l’entretien.'),
      manque(lieu === null, 'lieu', 'Dire où se tient l’entretien.'),
    ],
    champDe: (code) => (code === 'entretien.propose_le' ? 'propose_le' : 'pour_le'),
    acte: () =>
      proposerEntretien(requete.session, diagnostic, {
        proposeLe: exiger(proposeLe),
        canal: exiger(canal),
        pourLe: exiger(pourLe),
        demiJournee: cleDe(demiJournees, champs.demi_journee ?? ''),
        lieu: exiger(lieu),
        envoi: lireEnvoi(requete),
      }),
    vers: placeDe(dossier, '#entretiens'),
    texte: 'Entretien proposé.',
  })
}

/** POST …/:diagnostic/entretiens/:entretien. */
export async function noterUnEntretien(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const entretien = requete.parametres.entretien ?? ''
  const issue = cleDe(issuesEntretien, champ(requete, 'issue'))
  return agir(requete, {
    forme: 'issue',
    action: 'diagnostic.modifier',
    champs: { [`issue-${entretien}`]: champ(requete, 'issue') },
    erreurs: [manque(issue === null, `issue-${entretien}`, 'Dire ce que l’entretien a donné.')],
    champDe: () => `issue-${entretien}`,
    acte: () => noterIssueEntretien(requete.session, diagnostic, { entretien, issue: exiger(issue) }),
    vers: placeDe(dossier, '#entretiens'),
    texte: 'Entretien noté.',
  })
}

/** POST …/:diagnostic/volets/:volet: begins a part and opens it. */
export async function commencerUnVolet(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const { volet } = requete.parametres
  if (!estVolet(volet)) throw new Introuvable()
  let formulaire = ''
  const reponse = await agir(requete, {
    forme: 'volet',
    action: 'diagnostic.modifier',
    champs: {},
    erreurs: [],
    champDe: () => 'volets',
    acte: async () => {
      formulaire = await commencerVolet(requete.session, exigerCles(requete.application), dossier, diagnostic, volet)
    },
    vers: placeDe(dossier),
    texte: 'Volet commencé, prérempli de ce que le dossier sait.',
  })
  return formulaire === ''
    ? reponse
    : redirection(`${placeDe(dossier)}/${formulaire}`, {
        texte: 'Volet commencé, prérempli de ce que le dossier sait.',
      })
}

/** POST …/:diagnostic/volets/:volet/terminer. */
export async function terminerUnVolet(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const { volet } = requete.parametres
  if (!estVolet(volet)) throw new Introuvable()
  return agir(requete, {
    forme: 'volet',
    action: 'diagnostic.modifier',
    champs: {},
    erreurs: [],
    champDe: () => 'volets',
    acte: () =>
      terminerVolet(requete.session, exigerCles(requete.application), dossier, diagnostic, {
        volet,
        vu: Number(champ(requete, 'vu')) || 0,
        marque: champ(requete, 'marque'),
        entete: enteteDuVolet(dossier),
      }),
    vers: placeDe(dossier, '#volets'),
    texte: 'Volet terminé et figé.',
  })
}

/** POST …/:diagnostic/observations. */
export async function recueillirObservations(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const champs = lireChamps(requete, ['de', 'observe_le', 'texte', 'envoi'])
  const le = lireJourSaisi(champs.observe_le ?? '')
  const de = cleDe({ menage: '', bailleur: '' }, champs.de ?? '')
  return agir(requete, {
    forme: 'observation',
    action: 'diagnostic.observer',
    champs,
    erreurs: [
      manque(de === null, 'de', 'Dire de qui viennent ces observations.'),
      manque(le === null, 'observe_le', 'Donner le jour où elles ont été recueillies.'),
      manque(champs.texte === '', 'texte', 'Écrire ce que la personne a dit.'),
    ],
    champDe: (code) => (code === 'observation.le' ? 'observe_le' : 'texte'),
    acte: () =>
      ajouterObservation(requete.session, exigerCles(requete.application), diagnostic, {
        de: exiger(de),
        le: exiger(le),
        texte: champs.texte ?? '',
        envoi: lireEnvoi(requete),
      }),
    vers: placeDe(dossier, '#observations'),
    texte: 'Observations ajoutées.',
  })
}

const REGLAGES = ['visite', 'visite_motif', 'visite_le', 'referent', 'juridique'] as const

/** POST …/:diagnostic/reglages: two people who change them at once see both versions. */
export async function reglerUnDiagnostic(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const champs = lireChamps(requete, REGLAGES)
  if (String(diagnostic.version) !== champ(requete, 'vue'))
    return conflitDeReglages(requete, dossier, diagnostic, champs)
  const visiteLe = lireJourSaisi(champs.visite_le ?? '')
  const CHAMPS: Readonly<Record<string, string>> = { 'visite.le': 'visite_le', 'referent.inconnu': 'referent' }
  return agir(requete, {
    forme: 'reglages',
    action: 'diagnostic.modifier',
    champs,
    erreurs: [
      manque(champs.visite_le !== '' && visiteLe === null, 'visite_le', 'Écrire une date, par exemple 20/11/2026.'),
    ],
    champDe: (code) => CHAMPS[code] ?? 'juridique',
    acte: () =>
      reglerDiagnostic(requete.session, diagnostic, {
        vue: diagnostic.version,
        visite: cleDe(etatsVisite, champs.visite ?? ''),
        visiteMotif: cleDe(motifsVisite, champs.visite_motif ?? ''),
        visiteLe,
        referent: champs.referent || null,
        juridique: champs.juridique ?? '',
      }),
    vers: placeDe(dossier, '#reglages'),
    texte: 'Enregistré.',
  })
}

async function conflitDeReglages(
  requete: Requete,
  dossier: Dossier,
  diagnostic: Diagnostic,
  champs: Readonly<Record<string, string>>,
): Promise<Reponse> {
  requete.session.consigner({
    action: 'diagnostic.modifier',
    resultat: 'refuse',
    details: { code: 'diagnostic.change' },
  })
  const referents = await listerReferents(requete.session)
  const ou = (table: Readonly<Record<string, string>>, code: string | null) => (code ? (table[code] ?? code) : null)
  return pageConflit(requete, {
    message: 'Le diagnostic a changé depuis l’ouverture de votre page.',
    quoi: `Diagnostic n° ${diagnostic.rang} de ${nommerDossier(dossier)}`,
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: nommerDossier(dossier), href: adresseDossier(dossier) },
      { libelle: 'Diagnostic', href: placeDe(dossier) },
      { libelle: 'Deux versions' },
    ],
    versions: [
      {
        cle: 'visite',
        libelle: 'Visite à domicile',
        saisie: ou(etatsVisite, champs.visite ?? ''),
        enregistree: ou(etatsVisite, diagnostic.visite),
      },
      {
        cle: 'visite_le',
        libelle: 'Date de la visite',
        saisie: champs.visite_le || null,
        enregistree: diagnostic.visite_le?.toString() ?? null,
      },
      {
        cle: 'referent',
        libelle: 'Référent du ménage',
        saisie: referents.find(({ id }) => id === champs.referent)?.nom ?? null,
        enregistree: diagnostic.referent_nom,
      },
    ],
    conseil: 'Garder ce qui est enregistré, ou enregistrer votre saisie à sa place.',
    garder: { libelle: 'Garder ce qui est enregistré', href: placeDe(dossier) },
    remplacer: {
      libelle: 'Enregistrer ma saisie',
      action: `${adresseDiagnostic(dossier, diagnostic)}/reglages`,
      champs: { ...champs, vue: String(diagnostic.version) },
    },
  })
}

/** POST …/:diagnostic/relire. */
export async function relireUnDiagnostic(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  return agir(requete, {
    forme: 'relire',
    action: 'diagnostic.modifier',
    champs: {},
    erreurs: [],
    champDe: () => 'valider',
    acte: () => relireDiagnostic(requete.session, diagnostic, Number(champ(requete, 'vue')) || 0),
    vers: placeDe(dossier, '#valider'),
    texte: 'Relu. Il peut être validé.',
  })
}

/** Where a paper copy is sent: the secretariat of the territory (annex 3). Unknown, the line says so. */
function adresseDuSecretariat({ session }: Requete, { territoire }: Dossier): readonly string[] {
  const departement = session.referentiel.departements.get(session.dept)
  const [secretariat] = departement && territoire ? listerSecretariats(departement.territoires, territoire) : []
  return secretariat
    ? [secretariat.organisme, secretariat.service, ...secretariat.adresse].filter(
        (ligne) => ligne !== null && ligne !== '',
      )
    : ['Secrétariat de la CCAPEX du département']
}

/** POST …/:diagnostic/valider: signed, frozen, its exact bytes kept. */
export async function validerUnDiagnostic(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const forme = champ(requete, 'forme') === 'menage_absent' ? 'menage_absent' : 'complet'
  return agir(requete, {
    forme: 'valider',
    action: 'diagnostic.valider',
    champs: {},
    erreurs: [],
    champDe: () => 'valider',
    acte: () =>
      validerDiagnostic(
        requete.session,
        exigerCles(requete.application),
        { dossier, diagnostic, secretariat: adresseDuSecretariat(requete, dossier) },
        { vue: Number(champ(requete, 'vue')) || 0, forme },
      ),
    vers: placeDe(dossier, '#remises'),
    texte:
      forme === 'complet'
        ? 'Diagnostic validé et figé. Il reste à le remettre.'
        : 'Fiche « le ménage n’est pas venu » validée. Il reste à la remettre.',
  })
}

/** POST …/:diagnostic/impossible. */
export async function direImpossible(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const champs = lireChamps(requete, ['motif'])
  const motif = cleDe(motifsNonRealise, champs.motif ?? '')
  return agir(requete, {
    forme: 'impossible',
    action: 'diagnostic.modifier',
    champs,
    erreurs: [manque(motif === null, 'motif', 'Choisir pourquoi le diagnostic n’a pas pu se faire.')],
    champDe: () => 'motif',
    acte: () =>
      declarerImpossible(requete.session, diagnostic, {
        vue: Number(champ(requete, 'vue')) || 0,
        motif: exiger(motif),
      }),
    vers: placeDe(dossier),
    texte: 'Diagnostic dit impossible : le secrétariat le voit.',
  })
}

/** POST …/:diagnostic/remises: to whom, how, which day. */
export async function noterUneRemise(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const champs = lireChamps(requete, ['destinataire', 'mode', 'remis_le', 'aussi_bailleur', 'envoi'])
  const destinataire = cleDe(destinatairesEnvoi, champs.destinataire ?? '')
  const mode = cleDe(modesEnvoi, champs.mode ?? '')
  const le = lireJourSaisi(champs.remis_le ?? '')
  return agir(requete, {
    forme: 'remise',
    action: 'diagnostic.transmettre',
    champs,
    erreurs: [
      manque(destinataire === null, 'destinataire', 'Choisir à qui vous l’avez remis.'),
      manque(mode === null, 'mode', 'Dire comment il a été remis.'),
      manque(le === null, 'remis_le', 'Donner le jour de la remise.'),
    ],
    champDe: (code) => (code === 'envoi.le' ? 'remis_le' : 'destinataire'),
    acte: () =>
      transmettreDiagnostic(requete.session, diagnostic, {
        destinataire: exiger(destinataire),
        mode: exiger(mode),
        le: exiger(le),
        envoi: lireEnvoi(requete),
        aussiBailleur: champs.aussi_bailleur === 'oui',
      }),
    vers: placeDe(dossier, '#remises'),
    texte: 'Remise notée.',
  })
}

/** POST …/:diagnostic/remises/:envoi/recu. */
export async function noterUnRecu(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const envoi = requete.parametres.envoi ?? ''
  const le = lireJourSaisi(champ(requete, 'recu_le'))
  return agir(requete, {
    forme: 'recu',
    action: 'diagnostic.transmettre',
    champs: { [`recu-${envoi}`]: champ(requete, 'recu_le') },
    erreurs: [manque(le === null, `recu-${envoi}`, 'Donner le jour de l’accusé de réception.')],
    champDe: () => `recu-${envoi}`,
    acte: () => noterRecu(requete.session, diagnostic, { envoi, le: exiger(le) }),
    vers: placeDe(dossier, '#remises'),
    texte: 'Accusé de réception noté.',
  })
}

/** GET …/:diagnostic/document: the very bytes, or a partial copy for whoever does not read the whole. */
export async function telechargerUnDiagnostic(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const diagnostic = await lireDiagnostic(requete.session, dossier.id, requete.parametres.diagnostic ?? '')
  const { octets, partiel } = await telechargerDiagnostic(requete.session, exigerCles(requete.application), {
    dossier,
    diagnostic,
    secretariat: adresseDuSecretariat(requete, dossier),
  })
  const nom = `diagnostic-${dossier.reference}-${diagnostic.rang}${partiel ? '-partiel' : ''}.pdf`
  return { genre: 'fichier', nom, type: 'application/pdf', octets }
}

/** GET …/diagnostics/syntheses/:synthese: the synthèse to hand over, for whoever sends it without reading the diagnosis. */
export async function telechargerSyntheseARemettre(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const id = requete.parametres.synthese ?? ''
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Introuvable()
  return repondreSynthese(requete, id, dossier.id)
}

/** POST …/:diagnostic/referent (REP-19): its author becomes the referent of the household. */
export async function designerUnReferent(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrir(requete)
  const accord = champ(requete, 'accord')
  return agir(requete, {
    forme: 'referent',
    action: 'acte.consigner',
    champs: { accord, envoi: lireEnvoi(requete) },
    erreurs: [],
    champDe: () => 'accord',
    acte: () =>
      designerAuteur(requete.session, dossier, diagnostic, {
        accord: accord === 'oui' ? true : accord === 'non' ? false : null,
        envoi: lireEnvoi(requete),
      }),
    vers: placeDe(dossier),
    texte: 'Référent désigné : il est noté dans la situation du ménage.',
  })
}
