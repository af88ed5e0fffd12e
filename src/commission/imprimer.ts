import { join } from 'node:path'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { typo } from '#socle/typography'

const MODELE = join(projectRoot, 'src/commission/seance.typ')

/** One page of the file: a heading and its lines, already in words. */
export interface PageDeFiche {
  readonly titre: string
  readonly lignes: readonly { readonly terme: string; readonly valeur: string }[]
}

/** What the agenda and its sheets say, in words. */
export interface OrdreImprime {
  readonly titre: string
  readonly sousTitre: string
  readonly lignes: readonly {
    readonly rang: string
    readonly heure: string
    readonly menage: string
    readonly note: string
  }[]
  readonly fiches: readonly PageDeFiche[]
  /** Who it is for. */
  readonly pour: string
}

/** The agenda, then one page per file, as one tagged PDF (PDF/UA). */
export function imprimerOrdre({ titre, sousTitre, lignes, fiches, pour }: OrdreImprime): Promise<Uint8Array> {
  return renderPdf(MODELE, {
    titre: typo(titre),
    sous_titre: typo(sousTitre),
    confidentiel: typo('Confidentiel : secret de la commission (loi du 31 mai 1990, art. 7-2)'),
    pied: typo(`Remis à ${pour}. À ne remettre à personne d’autre, à détruire après la séance.`),
    entetes: ['Rang', 'Heure', 'Ménage', 'Pourquoi'].map(typo),
    lignes: lignes.map(({ rang, heure, menage, note }) => ({
      rang,
      heure,
      menage: typo(menage),
      note: typo(note),
    })),
    fiches: fiches.map((fiche) => ({
      titre: typo(fiche.titre),
      lignes: fiche.lignes.map(({ terme, valeur }) => ({ terme: typo(terme), valeur: typo(valeur) })),
    })),
  })
}
