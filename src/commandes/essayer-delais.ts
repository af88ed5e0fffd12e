import {
  calculerEcheance,
  completerFaits,
  type Delai,
  type Delais,
  type EcheanceCalculee,
  ETAPES_DROIT,
  ecrireComputation,
  ecrireDuree,
  ecrireSource,
  estTenue,
  type FaitDate,
  type Faits,
  type Fiabilite,
  type Lecture,
  type LectureValeur,
  type ResultatEcheance,
  type ResultatValeur,
  resoudreValeur,
  type SourceDelai,
  trouverPreuve,
  uniteDe,
  type Valeur,
  verifierExecution,
} from '#procedure'
import {
  ecrireEuros,
  ecrireJour,
  ecrireReserve,
  evaluerImpayeCaf,
  evaluerSeuilCommandement,
  type Referentiel,
} from '#referentiel'
import type { SituationDroit } from './essayer-delais-lecture.ts'
import { type Essai, montrerSeuil } from './essayer-sortie.ts'

/**
 * Every time limit, value and threshold that a situation concerns, with its source. A rule whose starting fact (or date of attachment) is
 * unknown is left out, unless `tout`: then it says what is missing.
 */
export function essayerDroit(
  {
    referentiel,
    droit,
    departement,
    tout,
  }: {
    readonly referentiel: Referentiel
    readonly droit: Delais
    readonly departement: string
    readonly tout: boolean
  },
  { id, faits: donnes, situation, montants, acte, impaye }: SituationDroit,
  rang: number,
): Essai {
  const faits = completerFaits(droit, donnes, situation)
  const connu = (noms: readonly FaitDate[]) => noms.some((nom) => faits[nom])
  const delais = ordonner(droit.liste)
    .filter(({ depart, imprime }) => tout || connu([...depart, ...(imprime ? [imprime] : [])]))
    .map((delai) => montrerDelai(delai, calculerEcheance(delai, faits, droit.calendrier, situation), faits))
  const valeurs = ordonner(droit.valeurs)
    .filter(({ rattachement }) => tout || connu(rattachement))
    .map((valeur) => montrerValeur(valeur, resoudreValeur(valeur, faits, situation, montants)))
  const seuils = [
    ...(tout || acte.date_acte
      ? [montrerSeuil({ id, rang }, 'commandement_de_payer', evaluerSeuilCommandement(referentiel, departement, acte))]
      : []),
    ...(tout || impaye.date_constitution
      ? [montrerSeuil({ id, rang }, 'impaye_caf', evaluerImpayeCaf(referentiel, impaye))]
      : []),
  ]
  const calendrier = montrerTreve(faits, droit)
  const lignes = [
    ...grouper('Délais', delais),
    ...grouper('Valeurs', valeurs),
    ...grouper(
      'Seuils',
      seuils.map(({ json, lignes: [, ...suite] }) => ({ json, lignes: suite.map((ligne) => `  ${ligne}`) })),
    ),
    ...grouper('Calendrier', calendrier),
  ]
  return {
    json: {
      id,
      departement,
      delais: delais.map(({ json }) => json),
      valeurs: valeurs.map(({ json }) => json),
      seuils: seuils.map(({ json: { id: _situation, ...json } }) => json),
      calendrier: calendrier.map(({ json }) => json),
    },
    lignes: [
      id === null ? `Situation n° ${rang}` : `Situation ${id}`,
      ...(lignes.length > 0 ? lignes : ['  Aucun de ces faits ne fait courir un délai ni ne choisit une valeur.']),
    ],
  }
}

/** In the order of the procedure. */
function ordonner<R extends Delai | Valeur>(regles: readonly R[]): readonly R[] {
  const etapes = Object.keys(ETAPES_DROIT)
  return regles.toSorted((a, b) => etapes.indexOf(a.etape) - etapes.indexOf(b.etape))
}

function grouper(titre: string, essais: readonly Essai[]): readonly string[] {
  return essais.length === 0 ? [] : [`  ${titre}`, ...essais.flatMap(({ lignes }) => lignes)]
}

function entete({ id, libelle, etape }: Delai | Valeur) {
  return { id, libelle, etape: ETAPES_DROIT[etape] }
}

