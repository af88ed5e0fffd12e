import { randomUUID } from 'node:crypto'
import { ecrireCsv, importer, JOUR, ligne } from '#tests/application'
import { DEPT, type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'

/** A session of the day with its dossiers on its agenda, two co-chairs and the CAF. */
export interface EssaiDeSeance {
  readonly essai: EssaiDesCercles
  readonly seance: string
  readonly inscriptions: readonly string[]
  /** Ids of the dossiers, in the order of the agenda. */
  readonly dossiers: readonly { readonly id: string; readonly reference: string }[]
}

const lettres = (n: number): string => String.fromCharCode(65 + Math.floor(n / 26)) + String.fromCharCode(97 + (n % 26))

/** Hidden field of a page. */
export const cache = ({ html }: Pick<Lue, 'html'>, nom: string): string =>
  new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''

/** Opens it with this many dossiers: the first is that of the essay of circles. */
export async function ouvrirSeanceDEssai(nombre: number): Promise<EssaiDeSeance> {
  const essai = await ouvrirEssaiDesCercles()
  const { pool } = essai.application.base
  if (nombre > 1)
    await importer(
      essai.application,
      'PREF71',
      'autres.csv',
      ecrireCsv(
        Array.from({ length: nombre - 1 }, (_, n) =>
          ligne({
            type: 'assignation',
            reference_source: `AUTRE-${n}`,
            nom_usage: `Nom${lettres(n)}${n}`,
            prenom: `Prénom${lettres(n * 7)}`,
            date_naissance: `19${50 + (n % 40)}-0${1 + (n % 9)}-1${n % 10}`,
            adresse: `${n + 1} rue de la Rivière ${lettres(n * 3)}`,
            date_signalement: '2026-11-06',
            date_acte: '2026-11-04',
            date_audience: '2027-01-14',
          }),
        ),
      ),
    )
  const { rows } = await pool.query(
    'select id, reference from dossier where dept = $1 order by (id = $2) desc, reference',
    [DEPT, essai.dossier.id],
  )
  const dossiers = (rows as { id: string; reference: string }[]).slice(0, nombre)
  if (dossiers.length !== nombre) throw new Error(`${nombre} dossiers are expected, there are ${dossiers.length}`)
  const [commission, seance] = [randomUUID(), randomUUID()]
  const maintenant = essai.application.horloge.now().toString()
  await pool.query(
    `insert into commission (dept, id, nom, niveau, territoires, secretariat, lieu, cree_a)
     values ($1, $2, 'Commission d’Autun', 'territoriale', array['autun', 'montceau-les-mines'], $3, 'Sous-préfecture', $4)`,
    [DEPT, commission, essai.organisme('SEC71-AUTUN'), maintenant],
  )
  for (const [qualite, code, compte] of [
    ['copresident_etat', 'PREF71', essai.ids.prefecture],
    ['copresident_departement', 'DEP71', essai.ids.copilote],
    ['droit', 'CAF71', essai.ids.caf],
  ] as const)
    await pool.query(
      `insert into commission_membre (dept, commission, organisme, qualite, voix, titulaire, du) values ($1, $2, $3, $4, 'deliberative', $5, '2020-01-01')`,
      [DEPT, commission, essai.organisme(code), qualite, compte],
    )
  await pool.query(
    `insert into seance (dept, id, commission, le, debut, fin, lieu, etat, cree_a) values ($1, $2, $3, $4, '09:00', '12:30', 'Autun', 'prevue', $5)`,
    [DEPT, seance, commission, JOUR, maintenant],
  )
  const inscriptions: string[] = []
  for (const [n, { id }] of dossiers.entries()) {
    const inscription = randomUUID()
    await pool.query(
      `insert into inscription (dept, id, seance_id, dossier_id, origine, rang, duree_minutes, etat, inscrite_a) values ($1, $2, $3, $4, 'saisine', $5, 4, 'inscrit', $6)`,
      [DEPT, inscription, seance, id, n + 1, maintenant],
    )
    inscriptions.push(inscription)
  }
  return { essai, seance, inscriptions, dossiers }
}

/** The fields of the form of a dossier as its page gives them, with other answers put over. */
export function remplirPoste(page: Lue, champs: Readonly<Record<string, string>>): Record<string, string> {
  const coches = [...page.html.matchAll(/<input[^>]*type="radio"[^>]*>/g)]
    .map(([balise]) => balise)
    .filter((balise) => /\schecked/.test(balise))
    .map((balise) => [/name="([^"]*)"/.exec(balise)?.[1] ?? '', /value="([^"]*)"/.exec(balise)?.[1] ?? ''])
  const choisis = [...page.html.matchAll(/<select[^>]*name="(pou(?:r|voir)-[^"]*)"[^>]*>([\s\S]*?)<\/select>/g)].map(
    ([, nom = '', options = '']) => {
      const choisie = [...options.matchAll(/<option[^>]*>/g)]
        .map(([balise]) => balise)
        .find((une) => /\sselected/.test(une))
      return [nom, /value="([^"]*)"/.exec(choisie ?? '')?.[1] ?? '']
    },
  )
  const discours = /<textarea[^>]*name="discours"[^>]*>([^<]*)</.exec(page.html)?.[1] ?? ''
  return {
    ...Object.fromEntries(coches),
    ...Object.fromEntries(choisis),
    discours: discours.trim(),
    vu: cache(page, 'vu'),
    'rec-envoi': cache(page, 'rec-envoi'),
    'note-envoi': cache(page, 'note-envoi'),
    ...champs,
  }
}

/** Opens the correction of a decision of a closed session, as the secretariat does from its statement. */
export async function corriger(
  { essai, seance, inscriptions }: EssaiDeSeance,
  rang: number,
  motif: string,
): Promise<Lue> {
  const adresse = `/seances/${seance}/releve/corriger/${inscriptions[rang]}`
  const page = await essai.lire('secretariat', adresse)
  return essai.poster('secretariat', adresse, { vu: cache(page, 'vu'), motif })
}
