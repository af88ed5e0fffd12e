import { type Fiche, type OrigineInscription, originesInscription } from '#commission'
import { formatDate, formatMontant } from '#socle/typography'
import { etapeLongue } from '../accompagner/libelles.ts'

const AU = (jour: string | undefined): string => (jour ? `, au ${formatDate(jour)}` : '')
const PARCS: Readonly<Record<string, string>> = { public: 'public', prive: 'privé' }

/** A sheet in words. What its reader may not know has no line: neither said nor guessed. */
export function lignesDeFiche(fiche: Partial<Fiche>): { terme: string; valeur: string }[] {
  const { dette, loyer, enfants, origine, stade } = fiche
  const lignes: [string, string | undefined][] = [
    ['Pourquoi', origine && originesInscription[origine as OrigineInscription]],
    ['Adresse', [fiche.adresse, fiche.commune].filter(Boolean).join(', ') || undefined],
    ['Foyer', fiche.situation_familiale?.replaceAll('_', ' ')],
    ['Enfants à charge', enfants === undefined ? undefined : String(enfants)],
    ['Étape', stade && `${etapeLongue(stade)}${fiche.stade_le ? `, le ${formatDate(fiche.stade_le)}` : ''}`],
    ['Audience', fiche.audience_le && formatDate(fiche.audience_le)],
    [
      'Prochaine échéance',
      fiche.echeance_le && `${fiche.echeance ? `${fiche.echeance}, ` : ''}${formatDate(fiche.echeance_le)}`,
    ],
    ['Dette', dette === undefined ? undefined : `${formatMontant(dette)}${AU(fiche.dette_le)}`],
    ['Loyer', loyer === undefined ? undefined : formatMontant(loyer)],
    ['Parc', fiche.parc && (PARCS[fiche.parc] ?? fiche.parc)],
    ['Bailleur', fiche.bailleur],
    ['Service en charge', fiche.service],
  ]
  return lignes.flatMap(([terme, valeur]) => (valeur ? [{ terme, valeur }] : []))
}