function montrerDelai(delai: Delai, resultat: ResultatEcheance, faits: Faits): Essai {
  if (resultat.issue !== 'calculee') return montrerSans(delai, resultat, { nature: delai.nature })
  const preuve = trouverPreuve(delai, resultat, faits)
  const tenue = preuve && estTenue(resultat, preuve)
  const [lecture] = resultat.lectures
  const dates = resultat.lectures.map(({ termeReporte }) => termeReporte.toString())
  return {
    json: {
      ...entete(delai),
      nature: delai.nature,
      etat: 'calculee',
      valeur: lecture ? ecrireDuree(lecture.duree) : null,
      nombre: lecture?.duree.valeur ?? null,
      unite: lecture?.duree.unite ?? null,
      computation: lecture?.computation ?? null,
      methode: lecture ? ecrireComputation(lecture.computation) : null,
      date: resultat.le.toString(),
      date_brute: lecture?.termeBrut.toString() ?? null,
      date_limite: resultat.limiteLe.toString(),
      dates: dates.length > 0 ? dates : [resultat.le.toString()],
      date_imprimee: resultat.imprimeLe?.toString() ?? null,
      avancee_par: resultat.avanceePar?.texte ?? null,
      depart: { fait: resultat.depart.fait, le: resultat.depart.le.toString() },
      tenue,
      fait_le: preuve?.toString() ?? null,
      lectures: resultat.lectures.map(lectureJson),
      effet_differe: lecture?.effetDiffere ? effetJson(lecture) : null,
      ...provenanceJson(resultat.explications[0].source, lecture),
      a_verifier: resultat.aVerifier,
      reserve: lecture
        ? ecrireReserve({ fiabilite: lecture.fiabilite, verifie_le: lecture.verifieLe }, ...resultat.reserves)
        : resultat.reserves.join(' ') || null,
      reserves: resultat.reserves,
      version: delai.id,
      du: lecture?.version.toString() ?? null,
      manquants: [],
      motif: resultat.explications.map(({ depart, calcul }) => `${depart} : ${calcul}.`).join(' '),
    },
    lignes: [
      `    ${delai.libelle} : ${ecrireDates(resultat)}`,
      ...(preuve ? [`      Fait le ${ecrireJour(preuve)} : ${tenue ? 'dans le délai' : 'hors délai'}.`] : []),
      ...lignesDeLecture(resultat),
    ],
  }
}

function ecrireDates({ le, limiteLe }: EcheanceCalculee): string {
  return limiteLe.equals(le)
    ? `le ${ecrireJour(le)}`
    : `le ${ecrireJour(le)} ou le ${ecrireJour(limiteLe)}, deux lectures`
}

function lignesDeLecture({ explications, lectures, reserves, avanceePar }: EcheanceCalculee): readonly string[] {
  return [
    ...explications.flatMap(({ depart, calcul, source, fiabilite, verification }) => [
      `      ${depart} : ${calcul}.`,
      `      Source : ${source} [${fiabilite} ; ${verification.toLowerCase()}]`,
    ]),
    ...(avanceePar ? [`      ${avanceePar.texte}`] : []),
    ...lectures.flatMap(({ effetDiffere: effet }) =>
      effet
        ? [
            `      ${effet.libelle} : le ${ecrireJour(effet.le)} (${effet.causes.join(', puis ')}). Source : ${ecrireSource(effet.source)}`,
          ]
        : [],
    ),
    ...reserves.map((reserve) => `      Réserve : ${reserve}`),
  ]
}

function lectureJson(lecture: Lecture) {
  return {
    valeur: ecrireDuree(lecture.duree),
    nombre: lecture.duree.valeur,
    unite: lecture.duree.unite,
    date: lecture.termeReporte.toString(),
    date_brute: lecture.termeBrut.toString(),
    du: lecture.version.toString(),
    rattachement: { fait: lecture.rattachement.fait, le: lecture.rattachement.le.toString() },
    ...provenanceJson(lecture.explication.source, lecture),
    reserve: ecrireReserve(
      { fiabilite: lecture.fiabilite, verifie_le: lecture.verifieLe },
      ...(lecture.reserve ? [lecture.reserve] : []),
    ),
    effet_differe: lecture.effetDiffere ? effetJson(lecture) : null,
  }
}

function effetJson({ effetDiffere: effet }: Lecture) {
  if (!effet) return null
  return {
    libelle: effet.libelle,
    date: effet.le.toString(),
    causes: effet.causes,
    source: sourceJson(effet.source),
    fiabilite: effet.fiabilite,
  }
}

function sourceJson({ titre, reference, lien }: SourceDelai) {
  return { titre, reference: reference ?? null, lien: lien ?? null }
}

/** A printed date has no version: its source is the act. */
function provenanceJson(
  titre: string,
  lecture:
    | { readonly source: SourceDelai; readonly fiabilite: Fiabilite; readonly verifieLe: Temporal.PlainDate | null }
    | undefined,
) {
  return {
    source: lecture ? sourceJson(lecture.source) : { titre, reference: null, lien: null },
    fiabilite: lecture?.fiabilite ?? null,
    verifie_le: lecture?.verifieLe?.toString() ?? null,
  }
}

