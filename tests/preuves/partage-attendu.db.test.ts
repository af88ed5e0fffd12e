import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { acteurDuCompte, aLeDroit, ouvrirSession, type Session } from '#acces'
import { chiffreLogements, chiffreReseaux, listerDemandesLogement, listerReseaux } from '#echanges'
import type { Fragment } from '#socle/db'
import { type Compte, comptes, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

const chiffrer = async (session: Session, chiffre: Fragment): Promise<number> =>
  (await session.sql<{ n: number }>`select ${chiffre} as n`)[0]?.n ?? -1

/**
 * Two figures of the banner are counted outside the rules of rows (decision 0045). They are compared, account by account, with what the rules of rows open to the same
 * account and what its lists show: requests of a dwelling between agencies and whoever asked, threads of networks.
 */
describe('what waits outside dossiers is counted as its lists show it', () => {
  let essai: EssaiDesCercles
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    await preparer()
  })
  after(() => essai.fermer())

  const sql = (requete: string, valeurs: readonly unknown[] = []) =>
    essai.application.base.pool.query(requete, [...valeurs])
  const fait = async (compte: Compte, adresse: string, champs: Record<string, string | readonly string[]>) => {
    const lue = await essai.poster(compte, adresse, { envoi: randomUUID(), ...champs })
    assert.equal(lue.statut, 303, `${compte} ${adresse} ${lue.texte.slice(0, 800)}`)
    return lue.vers
  }
  const cache = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const repondre = async (compte: Compte, adresse: string, champs: Record<string, string>) => {
    const { html } = await essai.lire(compte, adresse)
    const bloc = html.slice(html.indexOf(`${adresse}/acte`))
    await fait(compte, `${adresse}/acte`, { agence: cache(bloc, 'agence'), version: cache(bloc, 'version'), ...champs })
  }

  /** Requests in each state and threads read by some, between organismes of each kind. */
  const preparer = async () => {
    for (const code of ['AGI71-CHALON', 'AGI71-MACON'])
      await fait('pilote', '/logements/agences', {
        organisme: essai.organisme(code),
        secteurs: 'petites_surfaces',
        joindre: 'Accueil',
        accord: '2026-11-01',
        version: '0',
      })
    const demander = (compte: Compte, ...agences: readonly string[]) =>
      fait(compte, '/logements/demander', {
        secteur: 'petites_surfaces',
        territoire: 'chalon-sur-saone',
        pieces: '1',
        loyer: '420,00',
        voulu: '2026-12-15',
        avant: '2026-11-30',
        agences: agences.map((code) => essai.organisme(code)),
        reference: '',
      })
    const deux = await demander('auteure', 'AGI71-CHALON', 'AGI71-MACON')
    const interrogee = await demander('caf', 'AGI71-CHALON')
    await demander('socialDuPersonnel', 'AGI71-MACON')
    const sansSuite = await demander('adil', 'AGI71-CHALON')
    const close = await demander('auteure', 'AGI71-CHALON')
    await repondre('agence', deux, { genre: 'offre', pieces: '1', loyer: '410,00', le: '2026-12-10', texte: '' })
    await repondre('agence', interrogee, { genre: 'question', texte: 'Avec un animal ?' })
    await repondre('agence', sansSuite, { genre: 'rien', texte: '' })
    await repondre('agence', close, { genre: 'offre', pieces: '1', loyer: '400,00', le: '2026-12-10', texte: '' })
    await fait('auteure', `${close}/issue`, { version: '1', issue: 'aucune', issue_agence: '', issue_le: '2026-11-20' })

    const creer = (nom: string, ...codes: readonly string[]) =>
      fait('pilote', '/reseaux/nouveau', {
        nom,
        objet: 'Échanger sur les pratiques.',
        membres: codes.map((code) => essai.organisme(code)),
        version: '0',
      })
    const ouvert = await creer('Sociaux et bailleurs', 'DEP71', 'OPAC71', 'CAF71')
    const personnel = await creer('Social du personnel', 'SSP71', 'DEP71')
    const ferme = await creer('Ancien réseau', 'DEP71', 'OPAC71')
    const ecrire = (compte: Compte, reseau: string, sujet: string) =>
      fait(compte, `${reseau}/echange`, { sujet, texte: 'Comment faites-vous ?' })
    const lu = await ecrire('bailleur', ouvert, 'Plans d’apurement')
    await ecrire('auteure', ouvert, 'Accueil des ménages')
    await ecrire('socialDuPersonnel', personnel, 'Rendez-vous')
    await ecrire('bailleur', ferme, 'Reste à lire')
    const retire = await ecrire('caf', ouvert, 'Mot retiré')
    for (const compte of ['collegue', 'caf'] as const) assert.equal((await essai.lire(compte, lu)).statut, 200)
    await sql(
      `update reseau_message set texte = '', retire_a = now(), retire_par = par, retire_motif = 'Essai' where fil = $1`,
      [retire.split('/').at(-1)],
    )
    // A network that is closed, a member that left.
    await sql(`update reseau set ferme_a = now() where id = $1`, [ferme.split('/').at(-1)])
    await sql(`update reseau_membre set retire_a = now() where reseau = $1 and organisme = $2`, [
      ouvert.split('/').at(-1),
      essai.organisme('CAF71'),
    ])
  }

  test('[ESP-12] [ESP-14] for each kind of organisme and role, the figures are what the lists show', async (t) => {
    const dit: Record<string, readonly number[]> = {}
    for (const compte of comptes) {
      const acteur = await acteurDuCompte(essai.application, DEPT, essai.ids[compte])
      assert.ok(acteur)
      const { organisme } = acteur
      const [logements, reseaux, demandes, listes, ouverts] = await ouvrirSession(
        essai.application,
        acteur,
        'compte.tenir',
        async (session) => [
          await chiffrer(session, chiffreLogements()),
          await chiffrer(session, chiffreReseaux()),
          await listerDemandesLogement(session),
          await listerReseaux(session),
          // The same, asked of the tables behind the rules of rows.
          await session.sql<{ logements: number; reseaux: number }>`select
            (select count(*)::int from logement_sollicitation where dept = ${DEPT} and not close
              and ((agence = ${organisme} and etat = 'attendue') or (demandeur = ${organisme} and etat in ('offre', 'question')))) as logements,
            (select count(distinct f.id)::int from reseau r join reseau_membre b on b.dept = ${DEPT} and b.reseau = r.id and b.organisme = ${organisme} and b.retire_a is null
              join reseau_fil f on f.dept = ${DEPT} and f.reseau = r.id
              join reseau_message m on m.dept = ${DEPT} and m.fil = f.id and m.par <> ${acteur.compte} and m.retire_a is null
              left join reseau_lu l on l.dept = ${DEPT} and l.fil = f.id and l.compte = ${acteur.compte}
              where r.dept = ${DEPT} and r.ferme_a is null and (l.jusqu_a is null or l.jusqu_a < m.a)) as reseaux`,
        ],
      )
      const attendues = demandes
        .filter(({ issue }) => issue === null)
        .flatMap((une) => une.sollicitations.map((s) => ({ ...s, demandeur: une.organisme })))
        .filter(
          ({ agence, demandeur, etat }) =>
            (agence === organisme && etat === 'attendue') ||
            (demandeur === organisme && (etat === 'offre' || etat === 'question')),
        ).length
      const aLire = listes
        .filter(({ membre, ferme_a }) => membre && ferme_a === null)
        .reduce((somme, { non_lus }) => somme + non_lus, 0)
      assert.deepEqual([logements, reseaux], [attendues, aLire], `${compte}: list`)
      assert.deepEqual({ logements, reseaux }, { ...ouverts[0] }, `${compte}: rules of rows`)
      if (!aLeDroit(acteur, 'reseau.lire')) assert.equal(reseaux, 0, compte)
      dit[compte] = [logements, reseaux]
    }
    t.diagnostic(JSON.stringify(dit))
    // Known by hand, so that an empty list is no proof: a closed request, a withdrawn word, a closed network and a member that left count for nobody.
    for (const [compte, attendu] of Object.entries({
      auteure: [1, 2],
      collegue: [1, 2],
      autreCollegue: [1, 3],
      caf: [1, 0],
      adil: [0, 0],
      agence: [0, 0],
      autreAgence: [2, 0],
      socialDuPersonnel: [0, 0],
      bailleur: [0, 1],
      autreBailleur: [0, 0],
      commissaire: [0, 0],
      secretariat: [0, 0],
      dpd: [0, 0],
    }))
      assert.deepEqual(dit[compte], attendu, compte)
    assert.match((await essai.lire('autreCollegue', '/documents')).texte, /Partager 4 à traiter/)
  })

  test('[ESP-12] [ESP-14] the account that counts reads no need, no subject and no word of the tables it counts', async () => {
    for (const [table, colonne] of [
      ['logement_demande', 'secteur'],
      ['logement_acte', 'texte'],
      ['reseau', 'nom'],
      ['reseau_fil', 'sujet'],
      ['reseau_message', 'texte'],
    ])
      assert.deepEqual(
        (await sql(`select has_column_privilege('amont_recherche', $1, $2, 'select') as oui`, [table, colonne])).rows,
        [{ oui: false }],
        `${table}.${colonne}`,
      )
  })
})
