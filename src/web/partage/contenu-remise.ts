import { acteurSysteme, listerOrganismes, ouvrirSession, type Session } from '#acces'
import { enVigueur, ISSUES_PLAN, listerEcritures, listerPlans, nommerEcriture } from '#apurements'
import {
  ecrirePrononce,
  etatsConsultation,
  etatsSaisine,
  lirePosition,
  listerConsultations,
  listerSaisinesDuDossier,
  listerSuites,
  originesSaisine,
} from '#commission'
import { DROITS_MENAGE, listerDemandesMenage, REPONSES_DEMANDE } from '#conservation'
import { CANAUX_COURRIER, listerCourriersDuDossier, nommerModele } from '#courriers'
import {
  etatsDiagnostic,
  listerDiagnostics,
  listerRenseignementsDemandes,
  type RenseignementDemande,
} from '#diagnostics'
import { type Dossier, listerActesSaisis, type Menage } from '#dossiers'
import { type Destinataire, listerSyntheses } from '#echanges'
import { resumerConsultations } from '#journal'
import { moyensAccord, sensAccord } from '#participations'
import { decrireGenre } from '#procedure'
import { canaux, listerOrganismesLies } from '#repartition'
import { libellesTypes } from '#signalements'
import { parisDay } from '#socle/time'
import { formatDate, formatMontant, pluriel } from '#socle/typography'
import type { DossierLu } from '../accompagner/lecture.ts'
import {
  ecrireCode,
  etapeCourte,
  libellesEtatService,
  libellesNatureBailleur,
  libellesParc,
} from '../accompagner/libelles.ts'
import { nommer } from '../accompagner/menage.ts'
import type { Requete } from '../route.ts'
import type { Partage } from './lecture.ts'

/** One line of the export: what it is, and what is kept of it. */
interface LigneRemise {
  readonly quoi: string
  readonly valeur: string
}
export interface PartieRemise {
  readonly titre: string
  readonly lignes: readonly LigneRemise[]
}

const date = (iso: string | undefined): string | null => (iso === undefined ? null : formatDate(iso))
const ouiNon = (valeur: boolean | undefined): string | null => (valeur === undefined ? null : valeur ? 'oui' : 'non')
const lignes = (paires: readonly (readonly [string, string | null | undefined])[]): LigneRemise[] =>
  paires.flatMap(([quoi, valeur]) =>
    valeur === null || valeur === undefined || valeur === '' ? [] : [{ quoi, valeur }],
  )

function duMenage({ titulaire, conjoint, ...menage }: Menage): LigneRemise[] {
  return lignes([
    ['Titulaire', nommer(titulaire)],
    ['Date de naissance', date(titulaire.dateNaissance)],
    ['Conjoint', conjoint && nommer(conjoint)],
    ['Date de naissance du conjoint', date(conjoint?.dateNaissance)],
    ['Situation familiale', menage.situationFamiliale],
    ['Enfants à charge', menage.enfantsACharge?.toString()],
    ['Années de naissance des enfants', menage.anneesNaissanceEnfants?.join(', ')],
    ['Numéro d’allocataire', menage.numeroAllocataire],
    ['Téléphones', menage.telephones.join(', ')],
    ['Courriels', menage.courriels.join(', ')],
    ['RSA', ouiNon(menage.rsa)],
    ['Aide au logement', ouiNon(menage.aideLogement)],
    ['Montant de l’aide', menage.montantAide === undefined ? null : formatMontant(menage.montantAide)],
    ['Aide versée au bailleur', ouiNon(menage.aideVerseeAuBailleur)],
    ['Garantie Visale', ouiNon(menage.garantieVisale)],
    ['Garantie d’Action Logement activée', ouiNon(menage.garantieActionLogement)],
  ])
}

/** Organismes that received or read the dossier: from the journal and from the lists sent. Never a person's name. */
async function destinataires(requete: Requete, dossier: string): Promise<LigneRemise[]> {
  const { session, application } = requete
  const noms = new Map((await listerOrganismes(session)).map(({ id, nom }) => [id, nom]))
  const recus = new Map<string, { premiere: Temporal.PlainDate; derniere: Temporal.PlainDate } | null>()
  for (const { organisme } of await listerOrganismesLies(session, [dossier])) recus.set(organisme, null)
  // Only those who watch over the journal, and the work of the system, read it: the summary is read for this household alone, organismes kept and people left out.
  const lus = await ouvrirSession(
    application,
    acteurSysteme(session.dept, 'droit-acces'),
    'journal.consulter',
    (autre) => {
      autre.consigner({ action: 'journal.consulter', details: { dossier } })
      return resumerConsultations(autre, dossier)
    },
  )
  for (const { compte, organisme, premiere, derniere } of lus) {
    if (compte === null || organisme === null) continue
    const connu = recus.get(organisme)
    const [du, au] = [parisDay(premiere), parisDay(derniere)]
    recus.set(organisme, {
      premiere: connu && Temporal.PlainDate.compare(connu.premiere, du) < 0 ? connu.premiere : du,
      derniere: connu && Temporal.PlainDate.compare(connu.derniere, au) > 0 ? connu.derniere : au,
    })
  }
  return [...recus]
    .map(([id, quand]) => ({
      quoi: noms.get(id) ?? 'Un organisme qui n’est plus actif',
      valeur: quand
        ? `a lu ou traité le dossier entre le ${formatDate(quand.premiere)} et le ${formatDate(quand.derniere)}`
        : 'désigné ou destinataire d’un tableau ; aucune lecture notée',
    }))
    .sort((a, b) => a.quoi.localeCompare(b.quoi, 'fr'))
}