function montrerValeur(valeur: Valeur, resultat: ResultatValeur): Essai {
  if (resultat.issue !== 'valeur') return montrerSans(valeur, resultat, {})
  const [lecture] = resultat.lectures
  return {
    json: {
      ...entete(valeur),
      etat: 'valeur',
      ...lectureValeurJson(lecture),
      lectures: resultat.lectures.map(lectureValeurJson),
      a_verifier: resultat.aVerifier,
      reserve: ecrireReserve({ fiabilite: lecture.fiabilite, verifie_le: lecture.verifieLe }, ...resultat.reserves),
      reserves: resultat.reserves,
      version: valeur.id,
      manquants: [],
      motif: null,
    },
    lignes: [
      `    ${valeur.libelle} : ${resultat.lectures.map(({ texte }) => texte).join(' ; ou ')}${resultat.lectures.length > 1 ? ' (deux lectures)' : ''}`,
      ...(lecture.remplie === null ? [] : [`      Pour ce dossier : ${lecture.remplie ? 'oui' : 'non'}`]),
      ...(lecture.etalement
        ? [
            `      Soit ${lecture.etalement.nombre - 1} mensualités de ${ecrireEuros(lecture.etalement.mensualite)} et une de ${ecrireEuros(lecture.etalement.derniere)}`,
          ]
        : []),
      ...resultat.lectures.map(
        ({ source, fiabilite, verifieLe }) =>
          `      Source : ${ecrireSource(source)}${entreCrochets(ecrireReserve({ fiabilite, verifie_le: verifieLe }))}`,
      ),
      ...resultat.reserves.map((reserve) => `      Réserve : ${reserve}`),
    ],
  }
}

function entreCrochets(reserve: string | null): string {
  return reserve ? ` [${reserve}]` : ''
}

function lectureValeurJson(lecture: LectureValeur) {
  const { contenu } = lecture
  return {
    genre: contenu.genre,
    valeur: lecture.texte,
    unite: uniteDe(contenu),
    contenu,
    remplie: lecture.remplie,
    etalement: lecture.etalement && {
      nombre: lecture.etalement.nombre,
      mensualite_centimes: lecture.etalement.mensualite,
      derniere_centimes: lecture.etalement.derniere,
    },
    rattachement: { fait: lecture.rattachement.fait, le: lecture.rattachement.le.toString() },
    du: lecture.version.toString(),
    ...provenanceJson('', lecture),
  }
}

/** Before the reason; an undetermined answer begins with the word itself. */
const SANS = { indeterminee: '', aucune: 'aucune règle. ', sans_objet: 'sans objet. ' } as const

/** What is missing, or why nothing applies: never the last known value. */
function montrerSans(
  regle: Delai | Valeur,
  resultat: Extract<ResultatEcheance, { issue: keyof typeof SANS }>,
  autres: Readonly<Record<string, unknown>>,
): Essai {
  const motif =
    resultat.issue === 'aucune'
      ? [`${majuscule(resultat.aucune)}.`, resultat.ensuite].filter((phrase) => phrase !== null).join(' ')
      : resultat.texte
  return {
    json: {
      ...entete(regle),
      ...autres,
      etat: resultat.issue,
      valeur: null,
      source: null,
      reserve: null,
      version: regle.id,
      manquants: resultat.issue === 'indeterminee' ? resultat.indetermine : [],
      motif,
    },
    lignes: [
      `    ${regle.libelle} : ${SANS[resultat.issue]}${resultat.issue === 'indeterminee' ? minuscule(motif) : motif}`,
    ],
  }
}

function majuscule(texte: string): string {
  return texte.charAt(0).toUpperCase() + texte.slice(1)
}

function minuscule(texte: string): string {
  return texte.charAt(0).toLowerCase() + texte.slice(1)
}

/** May an eviction be executed on the day given? Only when one is. */
function montrerTreve(faits: Faits, { calendrier }: Delais): readonly Essai[] {
  const le = faits['expulsion.executee'] ?? faits['expulsion.prevue'] ?? faits['evenement.examine']
  if (!le) return []
  const reponse = verifierExecution(calendrier, le)
  const treve = reponse.possible === null ? null : reponse.treve
  const libelle = 'Exécution d’une expulsion ce jour-là, au regard de la trêve hivernale'
  const valeur = reponse.possible === null ? null : reponse.possible ? 'possible' : 'interdite'
  const reserve = treve && ecrireReserve({ fiabilite: treve.fiabilite, verifie_le: treve.verifieLe })
  const motif =
    reponse.possible === null
      ? reponse.indetermine
      : treve
        ? `Trêve ${treve.saison}, du ${ecrireJour(treve.du)} au ${ecrireJour(treve.jusquAu)}.`
        : 'Aucune trêve ce jour-là.'
  return [
    {
      json: {
        id: 'droit/calendrier/treve-hivernale',
        libelle,
        etat: reponse.possible === null ? 'indeterminee' : 'valeur',
        valeur,
        date: le.toString(),
        periode: treve && { saison: treve.saison, du: treve.du.toString(), jusqu_au: treve.jusquAu.toString() },
        source: treve && sourceJson(treve.source),
        reserve,
        motif,
      },
      lignes: [
        `    ${libelle} (${ecrireJour(le)}) : ${valeur ?? 'indéterminé'}. ${motif}`,
        ...(treve ? [`      Source : ${ecrireSource(treve.source)}${entreCrochets(reserve)}`] : []),
      ],
    },
  ]
}
