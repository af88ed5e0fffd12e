import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { publierReleve } from '#commission'
import { preparerCourriers, produireLotCourriers } from '#jobs'
import { JOUR } from '#tests/application'
import { DEPT } from '#tests/ecrits'
import {
  cache,
  corriger,
  type EssaiDeSeance,
  ouvrirSeanceDEssai,
  remplirPoste,
} from '../../src/web/seances/fabrique-essai.ts'

/**
 * Une saisine est inscrite à une séance : Amont prépare la lettre qui l’annonce au ménage. La séance se tient, les deux coprésidents approuvent le relevé : Amont prépare
 * celle qui dit ce que la commission propose. Le secrétariat relit, et envoie. Rien n’est préparé deux fois, et ce qui n’est plus vrai ne part pas.
 */
describe('story: a household learns what the commission does about its home', () => {
  let un: EssaiDeSeance
  const SAISIE = 'menage-commission-saisie'
  const ORIENTATION = 'menage-commission-orientation'

  before(async () => {
    un = await ouvrirSeanceDEssai(1)
  })
  after(() => un?.essai.fermer())

  const dossier = () => un.dossiers[0] ?? assert.fail()
  const sql = (texte: string, valeurs: readonly unknown[] = []) =>
    un.essai.application.base.pool.query(texte, [...valeurs])
  const preparer = () => preparerCourriers(un.essai.application, DEPT)
  const etats = async (modele: string): Promise<string[]> =>
    (await sql('select etat from courrier where modele = $1 order by etat, id', [modele])).rows.map(({ etat }) => etat)
  /** The letter to re-read, as the secretariat finds it. */
  const relire = async (modele: string): Promise<{ adresse: string; texte: string }> => {
    const liste = await un.essai.lire('secretariat', `/courriers/modeles/${modele}`)
    const adresse = /href="(\/courriers\/[0-9a-f-]{36})"/.exec(liste.html)?.[1] ?? ''
    return { adresse, texte: (await un.essai.lire('secretariat', adresse)).texte }
  }
  const saisine = async (etat: string, seance: string | null): Promise<string> => {
    const id = randomUUID()
    const scelle = `${'0'.repeat(8)}.x`
    await sql(
      `insert into formulaire (dept, id, dossier, code, modele, etat, version, contenu, auteur, organisme, cree_a, modifie_a, modifie_par)
       values ($1, $2, $3, 'saisine-ccapex', 1, 'brouillon', 1, $4, $5, $6, '2026-11-10T08:00:00Z', '2026-11-10T08:00:00Z', $5)`,
      [DEPT, id, dossier().id, scelle, un.essai.ids.auteure, un.essai.organisme('DEP71')],
    )
    await sql(
      `insert into saisine (dept, id, dossier, formulaire, origine, etat, seance_le, organisme, compte, deposee_a, version)
       values ($1, $2, $3, $2, 'partenaire', $4, $5, $6, $7, '2026-11-10T08:00:00Z', 1)`,
      [DEPT, id, dossier().id, etat, seance, un.essai.organisme('DEP71'), un.essai.ids.auteure],
    )
    return id
  }

  test('[COU-45] a referral put on a session: the letter that announces it is ready, once, with the day of the session', async () => {
    const id = await saisine('recue', null)
    await preparer()
    assert.deepEqual(await etats(SAISIE), [], 'a referral under instruction tells nothing yet')
    await sql(`update saisine set etat = 'inscrite', seance_le = '2026-12-10' where id = $1`, [id])
    await preparer()
    await preparer()
    assert.deepEqual(await etats(SAISIE), ['propose'])
    assert.match((await relire(SAISIE)).texte, /Elle doit se réunir le jeudi 10 décembre 2026/)
    await saisine('inscrite', '2026-12-10')
    await preparer()
    assert.deepEqual(await etats(SAISIE), ['propose'], 'two referrals, one letter')
  })

  test('[COU-45] the session moves: the letter follows; what a person left out stays out', async () => {
    await sql(`update saisine set seance_le = '2026-12-17'`)
    await preparer()
    assert.deepEqual(await etats(SAISIE), ['ecarte', 'propose'])
    const { adresse, texte } = await relire(SAISIE)
    assert.match(texte, /Elle doit se réunir le jeudi 17 décembre 2026/)
    const version = cache(await un.essai.lire('secretariat', adresse), 'version')
    await un.essai.poster('secretariat', `${adresse}/ecarter`, { version, motif: 'Le ménage a été vu.' })
    await preparer()
    assert.deepEqual(await etats(SAISIE), ['ecarte', 'ecarte'])
    await sql(`update saisine set seance_le = '2026-12-18'`)
    await preparer()
    assert.deepEqual(await etats(SAISIE), ['ecarte', 'ecarte'], 'nor told again when the session moves')
  })

  test('[COU-45] [COU-06] sent, it is not prepared again, unless the session moves; produced with a day that is no longer so, it does not leave', async () => {
    await sql('delete from courrier')
    const inscrire = async (jour: string) => {
      // Letters already there are older than the next, as from one morning to the other.
      await sql(`update courrier set propose_a = propose_a - interval '1 hour'`)
      await sql('update saisine set seance_le = $1', [jour])
      await preparer()
      await preparer()
    }
    const produire = async (): Promise<string> => {
      const { vers } = await un.essai.poster('secretariat', `/courriers/modeles/${SAISIE}/produire`, {
        envoi: randomUUID(),
      })
      await produireLotCourriers(un.essai.application, DEPT, vers.split('/').at(-1) ?? '')
      return vers
    }
    const envoyer = async () =>
      assert.equal(
        (await un.essai.poster('secretariat', `${await produire()}/envoyer`, { le: JOUR, canal: 'courrier' })).statut,
        303,
      )

    await inscrire('2026-12-10')
    await envoyer()
    await inscrire('2026-12-10')
    assert.deepEqual(await etats(SAISIE), ['envoye'], 'sent, it is not prepared again')

    await inscrire('2026-12-17')
    assert.deepEqual(await etats(SAISIE), ['envoye', 'propose'], 'the household has the wrong day: it is written again')
    assert.match((await relire(SAISIE)).texte, /Elle doit se réunir le jeudi 17 décembre 2026/)
    const lot = await produire()
    await inscrire('2027-01-07')
    assert.deepEqual(await etats(SAISIE), ['ecarte', 'envoye', 'propose'], 'produced, not posted yet')
    assert.match((await un.essai.lire('secretariat', `/courriers/modeles/${SAISIE}?etat=ecarte`)).texte, /a changé/)
    await produireLotCourriers(un.essai.application, DEPT, lot.split('/').at(-1) ?? '')
    await un.essai.poster('secretariat', `${lot}/envoyer`, { le: JOUR, canal: 'courrier' })
    assert.deepEqual(await etats(SAISIE), ['ecarte', 'envoye', 'propose'], 'its batch sends nothing')

    await envoyer()
    await inscrire('2026-12-10')
    assert.deepEqual(await etats(SAISIE), ['ecarte', 'envoye', 'envoye', 'propose'], 'back to the first day: told too')
    assert.match((await relire(SAISIE)).texte, /Elle doit se réunir le jeudi 10 décembre 2026/)
  })

  const approuver = async () => {
    for (const compte of ['prefecture', 'copilote'] as const) {
      const vu = cache(await un.essai.lire(compte, `/seances/${un.seance}/releve`), 'vu')
      assert.equal((await un.essai.poster(compte, `/seances/${un.seance}/releve/approuver`, { vu })).statut, 303)
    }
    await publierReleve(un.essai.application, DEPT, un.seance)
  }

  test('[COU-45] what was retained is told once both co-chairs approved, in the words of the charter, never why', async () => {
    // The forms of these referrals hold nothing that opens.
    await sql('delete from saisine')
    await sql('delete from formulaire')
    const poste = `/seances/${un.seance}/poste/${un.inscriptions[0]}`
    const decision = remplirPoste(await un.essai.lire('secretariat', poste), {
      'q-maintien': 'oui',
      discours: 'Motif confidentiel, campanule.',
      'rec-code': 'plan-ou-protocole',
      'rec-organisme': un.essai.organisme('OPAC71'),
      'rec-texte': 'Parce que le ménage a caché ses ressources',
      geste: 'adopter',
    })
    const decidee = await un.essai.poster('secretariat', poste, decision)
    assert.equal(decidee.statut, 303, decidee.texte.slice(0, 600))
    await un.essai.poster('secretariat', `/seances/${un.seance}/clore`, { restants: '0' })
    await preparer()
    assert.deepEqual(await etats(ORIENTATION), [])
    await approuver()
    await preparer()
    await preparer()
    assert.deepEqual(await etats(ORIENTATION), ['propose'])
    const { adresse, texte } = await relire(ORIENTATION)
    assert.match(texte, /s’est réunie le vendredi 20 novembre 2026/)
    assert.match(texte, /La commission propose : conclure un plan d’apurement[^.]*\(OPAC de Saône-et-Loire\)/)
    assert.doesNotMatch(texte, /campanule|caché/)
    assert.ok([403, 404].includes((await un.essai.lire('caf', adresse)).statut))
  })

  test('[COU-45] a decision corrected: the letter that said the former one does not leave', async () => {
    const ouverte = await corriger(un, 0, 'Erreur de destinataire.')
    assert.equal(ouverte.statut, 303, ouverte.texte.slice(0, 400))
    const poste = `/seances/${un.seance}/poste/${un.inscriptions[0]}`
    const lue = await un.essai.lire('secretariat', poste)
    const geste = /value="(retirer:[0-9a-f-]{36})"/.exec(lue.html)?.[1] ?? ''
    assert.equal((await un.essai.poster('secretariat', poste, remplirPoste(lue, { geste }))).statut, 303)
    const corrigee = await un.essai.poster(
      'secretariat',
      poste,
      remplirPoste(await un.essai.lire('secretariat', poste), {
        'rec-code': 'travailleur-social',
        'rec-organisme': un.essai.organisme('DEP71'),
        geste: 'enregistrer',
      }),
    )
    assert.equal(corrigee.statut, 303, corrigee.texte.slice(0, 2000))
    assert.match((await un.essai.lire('secretariat', poste)).texte, /Faire intervenir un travailleur social/)
    await un.essai.poster('secretariat', `/seances/${un.seance}/releve/refaire`, {})
    await approuver()
    await preparer()
    assert.deepEqual(await etats(ORIENTATION), ['ecarte', 'propose'])
    assert.match(
      (await relire(ORIENTATION)).texte,
      /faire intervenir un travailleur social \(Service social départemental\)/,
    )
  })

  test('[COU-45] the catalogue says when each is prepared', async () => {
    const { texte } = await un.essai.lire('secretariat', '/courriers/catalogue')
    assert.match(texte, /Proposé quand une saisine est inscrite à une séance à venir/)
    assert.match(texte, /Proposé quand le relevé de la séance est approuvé par les deux coprésidents.*Pendant 30 jours/)
  })
})
