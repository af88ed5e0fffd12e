import { lireConnexion } from '#acces'
import type { Database } from '#socle/db'
import {
  type Compte,
  creerDossiers,
  DEPT,
  type DossierCree,
  type Essai,
  type MenageEssai,
  ouvrirEssai,
} from '../accompagner/fabrique-essai.ts'
import type { Route } from '../route.ts'
import { routesEchanges } from './index.ts'

/** What the tests of the exchanges share: a household followed by the CAF and the Département, the secretariat of Autun, and documents. */
export interface EssaiEchanges extends Essai {
  readonly dossier: DossierCree
  readonly organismes: ReadonlyMap<string, string>
  /** Address of the exchanges of the dossier. */
  adresse(suite?: string): string
  /** Makes these organismes, and no other, those habilitated on the dossier. */
  habiliter(...codes: readonly string[]): Promise<void>
  deposer(
    compte: Compte,
    adresse: string,
    champs: Readonly<Record<string, string | readonly string[]>>,
    fichier: { nom: string; octets: Buffer },
  ): Promise<{ statut: number; vers: string; html: string; texte: string }>
  /** Rows of a table, whoever they belong to. */
  compter(table: string, condition?: string): Promise<number>
  idDe(compte: Compte): Promise<string>
}

export const MENAGE: MenageEssai = {
  nom: 'Orsetti',
  prenom: 'Yanis',
  contenu: { suivi_caf: true, montant_dette: 162000 },
}

export async function ouvrirEssaiEchanges(base: Database, autres: readonly Route[] = []): Promise<EssaiEchanges> {
  const essai = await ouvrirEssai(base, [...routesEchanges, ...autres])
  const [dossier] = await creerDossiers(essai, [MENAGE])
  if (!dossier) throw new Error('no dossier')
  const { rows } = await base.pool.query('select code, id from organisme where dept = $1', [DEPT])
  const organismes = new Map(rows.map(({ code, id }) => [code as string, id as string]))
  const habiliter = async (...codes: readonly string[]) => {
    await base.pool.query('update dossier set organismes_habilites = $1, organisme = $2 where id = $3', [
      codes.map((code) => organismes.get(code)),
      organismes.get(codes[0] ?? ''),
      dossier.id,
    ])
  }
  await habiliter('CAF71', 'DEP71')
  return {
    ...essai,
    dossier,
    organismes,
    habiliter,
    adresse: (suite = '') => `/dossiers/${dossier.reference}/echanges${suite}`,
    async deposer(compte, adresse, champs, fichier) {
      const jeton = await essai.jeton(compte)
      const connecte = await lireConnexion(essai.application, jeton)
      const borne = 'borne-essai-71'
      const parties = Object.entries({ _jeton: connecte?.jetonFormulaire ?? '', ...champs }).flatMap(([nom, valeurs]) =>
        (typeof valeurs === 'string' ? [valeurs] : valeurs).map((valeur) =>
          Buffer.from(`--${borne}\r\nContent-Disposition: form-data; name="${nom}"\r\n\r\n${valeur}\r\n`),
        ),
      )
      const reponse = await essai.serveur.inject({
        method: 'POST',
        url: adresse,
        cookies: { amont_session: jeton },
        headers: { 'content-type': `multipart/form-data; boundary=${borne}` },
        payload: Buffer.concat([
          ...parties,
          Buffer.from(
            `--${borne}\r\nContent-Disposition: form-data; name="fichier"; filename="${fichier.nom}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
          ),
          fichier.octets,
          Buffer.from(`\r\n--${borne}--\r\n`),
        ]),
      })
      const html = reponse.body.replace(/[\u00a0\u202f]/g, ' ')
      return {
        statut: reponse.statusCode,
        vers: String(reponse.headers.location ?? ''),
        html,
        texte: html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '),
      }
    },
    async compter(table, condition = 'true') {
      const { rows: lignes } = await base.pool.query(`select count(*)::int as n from ${table} where ${condition}`)
      return lignes[0].n
    },
    async idDe(compte) {
      const lignes = await base.pool.query('select id from compte where courriel = $1', [`${compte}@essai.example`])
      return lignes.rows[0].id
    },
  }
}
