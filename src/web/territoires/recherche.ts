import {
  type CommuneProposee,
  type LigneTerritoire,
  normaliserCommune,
  proposerCommunes,
  STATUTS_COMMUNE,
  type StatutCommune,
  type Territoires,
  trouverCommune,
} from '#referentiel'
import { contracter, formatDate } from '#socle/typography'

/** Where one commune belongs, and everything that led there. */
export interface CommuneSituee {
  /** The name that was recognised. */
  readonly nom: string
  /** One territory, or none when the lists give none or several. */
  readonly territoire: string | null
  readonly possibles: readonly string[]
  readonly statut: StatutCommune
  /** The commune of today, when it is known. */
  readonly commune: {
    readonly nom: string
    readonly codeInsee: string
    readonly arrondissement: string | null
    readonly codesPostaux: readonly string[]
  } | null
  /** Rows of the lists under this name. */
  readonly lignes: readonly LigneTerritoire[]
  /** Other names of the lists that are now in the same commune. */
  readonly autresNoms: readonly LigneTerritoire[]
  /** The name asked is official no more, and no list prints it. */
  readonly ancienNom: boolean
}

/** What a search answers: one commune, several of a postcode, or names that look like the one asked. */
export interface ReponseCommune {
  readonly trouvees: readonly CommuneSituee[]
  readonly proposees: readonly Pick<CommuneProposee, 'nom' | 'commune'>[]
}

/** A remark of the lists as a person reads it: dates in French, territories by their names. */
export function lireRemarque(territoires: Territoires, remarque: string): string {
  const noms = new Map(territoires.territoires.map(({ id, libelle }) => [id, libelle]))
  return remarque.replace(/\d{4}-\d{2}-\d{2}/g, formatDate).replace(/(?<=liste de : )[a-z0-9, -]+/g, (ids) =>
    ids
      .split(', ')
      .map((id) => noms.get(id) ?? id)
      .join(', '),
  )
}

const PROPOSEES = 10

/** Names that hold every word of the text, or its beginning: « creusot », « gautheret », « saint martin ». */
function contenir(territoires: Territoires, texte: string): ReponseCommune['proposees'] {
  const mots = normaliserCommune(texte)
    .split(' ')
    .filter((mot) => mot.length > 2)
  if (mots.length === 0) return []
  const noms = new Map(
    [
      ...territoires.communes.map(({ nom }) => nom),
      ...territoires.lignes.map(({ nomListe }) => nomListe),
      ...territoires.anciensNoms.map(({ nom }) => nom),
    ].map((nom) => [normaliserCommune(nom), nom]),
  )
  return [...noms]
    .filter(([cle]) => mots.every((mot) => ` ${cle}`.includes(` ${mot}`)))
    .sort(([a], [b]) => a.length - b.length || a.localeCompare(b, 'fr'))
    .flatMap(([, nom]) => {
      const actuel = trouverAncienNom(territoires, nom)?.actuelle.nom ?? nom
      const commune = trouverCommune(territoires, nom) ?? trouverCommune(territoires, actuel)
      return commune ? [{ nom, commune }] : []
    })
}

/** A name that is official no more, and the commune of today it leads to. */
function trouverAncienNom(territoires: Territoires, texte: string) {
  const cherche = normaliserCommune(texte)
  const ancien = territoires.anciensNoms.find(({ nom }) => normaliserCommune(nom) === cherche)
  const actuelle = ancien && territoires.index.communesParCode.get(ancien.codeInsee)
  return ancien && actuelle ? { nom: ancien.nom, actuelle } : null
}