/** What services did with the household and with the landlord, as the secretariat keeps it: days, bodies and words of closed lists. */
async function demarches(session: Session, dossier: Dossier): Promise<PartieRemise[]> {
  const [
    actes,
    courriers,
    ecritures,
    plans,
    diagnostics,
    renseignements,
    saisines,
    syntheses,
    suites,
    position,
    cellule,
    demandes,
  ] = [
    await listerActesSaisis(session, dossier.id),
    await listerCourriersDuDossier(session, dossier.id),
    await listerEcritures(session, dossier.id),
    await listerPlans(session, dossier),
    await listerDiagnostics(session, dossier.id),
    await listerRenseignementsDemandes(session, dossier.id),
    await listerSaisinesDuDossier(session, dossier.id),
    await listerSyntheses(session, dossier.id),
    (await listerSuites(session, { vue: 'toutes', dossier: dossier.id }, { limite: 500 })).suites,
    await lirePosition(session, dossier.id),
    (await listerConsultations(session, { dossier: dossier.id })).consultations,
    await listerDemandesMenage(session, dossier.id),
  ]
  return [
    {
      titre: 'Actes et événements notés par les services',
      lignes: actes
        .filter(({ retire }) => !retire)
        .map(({ genre, le, versions: [{ organismeNom }] }) => ({
          quoi: `${formatDate(le)}, ${decrireGenre(genre).libelle.toLowerCase()}`,
          valeur: `noté par ${organismeNom ?? 'un service'}`,
        })),
    },
    {
      titre: 'Courriers qui vous ont été adressés',
      lignes: courriers.flatMap(({ modele, envoye_le, canal, revenu_le }) =>
        envoye_le === null || canal === null || session.referentiel.courriers.get(modele)?.destinataire !== 'menage'
          ? []
          : [
              {
                quoi: `${formatDate(envoye_le)}, ${CANAUX_COURRIER[canal].toLowerCase()}`,
                valeur: `${nommerModele(session, modele)}${revenu_le === null ? '' : `, revenu le ${formatDate(revenu_le)}`}`,
              },
            ],
      ),
    },
    {
      titre: 'Relevé de votre dette',
      lignes: enVigueur(ecritures).map((ecriture) => ({
        quoi: `${formatDate(ecriture.le)}, ${nommerEcriture(ecriture).toLowerCase()}`,
        valeur: `${formatMontant(ecriture.centimes)}, noté par ${ecriture.organisme_nom}`,
      })),
    },
    {
      titre: 'Plans d’apurement',
      lignes: plans.map(({ conclu_le, dette, mensualite, nombre, organisme_nom, fin }) => ({
        quoi: `Plan du ${formatDate(conclu_le)}, ${organisme_nom}`,
        valeur: `dette de ${formatMontant(dette)}, ${pluriel(nombre, 'mensualité', 'mensualités')} de ${formatMontant(mensualite)}${fin === null ? '' : ` ; ${ISSUES_PLAN[fin.issue].toLowerCase()} le ${formatDate(fin.le)}`}`,
      })),
    },
    {
      titre: 'Diagnostics de votre situation',
      lignes: diagnostics.map(({ saisi_le, organisme_nom, etat, remis_le }) => ({
        quoi: `Demandé le ${formatDate(saisi_le)}, ${organisme_nom}`,
        valeur: `${etatsDiagnostic[etat].toLowerCase()}${remis_le === null ? '' : `, remis le ${formatDate(remis_le)}`}`,
      })),
    },
    {
      titre: 'Ce qui a été demandé à d’autres pour un diagnostic',
      lignes: renseignements.map(({ a, destinataire_nom, organisme_nom, etat, repondu_a }) => ({
        quoi: `${formatDate(parisDay(a))}, demandé à ${destinataire_nom} par ${organisme_nom}`,
        valeur:
          repondu_a === null
            ? REPONSES_RENSEIGNEMENT[etat]
            : `${REPONSES_RENSEIGNEMENT[etat]} le ${formatDate(parisDay(repondu_a))} ; ${organisme_nom} vous donne cette réponse sur demande`,
      })),
    },
    {
      titre: 'Saisines de la commission',
      lignes: saisines.map(({ deposee_a, origine, organisme_nom, etat, seance_le }) => ({
        quoi: `${formatDate(parisDay(deposee_a))}, ${originesSaisine[origine].toLowerCase()}`,
        valeur: `${organisme_nom}, ${etatsSaisine[etat].toLowerCase()}${seance_le === null ? '' : `, séance du ${formatDate(seance_le)}`}`,
      })),
    },
    {
      titre: 'Ce que la commission a dit',
      lignes: [
        ...(position === null
          ? []
          : [
              {
                quoi: `Position commune du ${formatDate(position.prise_le)}`,
                valeur: position.discours || 'sans texte',
              },
            ]),
        // Of an expertise, only that it was rendered: its sense is for the State.
        ...suites.map((suite) => ({
          quoi: `Séance du ${formatDate(suite.seance_le)}, ${suite.genre === 'expertise' ? 'expertise rendue à la demande de l’État' : ecrirePrononce(session, suite.seance_le, suite)}`,
          valeur: suite.organisme_nom === null ? 'sans destinataire dans Amont' : `adressé à ${suite.organisme_nom}`,
        })),
      ],
    },
    {
      titre: 'Consultations de la cellule technique',
      lignes: cellule.map(({ ouverte_a, organisme_nom, etat }) => ({
        quoi: `Ouverte le ${formatDate(parisDay(ouverte_a))} par ${organisme_nom}`,
        valeur: `${etatsConsultation[etat].toLowerCase()} ; les positions sont communiquées sur demande par les organismes qui les ont données`,
      })),
    },
    {
      titre: 'Ce que vous avez demandé sur vos données',
      lignes: demandes.map(({ droit, recue_le, objet, reponse, repondue_le, reponse_texte }) => ({
        quoi: `${formatDate(recue_le)}, ${DROITS_MENAGE[droit].toLowerCase()}`,
        valeur: `${objet}${reponse === null || repondue_le === null ? ' ; réponse à venir' : ` ; ${REPONSES_DEMANDE[reponse].toLowerCase()} le ${formatDate(repondue_le)} : ${reponse_texte}`}`,
      })),
    },
    {
      titre: 'Synthèses produites',
      lignes: syntheses.map(({ destinataire, a, produite_par }) => ({
        quoi: `${formatDate(parisDay(a))}, ${DESTINATAIRES_SYNTHESE[destinataire]}`,
        valeur: `produite par ${produite_par} ; vous pouvez la demander`,
      })),
    },
  ].filter(({ lignes }) => lignes.length > 0)
}

