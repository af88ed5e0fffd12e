import type { Session } from '#acces'

/** `HH:MM` so many minutes later; null past midnight. */
function plusTard(heure: string, minutes: number): string | null {
  const [h = 0, m = 0] = heure.split(':').map(Number)
  const total = h * 60 + m + minutes
  return total >= 24 * 60
    ? null
    : `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}

/** Numbers and times an agenda from the beginning of the session. A file without a duration has no time, nor have those after it. */
export function minuter<T extends { readonly duree_minutes: number | null }>(
  debut: string,
  lignes: readonly T[],
): (T & { rang: number; heure: string | null })[] {
  let heure: string | null = debut
  return lignes.map((ligne, i) => {
    const sienne = heure
    heure = heure === null || ligne.duree_minutes === null ? null : plusTard(heure, ligne.duree_minutes)
    return { ...ligne, rang: i + 1, heure: ligne.duree_minutes === null ? null : sienne }
  })
}

/** Writes the ranks and times of an agenda in this order. */
export async function renumeroter(
  { dept, sql }: Session,
  seance: { readonly debut: string },
  lignes: readonly { readonly id: string; readonly duree_minutes: number | null }[],
): Promise<void> {
  const nouvelles = minuter(seance.debut, lignes).map(({ id, rang, heure }) => ({ id, rang, heure }))
  await sql`update inscription i set rang = x.rang, heure = x.heure, version = i.version + 1
    from jsonb_to_recordset(${JSON.stringify(nouvelles)}::jsonb) as x(id uuid, rang integer, heure text)
    where i.dept = ${dept} and i.id = x.id and (i.rang, i.heure) is distinct from (x.rang, x.heure)`
}
