import type { ReactElement } from 'react'
import { type Dossier, genreSignale, type HistoriqueActe } from '#dossiers'
import {
  type ActeConsigne,
  calculerStade,
  decrireGenre,
  enActes,
  MOTIFS_DE_SUSPENSION,
  type Suspension,
} from '#procedure'
import { formatDate, formatDateLongue, formatMontant } from '#socle/typography'
import { etapeCourte, etapeLongue } from '../accompagner/libelles.ts'
import { Carte, type EcheanceFrise, estRevolue, etatEcheance, Frise, type RepereFrise } from '../composants/index.ts'
import type { Requete } from '../route.ts'
import { echeancesDe } from './situation.tsx'

/** Acts of both sources as the computations read them, from what the reader sees. */
export function listerConsignes(dossier: Dossier, saisis: readonly HistoriqueActe[]): readonly ActeConsigne[] {
  const signales = dossier.actes.flatMap((acte): ActeConsigne[] => {
    if (acte.saisie !== undefined) return []
    return [
      {
        id: acte.signalement,
        genre: genreSignale(acte),
        le: Temporal.PlainDate.from(acte.le),
        contenu: acte.decision ? { decision: acte.decision } : {},
      },
    ]
  })
  const entres = saisis.flatMap(({ racine, genre, le, contenu, retire }) =>
    retire ? [] : [{ id: racine, genre, le, contenu }],
  )
  return [...signales, ...entres]
}

/** The steps the dossier went through, returns included, each from the act that dates it (DOS-01, DOS-04). */
function listerEtapes(consignes: readonly ActeConsigne[], jour: Temporal.PlainDate) {
  const actes = consignes.flatMap(enActes)
  const jours = [...new Set(actes.map(({ le }) => le.toString()))].sort().map((le) => Temporal.PlainDate.from(le))
  const etapes: { etape: string; du: Temporal.PlainDate }[] = []
  for (const le of jours.filter((un) => Temporal.PlainDate.compare(un, jour) <= 0)) {
    const { etape } = calculerStade(actes, le)
    if (etape !== etapes.at(-1)?.etape) etapes.push({ etape, du: le })
  }
  return etapes.map(({ etape, du }, rang) => ({
    libelle: etapeCourte(etape),
    du,
    courante: rang === etapes.length - 1,
  }))
}

/** Kinds that tell of the procedure itself: drawn above the line. The others are below, with the partners. */
const estDeProcedure = (genre: ActeConsigne['genre']): boolean => {
  const { groupe, etape } = decrireGenre(genre)
  return groupe === 'procedure' || etape !== undefined
}

function reperes(consignes: readonly ActeConsigne[], garder: (acte: ActeConsigne) => boolean): RepereFrise[] {
  return consignes.filter(garder).map(({ genre, le, contenu }) => ({
    le,
    libelle: decrireGenre(genre).libelle,
    detail:
      typeof contenu.tribunal === 'string'
        ? contenu.tribunal
        : typeof contenu.montant === 'number'
          ? formatMontant(contenu.montant)
          : undefined,
  }))
}

/** Dates to come and those just missed: what was kept shows as its act, what passed has nothing to draw. */
function aVenir(dossier: Dossier, jour: Temporal.PlainDate): EcheanceFrise[] {
  return echeancesDe(dossier)
    .filter((une) => !estRevolue(etatEcheance(une, jour)))
    .map(({ le, libelle, genre, source, aVerifier }) => ({
      le,
      libelle,
      detail: aVerifier ? `${source}, à vérifier` : source,
      genre,
    }))
}

/** The course of the procedure, drawn: past, today, dates to come with their article, truce and suspensions hatched. */
export function CoursDeLaProcedure({
  requete,
  dossier,
  saisis,
  suspensions,
  nom,
}: {
  requete: Requete
  dossier: Dossier
  saisis: readonly HistoriqueActe[]
  suspensions: readonly Suspension[]
  nom: string
}): ReactElement | null {
  const { jour, delais } = requete.session
  const consignes = listerConsignes(dossier, saisis)
  if (consignes.length === 0) return null
  const actes = reperes(consignes, ({ genre }) => estDeProcedure(genre))
  const actions = reperes(consignes, ({ genre }) => !estDeProcedure(genre))
  const audience = dossier.audience_le
  if (audience && !consignes.some(({ genre, le }) => genre === 'audience' && le.equals(audience)))
    actes.push({ le: audience, libelle: 'Audience', detail: undefined })
  const echeances = aVenir(dossier, jour)
  const jours = [...actes, ...actions, ...echeances]
    .map(({ le }) => (typeof le === 'string' ? Temporal.PlainDate.from(le) : le))
    .concat(jour)
    .toSorted(Temporal.PlainDate.compare)
  const [debut, fin] = [jours[0] ?? jour, jours.at(-1) ?? jour]
  const dans = (du: Temporal.PlainDate, au: Temporal.PlainDate) =>
    Temporal.PlainDate.compare(du, fin) <= 0 && Temporal.PlainDate.compare(au, debut) >= 0
  const treves = delais.calendrier.treves
    .filter(({ du, jusquAu }) => dans(du, jusquAu))
    .map(({ du, jusquAu }) => ({ libelle: `Trêve hivernale jusqu’au ${formatDate(jusquAu)}`, du, au: jusquAu }))
  const periodes = suspensions.flatMap(({ motif, du, jusquAu }) => {
    const [commence, finit] = [Temporal.PlainDate.from(du), jusquAu === null ? fin : Temporal.PlainDate.from(jusquAu)]
    if (!dans(commence, finit)) return []
    const au = Temporal.PlainDate.compare(finit, fin) > 0 ? fin : finit
    return [
      {
        libelle: `${MOTIFS_DE_SUSPENSION[motif]}${jusquAu ? ` jusqu’au ${formatDate(jusquAu)}` : ''}`,
        du: commence,
        au,
      },
    ]
  })
  return (
    <Carte
      titre="Le cours de la procédure"
      id="cours"
      aside="Au-dessus, les actes. Au-dessous, la situation du ménage et les dates à venir, avec leur article."
    >
      <Frise
        id="frise-procedure"
        titre={`Frise de la procédure, ${nom}`}
        description={`Du ${formatDate(debut)} au ${formatDate(fin)}. Au ${formatDateLongue(jour)}, étape : ${etapeLongue(dossier.stade)}. La liste complète suit la frise.`}
        aujourdhui={jour}
        etapes={listerEtapes(consignes, jour)}
        actes={actes}
        actions={actions}
        echeances={echeances}
        periodes={[...treves, ...periodes]}
      />
    </Carte>
  )
}