const REPONSES_RENSEIGNEMENT: Readonly<Record<RenseignementDemande['etat'], string>> = {
  ouverte: 'réponse attendue',
  repondue: 'répondu',
  refusee: 'refusé avec un motif',
  retiree: 'demande retirée',
}

const DESTINATAIRES_SYNTHESE: Readonly<Record<Destinataire, string>> = {
  bailleur: 'pour le bailleur',
  juge: 'pour le juge',
  menage: 'pour vous',
}

const FAITS_DE_MESURE: Readonly<Record<string, string>> = {
  'mesure.suivie': 'mesure suivie',
  'mesure.point': 'point de suivi',
  'mesure.terminee': 'mesure terminée',
}

/** What is not given, and why: each line answers the question the household would ask. */
function retenus(lu: DossierLu): LigneRemise[] {
  const textes = lu.contacts.filter(({ issue }) => issue !== '').length
  return lignes([
    [
      'Noms des agents',
      'le nom des personnes qui ont traité le dossier est une donnée les concernant ; leur organisme est donné',
    ],
    [
      'Données du bailleur',
      'seuls son nom et sa qualité au bail sont donnés ; son âge, son numéro d’entreprise et sa situation le concernent',
    ],
    [
      'Textes libres des services',
      textes === 0
        ? null
        : `${textes} texte(s) de contact peuvent citer d’autres personnes : l’organisme qui les a écrits les relit et les communique sur demande`,
    ],
    [
      'Données proches de la santé',
      'le secrétariat ne les lit pas : le service social qui suit le ménage les communique sur demande',
    ],
    [
      'Réponses des diagnostics, des saisines et des demandes au FSL',
      'elles sont données par le service qui a rempli le formulaire avec vous, qui les relit avec vous',
    ],
    [
      'Budget',
      'les ressources et les charges notées avec vous se communiquent par le service qui les a notées : le secrétariat ne les lit pas toutes',
    ],
    [
      'Écrits et échanges des services',
      'notes professionnelles, transmissions, suivi partagé, messages, demandes et pièces peuvent citer d’autres personnes, et le secrétariat n’en lit qu’une part : chaque organisme nommé plus haut relit les siens et les communique sur demande',
    ],
    ['Autres ménages', 'ce qui concerne un autre dossier, même réuni puis séparé, n’est pas donné'],
  ])
}