function situer(
  territoires: Territoires,
  nom: string,
  jour: Temporal.PlainDate,
  ancienNom = false,
): CommuneSituee | null {
  const trouvee = trouverCommune(territoires, nom, jour)
  if (!trouvee) return null
  const { index } = territoires
  const lignes = index.lignes.get(normaliserCommune(nom)) ?? []
  const actuelle = trouvee.codeInsee === null ? undefined : index.communesParCode.get(trouvee.codeInsee)
  const memeCode = trouvee.codeInsee === null ? [] : (index.lignesParCode.get(trouvee.codeInsee) ?? [])
  return {
    nom: trouvee.nomListe ?? trouvee.nomActuel ?? nom,
    territoire: trouvee.territoire,
    possibles: trouvee.territoiresPossibles,
    statut: trouvee.statut,
    commune:
      trouvee.codeInsee === null
        ? null
        : {
            nom: actuelle?.nom ?? trouvee.nomActuel ?? nom,
            codeInsee: trouvee.codeInsee,
            arrondissement: trouvee.arrondissement,
            codesPostaux: actuelle?.codesPostaux ?? [],
          },
    lignes,
    autresNoms: memeCode.filter((ligne) => !lignes.includes(ligne)),
    ancienNom,
  }
}

/** Former official names that nobody prints any more lead to the commune of today. */
function situerAncienNom(territoires: Territoires, texte: string, jour: Temporal.PlainDate): CommuneSituee | null {
  const ancien = trouverAncienNom(territoires, texte)
  const situee = ancien && situer(territoires, ancien.actuelle.nom, jour, true)
  return situee ? { ...situee, nom: ancien.nom, statut: 'fusionnee' } : null
}

/** « Where does this commune belong? »: by name however it is written, by former name, by postcode or by official code. */
export function chercherCommune(territoires: Territoires, texte: string, jour: Temporal.PlainDate): ReponseCommune {
  const chiffres = texte.replace(/\s+/g, '')
  if (/^\d{5}$/.test(chiffres)) {
    const communes = territoires.communes.filter(
      ({ codesPostaux, codeInsee }) => codesPostaux.includes(chiffres) || codeInsee === chiffres,
    )
    return {
      trouvees: communes.flatMap(({ nom }) => situer(territoires, nom, jour) ?? []),
      proposees: [],
    }
  }
  const exacte = situer(territoires, texte, jour) ?? situerAncienNom(territoires, texte, jour)
  return exacte ? { trouvees: [exacte], proposees: [] } : { trouvees: [], proposees: proposer(territoires, texte) }
}

/** Nearest names first, then those that hold the words asked, each once. */
function proposer(territoires: Territoires, texte: string): ReponseCommune['proposees'] {
  const contenues = contenir(territoires, texte)
  const proches = contenues.length > 0 ? [] : proposerCommunes(territoires, texte, PROPOSEES)
  return [...contenues, ...proches].slice(0, PROPOSEES)
}

/** Something in the lists that a person of the préfecture has to look at. */
export interface Anomalie {
  readonly genre: 'non_identifie' | 'partage' | 'absent' | 'corrige' | 'ancien' | 'arrondissement'
  readonly nom: string
  readonly territoires: readonly string[]
  readonly detail: string
}

/** What each kind of anomaly is, and what to do. */
export const GENRES_ANOMALIE = {
  non_identifie: {
    titre: 'Noms qu’aucune commune ne porte',
    geste: 'Dire de quelle commune il s’agit. D’ici là, le nom garde le territoire de sa liste.',
  },
  partage: {
    titre: 'Communes d’aujourd’hui que deux listes se partagent',
    geste: 'Choisir le territoire de la commune nouvelle. D’ici là, l’ancien nom garde celui de sa liste.',
  },
  absent: {
    titre: 'Communes d’aujourd’hui absentes des listes',
    geste: 'Dire leur territoire. D’ici là, un dossier de cette commune est « à déterminer ».',
  },
  corrige: {
    titre: 'Noms dont l’écriture a été lue autrement',
    geste: 'Confirmer la lecture.',
  },
  ancien: {
    titre: 'Communes qui n’existent plus sous ce nom',
    geste: 'Pour information : le nom mène à la commune d’aujourd’hui et garde le territoire de sa liste.',
  },
  arrondissement: {
    titre: 'Territoire différent de l’arrondissement officiel',
    geste: 'Pour information : un territoire de la commission n’est pas un arrondissement.',
  },
} as const satisfies Record<Anomalie['genre'], { titre: string; geste: string }>

