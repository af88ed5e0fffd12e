import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { ecrireCsv, importer, ligne } from '#tests/application'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

describe('what surrounds the procedure of a household', () => {
  let essai: EssaiDesCercles
  let place: string
  let autre: { id: string; reference: string }
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    place = `/dossiers/${essai.dossier.reference}/procedure`
    await importer(
      essai.application,
      'PREF71',
      'ancien.csv',
      ecrireCsv([
        ligne({
          ...{
            type: 'assignation',
            nom_usage: 'Zubiri',
            prenom: 'Ines',
            reference_source: 'ASG-0',
            adresse: '40 rue Longue',
          },
          ...{
            date_naissance: '1971-02-03',
            date_signalement: '2026-01-09',
            date_acte: '2026-01-05',
            bailleur_nom: 'Autre Bailleur',
          },
        }),
      ]),
    )
    const { pool } = essai.application.base
    const { rows } = await pool.query('select id, reference from dossier where dept = $1 and id <> $2', [
      DEPT,
      essai.dossier.id,
    ])
    assert.equal(rows.length, 1)
    autre = rows[0]
    // The same person in another dwelling, as two files may write it: no signalement of one is near the other.
    await pool.query(
      `update dossier x set nom_tri = d.nom_tri, organisme = null, organismes_habilites = '{}', menage = jsonb_set(x.menage, '{titulaire}', d.menage->'titulaire') from dossier d where d.id = $1 and x.id = $2`,
      [essai.dossier.id, autre.id],
    )
  })
  after(() => essai.fermer())

  const texte = async (compte: Compte, adresse = place) => (await essai.lire(compte, adresse)).texte
  const dire = (compte: Compte, reponse: string) =>
    essai.poster(compte, `${place}/antecedents`, { autre: autre.id, reponse })
  const saisir = async (
    genre: string,
    le: string,
    champs: Record<string, string> = {},
    compte: Compte = 'secretariat',
  ) => {
    const page = await essai.lire(compte, `${place}/saisir?genre=${genre}`)
    const envoi = /name="envoi" value="([^"]+)"/.exec(page.html)?.[1] ?? randomUUID()
    const corps = {
      ...{ genre, le, envoi, suite: 'enregistrer', etape: 'enregistrer' },
      ...Object.fromEntries(Object.entries(champs).map(([nom, valeur]) => [`f-${nom}`, valeur])),
    }
    const faite = await essai.poster(compte, `${place}/saisir`, corps)
    assert.equal(faite.statut, 303, faite.texte.slice(0, 1500))
  }

  test('[RAP-03] former procedures of the household are proposed, confirmed by a person, shown to the State at the summons, and taken back', async () => {
    assert.match(
      await texte('secretariat'),
      /Procédures antérieures du ménage.*Pour l’information du juge.*Aucune connue.*Est-ce le même ménage/,
    )
    assert.doesNotMatch(await texte('prefecture'), /Est-ce le même ménage/, 'only who decides on doubts is asked')
    assert.equal((await dire('prefecture', 'meme')).statut, 403)
    assert.equal((await dire('secretariat', 'meme')).statut, 303)
    assert.equal((await dire('secretariat', 'meme')).statut, 303, 'said again, nothing changes')
    assert.match(
      await texte('prefecture'),
      new RegExp(`Procédures antérieures du ménage.*${autre.reference}.*en cours.*assignation, 05/01/2026`, 'i'),
    )
    assert.equal(
      (await essai.poster('secretariat', `${place}/antecedents`, { autre: autre.id, reponse: 'reprise' })).statut,
      303,
    )
    assert.match(await texte('prefecture'), /Aucune connue/)
    await dire('secretariat', 'different')
    assert.doesNotMatch(await texte('secretariat'), /Est-ce le même ménage/)
    await dire('secretariat', 'meme')
    const { rows } = await essai.application.base.pool.query(
      'select reponse, defait_a is null as vivant from menage_lien order by a',
    )
    assert.equal(rows.filter(({ vivant }) => vivant).length, 1)
    assert.equal(rows.length, 3, 'ended, never erased')
  })

  test('[RAP-03] a service that does not read the other dossier reads nothing of it', async () => {
    assert.doesNotMatch(await texte('auteure'), new RegExp(autre.reference))
  })

  test('[RAP-09] each step beside the procedure is attached with its date and its state', async () => {
    const vide = await texte('secretariat')
    assert.match(
      vide,
      /Démarches rattachées Surendettement Rien de connu.*Contingent préfectoral Rien de connu.*SIAO Rien de connu/,
    )
    await saisir('surendettement_depose', '2026-10-01')
    await saisir('logement_social_demande', '2026-09-02', { etat: 'active', numero: '071-77' })
    await saisir('contingent_prefectoral', '2026-09-20', { etat: 'demande' })
    await saisir('contingent_prefectoral', '2026-10-20', { etat: 'reconnu' })
    await saisir('dalo_saisi', '2026-10-05')
    await saisir('siao_demande', '2026-10-06', { etat: 'orientee', type: 'hebergement' })
    await saisir('asll', '2026-10-07', { etat: 'accordee' })
    await saisir('avdl', '2026-10-08', { nature: 'contact', etape: 'financee' })
    await saisir('fsl_demande', '2026-10-09', { nature: 'maintien', stade: 'assignation' })
    await saisir('mesure_protection', '2026-10-10', { type: 'curatelle' }, 'auteure')
    const lu = await texte('secretariat')
    for (const dit of [
      /Surendettement Surendettement : dossier déposé, 01\/10\/2026/,
      /FSL Demande au FSL, 09\/10\/2026 Nature : Maintien/,
      /Demande de logement social, 02\/09\/2026 Numéro unique : 071-77\. État de la demande : Active/,
      /Contingent préfectoral Contingent préfectoral, 20\/10\/2026 État : Reconnu prioritaire\. 2 étapes notées/,
      /DALO Recours DALO déposé, 05\/10\/2026/,
      /SIAO Demande au SIAO, 06\/10\/2026 État : Orientée vers une structure\. Solution demandée : Hébergement/,
      /ASLL .*, 07\/10\/2026 État : Accordé/,
      /AVDL Mesure AVDL, 08\/10\/2026/,
    ])
      assert.match(lu, dit)
    assert.match(await texte('auteure'), /Mesure de protection Mesure de protection, 10\/10\/2026 Mesure : Curatelle/)
    assert.doesNotMatch(lu, /Curatelle/, 'near health: not to the secretariat')
  })

  test('[RAP-05] repeated FSL requests are a sign; a social evaluation confirms it, and a later request asks for another', async () => {
    assert.doesNotMatch(await texte('auteure'), /demandes au FSL/)
    await saisir('fsl_demande', '2026-03-02', { nature: 'maintien', stade: 'impaye' })
    const signale = await texte('auteure')
    assert.match(
      signale,
      /2 demandes au FSL en 24 mois : 02\/03\/2026, 09\/10\/2026\. La récurrence reste à confirmer par une évaluation sociale\. Signalé à partir de 2 demandes\. Source : Réglage proposé par Amont\. à vérifier/,
    )
    assert.match(signale, /Noter l’évaluation sociale/)
    await saisir('fsl_recurrence', '2026-11-02', { recurrence: 'confirmee', suite: 'saisine' }, 'auteure')
    assert.match(await texte('auteure'), /Récurrence confirmée par l’évaluation sociale du 02\/11\/2026/)
    await saisir('fsl_demande', '2026-11-10', { nature: 'maintien', stade: 'assignation' })
    assert.match(await texte('auteure'), /3 demandes au FSL.*La récurrence reste à confirmer/)
    await saisir('fsl_demande', '2024-01-10', { nature: 'acces', stade: 'impaye' })
    assert.match(await texte('auteure'), /3 demandes au FSL/, 'too old to count')
  })

  test('[RAP-06] each service says known, not known or already accompanied, without seeing the answer of the others', async () => {
    assert.equal((await essai.poster('auteure', `${place}/connu`, {})).statut, 403)
    assert.match(await texte('secretariat'), /Qui connaît ce ménage La question n’est pas encore posée/)
    for (let fois = 0; fois < 2; fois += 1)
      assert.equal((await essai.poster('secretariat', `${place}/connu`, {})).statut, 303)
    const { rows } = await essai.application.base.pool.query(
      'select o.code from connaissance k join organisme o on o.dept = k.dept and o.id = k.destinataire order by 1',
    )
    const codes = rows.map(({ code }) => code)
    for (const code of ['ADIL71', 'CAF71', 'DEP71']) assert.ok(codes.includes(code), code)
    assert.ok(codes.filter((code) => code.startsWith('CCAS')).length <= 1, 'the CCAS of the place only')
    assert.match(await texte('adil', '/notifications'), /Ménage connu ou non/)
    const sienne = async (compte: Compte) =>
      /action="(\/connus\/[\w-]{36})"/.exec((await essai.lire(compte, '/connus')).html)?.[1] ?? ''
    assert.match(await texte('adil', '/connus'), /1 ménage à reconnaître.*LACOMBE/)
    assert.equal((await essai.poster('adil', await sienne('adil'), { reponse: 'peut-etre' })).statut, 422)
    for (const [compte, reponse] of [
      ['auteure', 'accompagne'],
      ['adil', 'non_connu'],
      ['caf', 'connu'],
    ] as const)
      assert.equal((await essai.poster(compte, await sienne(compte), { reponse })).statut, 303, compte)
    assert.equal(
      (await essai.poster('caf', await sienne('adil'), { reponse: 'connu' })).statut,
      404,
      'each answers its own',
    )
    assert.match(
      await texte('secretariat'),
      /ADIL de Saône-et-Loire .* Non connu CAF de Saône-et-Loire .* Connu .*Service social départemental .* Déjà accompagné/,
    )
    for (const compte of ['caf', 'auteure', 'adil'] as const) {
      const choisies = (await essai.lire(compte, '/connus')).html.match(/<option[^>]*selected[^>]*>/g) ?? []
      assert.equal(
        choisies.filter((une) => /value="(connu|non_connu|accompagne)"/.test(une)).length,
        1,
        'its own answer only',
      )
      if (compte !== 'adil') assert.doesNotMatch(await texte(compte), /Qui connaît ce ménage/)
    }
    assert.equal(
      (await essai.poster('caf', await sienne('caf'), { reponse: 'non_connu' })).statut,
      303,
      'its own answer is corrected',
    )
    for (const compte of ['bailleur', 'commissaire', 'prefecture'] as const)
      assert.equal((await essai.lire(compte, '/connus')).statut, 403, compte)
  })

  test('[TER-10] a dossier goes to another territory from a day: the secretariat that takes over is told, says so, and the change is undone', async () => {
    const { pool } = essai.application.base
    const territoire = async () =>
      (await pool.query('select territoire from dossier where id = $1', [essai.dossier.id])).rows[0].territoire
    const depart = await territoire()
    const changer = (champs: Record<string, string>, compte: Compte = 'secretariat') =>
      essai.poster(compte, `${place}/territoire`, {
        ...{ territoire: 'chalon-sur-saone', le: '2026-11-16', motif: 'demenagement', envoi: randomUUID() },
        consigne: 'Audience proche',
        ...champs,
      })
    assert.equal((await changer({}, 'auteure')).statut, 403)
    for (const [faux, phrase] of [
      [{ territoire: depart }, /Choisir le territoire où passe le dossier/],
      [{ motif: '' }, /Choisir le motif/],
      [{ le: '2027-01-01' }, /ne peut pas être à venir/],
    ] as const) {
      const refusee = await changer(faux)
      assert.equal(refusee.statut, 422)
      assert.match(refusee.texte, phrase)
      assert.match(refusee.html, /value="Audience proche"/)
    }
    const envoi = randomUUID()
    assert.equal((await changer({ envoi })).statut, 303)
    assert.equal(await territoire(), 'chalon-sur-saone')
    assert.match(await texte('autreSecretariat', '/notifications'), /Dossier venu d’un autre territoire/)
    assert.match(
      await texte('autreSecretariat'),
      /au territoire Chalon-sur-Saône, à compter du 16\/11\/2026.*Audience proche.*ne l’a pas encore repris.*J’ai repris ce dossier/,
    )
    assert.doesNotMatch(
      await texte('secretariat'),
      /J’ai repris ce dossier/,
      'the one who hands over does not take over',
    )
    assert.equal(
      (await essai.poster('autreSecretariat', `${place}/territoire/reprendre`, { envoi: randomUUID() })).statut,
      303,
    )
    assert.match(await texte('secretariat'), /Repris le 20\/11\/2026 par Secrétariat CCAPEX Chalon-sur-Saône/)
    const { rows } = await pool.query("select racine from acte_saisi where genre = 'changement_territoire'")
    assert.equal(rows.length, 1)
    await saisir('dette_relevee', '2026-11-18', { montant: '1000' })
    assert.equal(await territoire(), 'chalon-sur-saone', 'derived again, it stays')
    assert.equal(
      (await essai.poster('secretariat', `${place}/territoire/defaire`, { acte: rows[0].racine })).statut,
      303,
    )
    assert.equal(await territoire(), depart)
  })
})