/** The dossier as its household may have it: everything about it, nothing of third parties, and what is held back with the reason. */
export async function composerRemise(requete: Requete, lu: DossierLu, partage: Partage): Promise<PartieRemise[]> {
  const { dossier } = lu
  const { bail, logement } = dossier
  const nomsObjets = new Map(partage.accords.map(({ objet }) => [objet.code, objet.libelle]))
  return [
    {
      titre: 'Votre foyer',
      lignes: duMenage(dossier.menage),
    },
    {
      titre: 'Votre logement et votre bail',
      lignes: lignes([
        ['Adresse', [logement.adresse, logement.complement].filter((un) => un !== undefined).join(', ')],
        ['Commune', [logement.codePostal, logement.commune].filter((un) => un !== undefined).join(' ')],
        ['Parc', logement.parc && ecrireCode(libellesParc, logement.parc)],
        ['Bailleur', bail.bailleurNom],
        ['Qualité du bailleur', bail.bailleurNature && ecrireCode(libellesNatureBailleur, bail.bailleurNature)],
        ['Date du bail', date(bail.dateBail)],
        ['Loyer', bail.loyer === undefined ? null : formatMontant(bail.loyer)],
        ['Charges', bail.charges === undefined ? null : formatMontant(bail.charges)],
      ]),
    },
    {
      titre: 'Où en est le dossier',
      lignes: lignes([
        ['Référence', dossier.reference],
        ['Ouvert le', formatDate(dossier.ouvert_le)],
        ['Étape', etapeCourte(dossier.stade)],
        ['Dette', dossier.dette === null ? null : formatMontant(dossier.dette)],
        ['Dette au', dossier.dette_le && formatDate(dossier.dette_le)],
        ['Audience', dossier.audience_le && formatDate(dossier.audience_le)],
        ['Service', dossier.organisme_nom],
        ['État du service', dossier.organisme_nom && ecrireCode(libellesEtatService, dossier.etat_service)],
        ...lu.criteres.map(
          ({ genre, libelle }) =>
            [genre === 'auto_saisine' ? 'Critère de la charte' : 'Critère de vulnérabilité', libelle] as const,
        ),
        ...[...dossier.echeances, ...dossier.echeances_service].map(
          ({ libelle, le }) => [libelle, formatDate(le)] as const,
        ),
      ]),
    },
    {
      titre: 'Ce qui a été signalé, et par quel organisme',
      lignes: lu.signaux.map(({ type, organismeNom, dateSignalement, contenu }) => ({
        quoi: `${formatDate(dateSignalement)}, ${ecrireCode(libellesTypes, type)}`,
        valeur: `${organismeNom}${typeof contenu.montant_dette === 'number' ? `, dette de ${formatMontant(contenu.montant_dette)}` : ''}`,
      })),
    },
    {
      titre: 'Contacts avec vous',
      lignes: lu.contacts
        .filter(({ retiree_a }) => retiree_a === null)
        .map(({ le, canal, organisme_nom, aboutie, resultat }) => ({
          quoi: `${formatDate(le)}, ${canaux[canal].toLowerCase()}`,
          valeur: `${organisme_nom}, ${resultat === null ? (aboutie ? 'contact abouti' : 'sans suite') : lu.nomIssue(resultat)}`,
        })),
    },
    {
      titre: 'Mesures d’accompagnement',
      lignes: lu.faits.flatMap(({ type, le, organisme_nom }) => {
        const quoi = FAITS_DE_MESURE[type]
        return quoi ? [{ quoi: `${formatDate(le)}, ${quoi}`, valeur: `noté par ${organisme_nom ?? 'un service'}` }] : []
      }),
    },
    ...(await demarches(requete.session, dossier)),
    {
      titre: 'Ce que vous avez dit ou reçu',
      lignes: partage.accords.flatMap(({ derniere, avant }) =>
        [...(derniere ? [derniere] : []), ...avant].map(({ objet, sens, le, moyen, organisme_nom }) => ({
          quoi: nomsObjets.get(objet) ?? objet,
          valeur: `${sensAccord[sens]} le ${formatDate(le)}, ${moyensAccord[moyen].toLowerCase()}${organisme_nom === null ? '' : `, pour ${organisme_nom}`}`,
        })),
      ),
    },
    { titre: 'Qui a reçu ou lu votre dossier', lignes: await destinataires(requete, dossier.id) },
    { titre: 'Ce qui n’est pas donné ici, et pourquoi', lignes: retenus(lu) },
  ]
}
