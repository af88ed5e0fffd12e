import { randomUUID } from 'node:crypto'
import type { Database } from '#socle/db'
import {
  type Compte,
  creerDossiers,
  DEPT,
  type DossierCree,
  type Essai,
  ouvrirEssai,
} from '../accompagner/fabrique-essai.ts'
import { routesArgent } from './index.ts'

/** What the tests of this folder share: a household followed by the CAF and the Département, its money empty. */
export interface EssaiArgent extends Essai {
  readonly dossier: DossierCree
  adresse(suite?: string): string
  /** Gives a dossier to the CAF and to the Département, after something dispatched it otherwise. */
  confier(dossier: string): Promise<void>
  /** Sends rows of the ledger: `[genre, date, montant, terme, choix]`. */
  saisir(compte: Compte, lignes: readonly (readonly string[])[], envoi?: string): ReturnType<Essai['poster']>
  compter(table: string, condition?: string): Promise<number>
}

export async function ouvrirEssaiArgent(base: Database): Promise<EssaiArgent> {
  const essai = await ouvrirEssai(base, [...routesArgent])
  const [dossier] = await creerDossiers(essai, [
    {
      nom: 'Orsetti',
      prenom: 'Yanis',
      type: 'commandement_de_payer',
      le: '2026-09-07',
      contenu: { suivi_caf: true, montant_dette: 162_000 },
    },
  ])
  if (!dossier) throw new Error('no dossier')
  const { rows } = await base.pool.query('select code, id from organisme where dept = $1', [DEPT])
  const organismes = new Map(rows.map(({ code, id }) => [code as string, id as string]))
  const confier = async (id: string) => {
    await base.pool.query('update dossier set organismes_habilites = $1, organisme = $2 where id = $3', [
      ['CAF71', 'DEP71'].map((code) => organismes.get(code)),
      organismes.get('CAF71'),
      id,
    ])
  }
  await confier(dossier.id)
  // The arrears were established before the order to pay: the law of plans depends on that day.
  await base.pool.query(
    `update dossier set actes = actes || '[{"type": "impaye_caf", "le": "2026-07-01", "signalement": "", "organisme": ""}]' where id = $1`,
    [dossier.id],
  )
  const adresse = (suite = '') => `/dossiers/${dossier.reference}/argent${suite}`
  return {
    ...essai,
    dossier,
    adresse,
    confier,
    saisir: (compte, lignes, envoi = randomUUID()) =>
      essai.poster(
        compte,
        adresse('/lignes'),
        Object.fromEntries([
          ['envoi', envoi],
          ...lignes.flatMap(([genre = '', le = '', montant = '', terme = '', choix = ''], rang) => [
            [`genre-${rang}`, genre],
            [`le-${rang}`, le],
            [`montant-${rang}`, montant],
            [`terme-${rang}`, terme],
            [`choix-${rang}`, choix],
          ]),
        ]),
      ),
    async compter(table, condition = 'true') {
      const lues = await base.pool.query(`select count(*)::int as n from ${table} where ${condition}`)
      return lues.rows[0].n
    },
  }
}
