import { randomUUID } from 'node:crypto'
import { ecrireCsv, importer, ligne } from '#tests/application'
import { DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

/** A département whose commissions worked for two years. */
export interface EssaiDePilotage {
  readonly essai: EssaiDesCercles
  readonly commissions: { readonly autun: string; readonly chalon: string }
  readonly dossiers: readonly { readonly id: string; readonly reference: string }[]
}

const lettres = (n: number): string => String.fromCharCode(65 + Math.floor(n / 26)) + String.fromCharCode(97 + (n % 26))

/**
 * Two commissions of the département of trial, at the assignation, public landlords, rent paid again: Autun examined 14 dossiers and said « maintien » of the aid of 9;
 * Chalon examined 14 and said it of 5. Two addressees of each followed in part. One dossier of Autun came back; one session was cancelled; the year before, Autun examined one.
 */
export async function ouvrirEssaiDePilotage(): Promise<EssaiDePilotage> {
  const essai = await ouvrirEssaiDesCercles()
  const { pool } = essai.application.base
  await importer(
    essai.application,
    'PREF71',
    'annee.csv',
    ecrireCsv(
      Array.from({ length: 28 }, (_, n) =>
        ligne({
          type: 'assignation',
          reference_source: `ANNEE-${n}`,
          nom_usage: `Nom${lettres(n)}${n}`,
          prenom: `Prénom${lettres(n * 7)}`,
          date_naissance: `19${50 + (n % 40)}-0${1 + (n % 9)}-1${n % 10}`,
          adresse: `${n + 1} rue de la Rivière ${lettres(n * 3)}`,
          parc: 'public',
          date_signalement: '2026-11-06',
          date_acte: '2026-11-04',
          date_audience: '2027-01-14',
        }),
      ),
    ),
  )
  const { rows } = await pool.query(
    'select id, reference from dossier where dept = $1 and id <> $2 order by reference',
    [DEPT, essai.dossier.id],
  )
  const dossiers = rows as { id: string; reference: string }[]
  if (dossiers.length !== 28) throw new Error(`28 dossiers are expected, there are ${dossiers.length}`)
  const [autun, chalon] = [randomUUID(), randomUUID()]
  for (const [id, nom, territoires] of [
    [autun, 'Commission d’Autun', ['autun', 'montceau-les-mines']],
    [chalon, 'Commission de Chalon', ['chalon-sur-saone']],
  ] as const) {
    await pool.query(
      `insert into commission (dept, id, nom, niveau, territoires, secretariat, cree_a) values ($1, $2, $3, 'territoriale', $4, $5, '2024-01-01T08:00:00Z')`,
      [DEPT, id, nom, territoires, essai.organisme('SEC71-AUTUN')],
    )
    for (const [qualite, code, titulaire] of [
      ['copresident_etat', 'PREF71', essai.ids.prefecture],
      ['copresident_departement', 'DEP71', essai.ids.copilote],
      ['droit', 'CAF71', essai.ids.caf],
    ] as const)
      await pool.query(
        `insert into commission_membre (dept, commission, organisme, qualite, voix, titulaire, du) values ($1, $2, $3, $4, 'deliberative', $5, '2020-01-01')`,
        [DEPT, id, essai.organisme(code), qualite, titulaire],
      )
  }
  const tenir = async (commission: string, le: string, examens: readonly { dossier: string; maintien: boolean }[]) => {
    const seance = randomUUID()
    const a = `${le}T08:00:00Z`
    await pool.query(
      `insert into seance (dept, id, commission, le, debut, fin, etat, ouverte_a, close_a, cree_a) values ($1, $2, $3, $4, '09:00', '12:00', 'close', $5, $5, $5)`,
      [DEPT, seance, commission, le, a],
    )
    await pool.query(
      `insert into seance_presence (dept, seance, membre, organisme, etat)
       select dept, $2, id, organisme, case when organisme = $4 then 'suppleant' when qualite = 'copresident_etat' then 'titulaire' else 'attendu' end
       from commission_membre where dept = $1 and commission = $3`,
      [DEPT, seance, commission, essai.organisme('CAF71')],
    )
    for (const [rang, { dossier, maintien }] of examens.entries()) {
      const [inscription, deliberation] = [randomUUID(), randomUUID()]
      await pool.query(
        `insert into inscription (dept, id, seance_id, dossier_id, origine, rang, etat, inscrite_a)
         values ($1, $2, $3, $4, $5, $6, 'examine', $7)`,
        [DEPT, inscription, seance, dossier, rang === 0 && le === '2026-10-06' ? 'reexamen' : 'saisine', rang + 1, a],
      )
      await pool.query(
        `insert into deliberation (dept, id, inscription, seance, dossier, etat, maintien, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a, publiee_a)
         values ($1, $2, $3, $4, $5, 'adoptee', 'oui', '00000000.x', 'assignation', $6, $6, $7, $6, $6)`,
        [DEPT, deliberation, inscription, seance, dossier, a, essai.ids.secretariat],
      )
      await pool.query(
        `insert into prononce (dept, id, deliberation, seance, dossier, genre, code, sens, contenu, organisme, retour_avant, etat, notifie_a, repondu_a)
         values ($1, gen_random_uuid(), $2, $3, $4, 'avis', 'maintien-ou-suspension-aide', $5, '00000000.x', $6, $7::date + 90, $8, $9::timestamptz + interval '4 days', $10::timestamptz + interval '12 days')`,
        [
          DEPT,
          deliberation,
          seance,
          dossier,
          maintien ? 'maintien' : 'suspension',
          essai.organisme('CAF71'),
          le,
          rang < 6 ? 'suivi' : rang < 8 ? 'partiel' : 'attendu',
          a,
          rang < 8 ? `${le}T20:00:00Z` : null,
        ],
      )
    }
  }
  const [siens, autres] = [dossiers.slice(0, 14), dossiers.slice(14)]
  await tenir(
    autun,
    '2026-05-05',
    siens.slice(0, 13).map(({ id }, n) => ({ dossier: id, maintien: n < 8 })),
  )
  await tenir(autun, '2026-10-06', [{ dossier: siens[0]?.id ?? '', maintien: true }])
  await tenir(
    chalon,
    '2026-06-09',
    autres.map(({ id }, n) => ({ dossier: id, maintien: n < 5 })),
  )
  await tenir(autun, '2025-06-03', [{ dossier: siens[13]?.id ?? '', maintien: true }])
  await pool.query(
    `insert into seance (dept, commission, le, debut, fin, etat, annulee_motif, cree_a) values ($1, $2, '2026-09-08', '09:00', '12:00', 'annulee', 'quorum', '2026-01-01T08:00:00Z')`,
    [DEPT, chalon],
  )
  await pool.query(
    `insert into reprise_loyer (dept, id, dossier, reponse, depuis, le, dit_par, organisme, par, a, envoi)
     select $1, gen_random_uuid(), id, 'entiere', '2026-03-01', '2026-04-01', 'bailleur', $2, $3, '2026-04-01T08:00:00Z', gen_random_uuid() from dossier where dept = $1`,
    [DEPT, essai.organisme('OPAC71'), essai.ids.secretariat],
  )
  return { essai, commissions: { autun, chalon }, dossiers }
}