/** What a person of the préfecture has to answer; the rest is told for information. */
export const aConfirmer = ({ genre }: Anomalie): boolean => genre !== 'arrondissement' && genre !== 'ancien'

/** Share of a territory below which lying in an arrondissement is an exception. */
const EXCEPTION = 0.05

/** Names whose territory is elsewhere in another arrondissement, but for them: for information. */
function listerEcarts({ lignes, index }: Territoires): readonly Anomalie[] {
  const situees = lignes.flatMap((ligne) => {
    const arrondissement =
      ligne.codeInsee === null ? undefined : index.communesParCode.get(ligne.codeInsee)?.arrondissement
    return arrondissement ? [{ ligne, arrondissement }] : []
  })
  const parTerritoire = Map.groupBy(situees, ({ ligne }) => ligne.territoire)
  return [...parTerritoire.values()].flatMap((siennes) =>
    [...Map.groupBy(siennes, ({ arrondissement }) => arrondissement).values()]
      .filter((groupe) => groupe.length < siennes.length * EXCEPTION)
      .flatMap((groupe) =>
        groupe.map(({ ligne, arrondissement }) => ({
          genre: 'arrondissement' as const,
          nom: ligne.nomListe,
          territoires: [ligne.territoire],
          detail: `Arrondissement de ${arrondissement}.`,
        })),
      ),
  )
}

/** Everything in the lists that is to be confirmed, kind by kind (TER-03). */
export function listerAnomalies(territoires: Territoires): readonly Anomalie[] {
  const { lignes, communes, index } = territoires
  const douteuses = lignes
    .filter(({ statut }) => statut === 'hameau' || statut === 'inconnue')
    .map(({ nomListe, territoire, statut, remarque }) => ({
      genre: 'non_identifie' as const,
      nom: nomListe,
      territoires: [territoire],
      detail: lireRemarque(territoires, remarque) || STATUTS_COMMUNE[statut],
    }))
  const partagees = communes.flatMap(({ codeInsee, nom }): Anomalie[] => {
    const siennes = index.lignesParCode.get(codeInsee) ?? []
    const ids = [...new Set(siennes.map(({ territoire }) => territoire))]
    if (ids.length < 2) return []
    const detail = siennes.map(({ nomListe }) => `« ${nomListe} »`).join(', ')
    return [{ genre: 'partage', nom, territoires: ids, detail: `Noms des listes : ${detail}.` }]
  })
  const remarquees = lignes
    .filter(({ remarque, statut }) => remarque !== '' && !['hameau', 'inconnue', 'fictive'].includes(statut))
    // Said with the commune that two lists share, once.
    .filter(({ nomListe }) => !partagees.some(({ nom }) => normaliserCommune(nom) === normaliserCommune(nomListe)))
    .map(({ nomListe, nomActuel, territoire, remarque, statut }): Anomalie => {
      const ancien = statut === 'fusionnee' || statut === 'deleguee' || statut === 'associee'
      return {
        genre: ancien ? 'ancien' : 'corrige',
        nom: nomListe,
        territoires: [territoire],
        detail: `${ancien ? 'Aujourd’hui' : 'Lu'} « ${nomActuel ?? nomListe} ». ${lireRemarque(territoires, remarque)}`,
      }
    })
  const absentes = communes
    .filter(({ codeInsee }) => !index.lignesParCode.has(codeInsee))
    .map(({ nom, codeInsee, arrondissement }) => ({
      genre: 'absent' as const,
      nom,
      territoires: [],
      detail: `Code ${codeInsee}${arrondissement === null ? '' : `, arrondissement ${contracter('de', arrondissement)}`}.`,
    }))
  const corrigees = remarquees.filter(({ genre }) => genre === 'corrige')
  const anciennes = remarquees.filter(({ genre }) => genre === 'ancien')
  return [...douteuses, ...partagees, ...absentes, ...corrigees, ...anciennes, ...listerEcarts(territoires)]
}
