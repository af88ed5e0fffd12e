import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { ecrireCsv, importer, ligne } from '#tests/application'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

describe('the register of landlords', () => {
  let essai: EssaiDesCercles
  let menages: Record<string, string>
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    const prive = { type: 'impaye_caf', parc: 'prive', numero_allocataire: '' }
    await importer(
      essai.application,
      'CAF71',
      'prives.csv',
      ecrireCsv([
        ligne({
          ...prive,
          nom_usage: 'Azur',
          prenom: 'Lea',
          reference_source: 'B-1',
          adresse: '3 rue du Pont',
          bailleur_nom: 'Lefèvre Immobilier',
        }),
        ligne({
          ...prive,
          nom_usage: 'Bruant',
          prenom: 'Noe',
          reference_source: 'B-2',
          adresse: '9 quai Neuf',
          bailleur_nom: 'LEFEVRE immobilier',
        }),
        ligne({
          ...prive,
          nom_usage: 'Corbin',
          prenom: 'Ana',
          reference_source: 'B-3',
          adresse: '12 rue Haute',
          bailleur_nom: 'Agence Lefèvre',
        }),
      ]),
    )
    const { rows } = await essai.application.base.pool.query('select id, titulaire from dossier where dept = $1', [
      DEPT,
    ])
    menages = Object.fromEntries(rows.map(({ id, titulaire }) => [titulaire.split(' ')[0].toLowerCase(), id]))
  })
  after(() => essai.fermer())

  const poster = (compte: Compte, adresse: string, champs: Record<string, string | readonly string[]> = {}) =>
    essai.poster(compte, adresse, champs)
  const creer = async (champs: Record<string, string>): Promise<string> => {
    const faite = await poster('secretariat', '/bailleurs/ajouter', { envoi: randomUUID(), ...champs })
    assert.equal(faite.statut, 303, faite.texte)
    return faite.vers.split('/').at(-1) ?? ''
  }
  const texte = async (compte: Compte, adresse: string) => (await essai.lire(compte, adresse)).texte
  const version = async (id: string) =>
    /name="version" value="(\d+)"/.exec((await essai.lire('secretariat', `/bailleurs/${id}/modifier`)).html)?.[1] ?? ''
  let lefevre: string
  let agence: string

  test('[RAP-10] a sheet is opened with its nature, its SIRET and its ANAH agreement; a wrong field is told beside it and kept', async () => {
    assert.match(await texte('secretariat', '/bailleurs'), /Le référentiel est vide/)
    const champs = {
      nom: 'Lefèvre Immobilier',
      nature: 'sci_familiale',
      conventionne_anah: 'oui',
      conventionne_anah_le: '2025-03-04',
    }
    for (const [faux, phrase] of [
      [{ nom: ' ' }, /Donner le nom du bailleur/],
      [{ siret: '123' }, /Le SIRET a 14 chiffres/],
      [{ conventionne_anah: '' }, /Cocher « conventionné avec l’ANAH »/],
      [{ conventionne_anah_le: '2027-01-01' }, /ne peut pas être à venir/],
      [{ courriel: 'agence' }, /n’est pas complète/],
    ] as const) {
      const refusee = await poster('secretariat', '/bailleurs/ajouter', { envoi: randomUUID(), ...champs, ...faux })
      assert.equal(refusee.statut, 422)
      assert.match(refusee.texte, phrase)
      if (!('nom' in faux)) assert.match(refusee.html, /value="Lefèvre Immobilier"/)
    }
    const envoi = randomUUID()
    for (let fois = 0; fois < 2; fois += 1)
      assert.equal((await poster('secretariat', '/bailleurs/ajouter', { envoi, ...champs })).statut, 303)
    lefevre = (await poster('secretariat', '/bailleurs/ajouter', { envoi, ...champs })).vers.split('/').at(-1) ?? ''
    assert.match(
      await texte('prefecture', '/bailleurs'),
      /1 fiche .*Lefèvre Immobilier SCI familiale Oui, depuis le 04\/03\/2025/,
    )
  })

  test('[RAP-10] several dwellings hang from one sheet: the dossiers that name it, whatever the accents', async () => {
    const fiche = `/bailleurs/${lefevre}`
    const lue = await texte('secretariat', fiche)
    assert.match(lue, /Dossiers à rattacher.*AZUR.*BRUANT/)
    assert.doesNotMatch(lue, /CORBIN/)
    assert.equal((await poster('secretariat', `${fiche}/rattacher`, {})).statut, 303)
    const { azur = '', bruant = '' } = menages
    await poster('secretariat', `${fiche}/rattacher`, { dossiers: [azur, bruant] })
    await poster('secretariat', `${fiche}/rattacher`, { dossiers: [azur] })
    const apres = await texte('secretariat', fiche)
    assert.match(apres, /2 logements, 2 dossiers.*3 RUE DU PONT.*AZUR.*9 QUAI NEUF.*BRUANT/i)
    const { rows } = await essai.application.base.pool.query('select reference from dossier where id = $1', [azur])
    assert.match(
      await texte('secretariat', `/dossiers/${rows[0].reference}`),
      /Fiche du bailleur Lefèvre Immobilier 2 logements, conventionné avec l’ANAH depuis le 04\/03\/2025/,
    )
  })

  test('[RAP-10] a manager is a sheet too, named for a dwelling; what it manages is on its own sheet', async () => {
    agence = await creer({ nom: 'Agence des Deux Rives', nature: 'personne_morale', gestionnaire: 'oui' })
    const fiche = await essai.lire('secretariat', `/bailleurs/${lefevre}`)
    const logement = /name="logement" value="([\w-]+)"/.exec(fiche.html)?.[1] ?? ''
    assert.equal(
      (await poster('secretariat', `/bailleurs/${lefevre}/gerant`, { logement, gerant: agence })).statut,
      303,
    )
    assert.match(
      await texte('secretariat', `/bailleurs/${agence}`),
      /Gérés pour d’autres 1 logement.*Propriétaire : Lefèvre Immobilier/,
    )
    assert.match(await texte('prefecture', `/bailleurs/${lefevre}`), /Agence des Deux Rives/)
    await poster('secretariat', `/bailleurs/${lefevre}/gerant`, { logement, gerant: randomUUID() })
    assert.match(
      await texte('prefecture', `/bailleurs/${lefevre}`),
      /Agence des Deux Rives/,
      'not a manager: nothing changes',
    )
  })

  test('[RAP-10] the sheet of a dossier is chosen or opened from the dossier', async () => {
    const { corbin = '' } = menages
    const { rows } = await essai.application.base.pool.query('select reference from dossier where id = $1', [corbin])
    const adresse = `/dossiers/${rows[0].reference}`
    assert.match(
      await texte('secretariat', `${adresse}/bailleur`),
      /Les signaux nomment : Agence Lefèvre.*Aucune fiche ne lui ressemble/,
    )
    assert.match(await texte('secretariat', `${adresse}/bailleur?q=lefevre`), /Lefèvre Immobilier/)
    const prerempli = await essai.lire('secretariat', `/bailleurs/ajouter?dossier=${rows[0].reference}`)
    assert.match(prerempli.html, /value="Agence Lefèvre"/)
    const id = await creer({
      nom: 'Agence Lefèvre',
      siret: '123 456 789 00012',
      telephone: '03 85 00 00 00',
      dossier: rows[0].reference,
    })
    assert.match(await texte('secretariat', `/bailleurs/${id}`), /12 RUE HAUTE.*CORBIN/i)
    const doublon = await poster('secretariat', '/bailleurs/ajouter', {
      envoi: randomUUID(),
      nom: 'Autre',
      siret: '12345678900012',
    })
    assert.match(doublon.texte, /Agence Lefèvre a déjà ce SIRET/)
  })

  test('[RAP-10] the register is searched and filtered whatever the accents, and exported as it is shown', async () => {
    assert.match(await texte('secretariat', '/bailleurs?q=LEFEVRE'), /2 fiches/)
    assert.match(await texte('secretariat', '/bailleurs?q=12345678900012'), /1 fiche .*Agence Lefèvre/)
    assert.match(await texte('secretariat', '/bailleurs?genre=anah'), /1 fiche .*Lefèvre Immobilier/)
    assert.match(await texte('secretariat', '/bailleurs?genre=gerant'), /1 fiche .*Deux Rives/)
    assert.match(await texte('secretariat', '/bailleurs?nature=sci_familiale'), /1 fiche /)
    assert.match(await texte('secretariat', '/bailleurs?q=zzz'), /Aucun bailleur ne répond/)
    const csv = await essai.lire('secretariat', '/bailleurs/export.csv?genre=anah')
    assert.match(csv.html, /Lefèvre Immobilier.*SCI familiale.*oui/)
    assert.doesNotMatch(csv.html, /Deux Rives/)
  })

  test('[RAP-10] two sheets of one landlord are made one, and given back as they were', async () => {
    const double = await creer({ nom: 'LEFEVRE IMMOBILIER', telephone: '03 85 11 11 11' })
    const { azur = '' } = menages
    assert.match(await texte('secretariat', `/bailleurs/${lefevre}`), /1 fiche ressemble à celle-ci/)
    const comparaison = await texte('secretariat', `/bailleurs/${double}/reunir?avec=${lefevre}`)
    assert.match(
      comparaison,
      /Réunir Lefèvre Immobilier à LEFEVRE IMMOBILIER.*Ce qui en dépend 0 logement, 0 dossier 2 logements, 2 dossiers/,
    )
    const champs = { avec: lefevre, version: await version(double), version_avec: await version(lefevre) }
    const perimee = await poster('secretariat', `/bailleurs/${double}/reunir`, { ...champs, version_avec: '99' })
    assert.equal(perimee.statut, 409)
    const faite = await poster('secretariat', `/bailleurs/${double}/reunir`, champs)
    assert.equal(faite.statut, 303)
    const gardee = await texte('secretariat', `/bailleurs/${double}`)
    assert.match(
      gardee,
      /SCI familiale\. 2 logements, 2 dossiers.*03 85 11 11 11.*ANAH Oui, depuis le 04\/03\/2025.*AZUR.*BRUANT.*Fiches réunies à celle-ci Lefèvre Immobilier/,
    )
    assert.equal((await essai.lire('secretariat', `/bailleurs/${lefevre}`)).vers, `/bailleurs/${double}`)
    assert.match(await texte('secretariat', '/bailleurs?q=lefevre'), /2 fiches/)
    const fusion =
      /fusions\/([\w-]{36})\/defaire/.exec((await essai.lire('secretariat', `/bailleurs/${double}`)).html)?.[1] ?? ''
    assert.equal((await poster('secretariat', `/bailleurs/fusions/${fusion}/defaire`)).statut, 303)
    assert.equal((await poster('secretariat', `/bailleurs/fusions/${fusion}/defaire`)).statut, 404, 'undone once')
    assert.match(
      await texte('secretariat', `/bailleurs/${double}`),
      /Nature non précisée\. 0 logement, 0 dossier.*ANAH Non/,
    )
    assert.match(await texte('secretariat', `/bailleurs/${lefevre}`), /2 logements, 2 dossiers.*Agence des Deux Rives/)
    await poster('secretariat', `/bailleurs/${double}/retirer`)
    assert.equal((await essai.lire('secretariat', `/bailleurs/${double}`)).statut, 404)
    const { rows } = await essai.application.base.pool.query(
      'select count(*)::int as n from bailleur_dossier where dossier = $1 and defait_a is null',
      [azur],
    )
    assert.equal(rows[0].n, 1)
  })

  test('[RAP-10] two different SIRET are two landlords; a sheet with dwellings is not taken out', async () => {
    const autre = await creer({ nom: 'Agence Lefevre', siret: '98765432100019' })
    const { rows } = await essai.application.base.pool.query("select id from bailleur where siret = '12345678900012'")
    const refusee = await poster('secretariat', `/bailleurs/${rows[0].id}/reunir`, {
      avec: autre,
      version: await version(rows[0].id),
      version_avec: await version(autre),
    })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /un SIRET différent/)
    assert.equal((await poster('secretariat', `/bailleurs/${lefevre}/retirer`)).statut, 422)
  })

  test('[RAP-10] a dossier is detached and attached again; two people who change a sheet both see the two versions', async () => {
    const fiche = `/bailleurs/${lefevre}`
    const lien = /name="lien" value="([\w-]+)"/.exec((await essai.lire('secretariat', fiche)).html)?.[1] ?? ''
    assert.equal((await poster('secretariat', `${fiche}/detacher`, { lien })).statut, 303)
    assert.equal((await poster('secretariat', `${fiche}/detacher`, { lien })).statut, 404)
    assert.match(await texte('secretariat', fiche), /1 dossier\b/)
    const vu = await version(lefevre)
    const changer = (compte: Compte, nom: string) =>
      poster(compte, `${fiche}/modifier`, { version: vu, nom, nature: 'sci_familiale' })
    assert.equal((await changer('secretariat', 'Lefèvre et fils')).statut, 303)
    const conflit = await changer('autreSecretariat', 'Maison Blanche')
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Maison Blanche ?, SCI familiale Lefèvre et fils ?, SCI familiale/)
  })

  test('[RAP-10] is kept by the secretariat, read by the State, and no one else', async () => {
    assert.equal((await essai.lire('prefecture', '/bailleurs')).statut, 200)
    assert.equal((await poster('prefecture', '/bailleurs/ajouter', { envoi: randomUUID(), nom: 'X' })).statut, 403)
    assert.doesNotMatch((await essai.lire('prefecture', `/bailleurs/${lefevre}`)).html, /\/rattacher"/)
    for (const compte of ['auteure', 'caf', 'bailleur', 'commissaire', 'administrateur'] as const) {
      assert.equal((await essai.lire(compte, '/bailleurs')).statut, 403, compte)
      assert.equal((await essai.lire(compte, `/bailleurs/${lefevre}`)).statut, 403, compte)
    }
    assert.doesNotMatch(await texte('auteure', `/dossiers/${essai.dossier.reference}`), /Fiche du bailleur/)
    const { rows } = await essai.application.base.pool.query(
      "select count(*)::int as n from journal where action = 'bailleur.fusionner'",
    )
    assert.ok(rows[0].n >= 2)
  })

  test('[SIG-19] the list of landlords signed with the ANAH opens and completes sheets, says line by line what is wrong, and changes nothing the second time', async () => {
    const connu = await creer({
      nom: 'SCI des Roches',
      siret: '',
      adresse: '4 rue des Roches, Autun',
      telephone: '03 85 00 00 01',
    })
    const homonyme = await creer({ nom: 'Morel Gérard', adresse: '8 rue Basse, Mâcon' })
    const ancien = await creer({ nom: 'Indivision Caron', conventionne_anah: 'oui' })
    const liste = [
      'Nom du bailleur;SIRET;Adresse;Téléphone;Date de convention',
      'SCI DES ROCHES;55208131766522;4, rue des Roches, Autun;03 85 99 99 99;12/03/2024',
      'Tessier Hélène;;15 quai Sud, Mâcon;;',
      'Morel Gérard;;1 place Neuve, Autun;;',
      'Vidal Paul;123;;;',
      'Roux Denise;;;;hier',
      'Tessier Hélène;;15 quai Sud, Mâcon;;',
      'Autre Nom;55208131766522;;;',
    ].join('\r\n')
    const envoyer = (compte: Compte, octets: Buffer, nom = 'anah.csv') =>
      essai.poster(compte, '/bailleurs/anah', {}, { nom, octets })
    const recue = await envoyer('secretariat', Buffer.from(liste, 'latin1'))
    assert.equal(recue.statut, 200, recue.texte)
    assert.match(recue.texte, /1 fiche ouverte, 1 fiche complétée, 0 fiche inchangée, 5 lignes à corriger/)
    assert.match(recue.texte, /4 Morel Gérard Nom du bailleur Une fiche porte ce nom à une autre adresse/)
    assert.match(recue.texte, /5 Vidal Paul SIRET Le SIRET a 14 chiffres/)
    assert.match(recue.texte, /6 Roux Denise Convention signée le « hier » : Cette date n’est pas lisible/)
    assert.match(recue.texte, /7 Tessier Hélène Nom du bailleur Déjà à la ligne 3/)
    assert.match(recue.texte, /8 Autre Nom Nom du bailleur Déjà à la ligne 2/)
    assert.match(recue.texte, /absents de cette liste .*Indivision Caron/)
    const fiche = await texte('secretariat', `/bailleurs/${connu}`)
    assert.match(fiche, /Conventionné avec l’ANAH Oui, depuis le 12\/03\/2024/)
    assert.match(fiche, /03 85 00 00 01/, 'what it said is not replaced')
    assert.match(fiche, /55208131766522/)
    for (const id of [homonyme, ancien]) assert.equal(await version(id), '1')
    const apres = await version(connu)
    const encore = await envoyer('secretariat', Buffer.from(liste))
    assert.match(encore.texte, /0 fiche ouverte, 0 fiche complétée, 2 fiches inchangées, 5 lignes/)
    assert.equal(await version(connu), apres)
    const autre = await envoyer('secretariat', Buffer.from('Commune;Adresse\r\nAutun;rue Haute'))
    assert.equal(autre.statut, 422)
    assert.match(autre.texte, /doit nommer une colonne « Nom »/)
    assert.equal((await envoyer('caf', Buffer.from(liste))).statut, 403)
  })
})
