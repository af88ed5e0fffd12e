import type { Acte, HistoriqueActe } from '#dossiers'
import { type ChampActe, type CodeGenre, type ContenuActe, champsDe, decrireGenre, type ValeurChamp } from '#procedure'
import { formatDate, formatMontant, formatNombre } from '#socle/typography'

/** A value of an act, in words. */
export function ecrireValeur(champ: ChampActe | undefined, valeur: ValeurChamp): string {
  if (typeof valeur === 'boolean') return valeur ? 'oui' : 'non'
  // A year is a name, not a count: no space of thousands.
  if (champ?.type === 'annee') return String(valeur)
  if (typeof valeur === 'number') return champ?.type === 'montant' ? formatMontant(valeur) : formatNombre(valeur)
  if (champ?.type === 'jour') return formatDate(valeur)
  return champ?.choix?.[valeur] ?? valeur
}

/** « Tribunal : Mâcon. Audience le : 10/12/2026. » */
export function resumer(genre: CodeGenre, contenu: ContenuActe): string {
  const champs = champsDe(genre)
  return Object.entries(champs)
    .flatMap(([nom, champ]) => {
      const valeur = contenu[nom]
      return valeur === undefined || champ.interne ? [] : [`${champ.libelle} : ${ecrireValeur(champ, valeur)}`]
    })
    .join('. ')
}

/** « Commandement de payer du 03/02/2026 ». */
export const nommerActe = ({ genre, le }: Pick<HistoriqueActe, 'genre' | 'le'>): string =>
  `${decrireGenre(genre).libelle}, ${formatDate(le)}`

/** What a signalement says of its act. */
export function resumerSignale({ montant, tribunal, audienceLe, decision }: Acte): string {
  return [
    montant === undefined || montant === null ? null : `Dette : ${formatMontant(montant)}`,
    tribunal ? `Tribunal : ${tribunal}` : null,
    audienceLe ? `Audience le ${formatDate(audienceLe)}` : null,
    decision ? `Décision : ${champsDe('jugement').decision?.choix?.[decision] ?? decision}` : null,
  ]
    .filter((un) => un !== null)
    .join('. ')
}
