import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Session } from '#acces'
import {
  annulerActe,
  cloreDossier,
  consignerActe,
  corrigerActe,
  type Dossier,
  lireDossier,
  listerActesSaisis,
  listerFaits,
  retablirActe,
} from '#dossiers'
import { champsDe, DECISIONS, decrireGenre, estGenreActe, GENRES_ACTE } from '#procedure'
import { defaireRattachement, deriverDossiers, reunirDossiers, separerDossiers } from '#rapprochement'
import { openTestDatabase } from '#tests/base'
import { creerDossiers, type DossierCree, type Essai, importer, ouvrirEssai } from '../accompagner/fabrique-essai.ts'

const jour = (texte: string) => Temporal.PlainDate.from(texte)

describe('acts entered by hand', () => {
  let essai: Essai
  let dossier: DossierCree
  let rang = 0

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase())
  })
  after(() => essai.fermer())
  beforeEach(async () => {
    rang += 1
    const [cree] = await creerDossiers(essai, [{ nom: `Ferrandis${rang}`, type: 'assignation', le: '2026-03-02' }])
    assert.ok(cree)
    dossier = cree
  })

  const enSession = <T>(travail: (session: Session) => Promise<T>) => essai.enSysteme('dossier.consulter', travail)
  const lu = (): Promise<Dossier> => enSession((session) => lireDossier(session, dossier.id))
  const consigner = (
    genre: Parameters<typeof consignerActe>[1]['genre'],
    le: string,
    contenu: Parameters<typeof consignerActe>[1]['contenu'] = {},
    envoi = randomUUID(),
  ) => enSession((session) => consignerActe(session, { dossier: dossier.id, genre, le: jour(le), contenu, envoi }))

  test('[DOS-01] [DOS-05] a judgment entered by hand moves the step, its delays suspend the procedure, and the same form sent twice writes once', async () => {
    const envoi = randomUUID()
    const contenu = { decision: 'delais', duree_mois: 24, mensualite: 8000 }
    const premier = await consigner('jugement', '2026-05-04', contenu, envoi)
    assert.deepEqual((await consigner('jugement', '2026-05-04', contenu, envoi)).acte, premier.acte)
    const { stade, actes, situation } = await lu()
    assert.equal(stade, 'jugement')
    assert.equal(actes.filter(({ type }) => type === 'jugement').length, 1)
    const [suspension] = situation?.suspensions ?? []
    assert.equal(suspension?.motif, 'delais')
    assert.equal(suspension?.jusquAu, '2028-05-04')
    const faits = await enSession((session) => listerFaits(session, dossier.id))
    assert.equal(faits.filter(({ type }) => type === 'acte.consigne').length, 1)
  })

  test('[ESP-10] who works without EXPLOC keeps what was carried there: its day and what, moving neither step nor dates', async () => {
    const avant = await lu()
    await consigner('exploc_porte', '2026-11-12', { quoi: 'saisine' })
    const { stade, echeances } = await lu()
    assert.equal(stade, avant.stade)
    assert.deepEqual(echeances, avant.echeances)
    const saisis = await enSession((session) => listerActesSaisis(session, dossier.id))
    assert.deepEqual(
      saisis.map(({ genre, contenu }) => ({ genre, contenu })),
      [{ genre: 'exploc_porte', contenu: { quoi: 'saisine' } }],
    )
    await assert.rejects(consigner('exploc_porte', '2026-11-12', {}))
  })

  test('[DOS-31] dates are recomputed when an act is corrected, and the former version is kept', async () => {
    const { acte } = await consigner('requisition_force_publique', '2026-10-01', { recue_le: '2026-10-02' })
    const refus = async () => (await lu()).echeances.find(({ cle }) => cle.includes('refus-implicite'))
    assert.equal((await refus())?.le, '2026-12-02')
    assert.match((await refus())?.reserve ?? '', /différé au 01\/04\/2027 : trêve hivernale/)
    await enSession((session) =>
      corrigerActe(session, {
        dossier: dossier.id,
        acte,
        genre: 'requisition_force_publique',
        le: jour('2026-10-01'),
        contenu: { recue_le: '2026-10-12' },
        motif: 'piece_lue',
        envoi: randomUUID(),
      }),
    )
    assert.equal((await refus())?.le, '2026-12-12')
    const lignes = await enSession(
      (session) => session.sql<{ n: number }>`select count(*)::int as n from acte_saisi where racine = ${acte}`,
    )
    assert.equal(lignes[0]?.n, 2)
    await assert.rejects(
      enSession((session) => session.sql`update acte_saisi set le = le where racine = ${acte}`),
      /permission denied|droit refusé/,
    )
  })

  test('[DOS-04] a withdrawn act counts no more, comes back when put back, and a return brings the dossier back', async () => {
    const { acte } = await consigner('commandement_de_quitter_les_lieux', '2026-09-01')
    assert.equal((await lu()).stade, 'commandement_de_quitter_les_lieux')
    await enSession((session) =>
      annulerActe(session, { dossier: dossier.id, acte, motif: 'autre_dossier', envoi: randomUUID() }),
    )
    assert.equal((await lu()).stade, 'assignation')
    await enSession((session) => retablirActe(session, { dossier: dossier.id, acte, envoi: randomUUID() }))
    assert.equal((await lu()).stade, 'commandement_de_quitter_les_lieux')
    await consigner('nouveau_bail', '2026-10-01')
    const apres = await lu()
    assert.equal(apres.stade, 'impaye')
    assert.deepEqual(apres.echeances, [], 'dates of the former procedure are left behind')
  })

  test('[DOS-05] the same act from a signalement and from a person is one; a person corrects what a signalement said', async () => {
    await consigner('assignation', '2026-03-02', {
      tribunal: 'Tribunal judiciaire de Mâcon',
      audience_le: '2026-12-10',
    })
    const { actes, audience_le } = await lu()
    assert.equal(actes.length, 1)
    assert.equal(actes[0]?.tribunal, 'Tribunal judiciaire de Mâcon')
    assert.ok(actes[0]?.signalement, 'its signalement is still named')
    assert.equal(audience_le?.toString(), '2026-12-10')
    const [cree] = await creerDossiers(essai, [{ nom: 'Ombredane', type: 'assignation', le: '2026-03-02' }])
    assert.ok(cree)
    dossier = cree
    await enSession((session) =>
      corrigerActe(session, {
        dossier: cree.id,
        acte: cree.id,
        genre: 'assignation',
        le: jour('2026-03-20'),
        motif: 'piece_lue',
        envoi: randomUUID(),
      }),
    )
    assert.deepEqual(
      (await lu()).actes.map(({ type, le }) => [type, le]),
      [['assignation', '2026-03-20']],
    )
  })

  test('[DOS-05] a file that arrives later keeps what people entered', async () => {
    const ligne = {
      type: 'commandement_de_payer',
      reference_source: 'CDP-1',
      date_signalement: '2026-04-02',
      date_acte: '2026-04-01',
      nom_usage: 'Vernassal',
      prenom: 'Odile',
      date_naissance: '1980-05-04',
      adresse: '3 rue des Tanneries',
      code_postal: '71400',
      commune: 'Autun',
      parc: 'prive',
    }
    await importer(essai, 'CDJ71', [ligne])
    const [ouvert] = await enSession(
      (session) => session.sql<DossierCree>`select id, reference from dossier where titulaire like 'VERNASSAL%'`,
    )
    assert.ok(ouvert)
    dossier = ouvert
    await consigner('assignation', '2026-07-01')
    await consigner('dette_relevee', '2026-09-30', { montant: 312045 })
    await importer(essai, 'CDJ71', [{ ...ligne, reference_source: 'CDP-2', date_signalement: '2026-04-09' }])
    const apres = await lu()
    assert.equal(apres.stade, 'assignation')
    assert.equal(apres.dette, 312045)
    await enSession((session) => deriverDossiers(session, [ouvert.id]))
    const { version: _, ...relu } = await lu()
    const { version: __, ...avant } = apres
    assert.deepEqual(relu, avant, 'deriving from the signalements again gives the same dossier')
  })

  test('[DOS-05] what corrects a signalement counts with it: it leaves the dossier when the signalement does, and is there if it comes back', async () => {
    const ligne = (reference: string, type: string, le: string) => ({
      type,
      reference_source: reference,
      date_signalement: le,
      date_acte: le,
      nom_usage: 'Pertuiset',
      prenom: 'Gontran',
      date_naissance: '1967-11-23',
      adresse: '41 quai des Messageries',
      code_postal: '71400',
      commune: 'Autun',
      parc: 'prive',
    })
    await importer(essai, 'CDJ71', [
      ligne('P-1', 'commandement_de_payer', '2026-02-02'),
      ligne('P-2', 'assignation', '2026-06-02'),
    ])
    const [ouvert] = await enSession(
      (session) => session.sql<DossierCree>`select id, reference from dossier where titulaire like 'PERTUISET%'`,
    )
    assert.ok(ouvert)
    dossier = ouvert
    const assignation = (await lu()).actes.find(({ type }) => type === 'assignation')?.signalement ?? ''
    await enSession((session) =>
      corrigerActe(session, {
        dossier: ouvert.id,
        acte: assignation,
        genre: 'assignation',
        le: jour('2026-06-12'),
        motif: 'piece_lue',
        envoi: randomUUID(),
      }),
    )
    assert.equal((await lu()).stade, 'assignation')
    await essai.enSysteme('rattachement.defaire', (session) => defaireRattachement(session, assignation, 'Un homonyme'))
    const apres = await lu()
    assert.equal(apres.stade, 'commandement_de_payer')
    assert.deepEqual(
      apres.actes.map(({ type }) => type),
      ['commandement_de_payer'],
    )
  })

  test('[DOS-05] two dossiers made one keep what people entered in each, and the reunion undone gives each its own', async () => {
    const ligne = (reference: string, nom: string, adresse: string) => ({
      type: 'assignation',
      reference_source: reference,
      date_signalement: '2026-04-02',
      date_acte: '2026-04-01',
      nom_usage: nom,
      prenom: 'Odile',
      adresse,
      code_postal: '71400',
      commune: 'Autun',
      parc: 'prive',
    })
    await importer(essai, 'PREF71', [
      ligne('R-1', 'Quissac', '3 rue du Port'),
      ligne('R-2', 'Belvezet', '9 rue des Bans'),
    ])
    const ouverts = await enSession(
      (
        session,
      ) => session.sql<DossierCree>`select id, reference from dossier where titulaire like 'QUISSAC%' or titulaire like 'BELVEZET%'
        order by titulaire desc`,
    )
    const [garde, absorbe] = ouverts
    assert.ok(garde && absorbe)
    dossier = absorbe
    await consigner('commandement_de_quitter_les_lieux', '2026-09-01')
    const stade = async (id: string) => (await enSession((session) => lireDossier(session, id))).stade
    assert.equal(await stade(garde.id), 'assignation')
    const { operation } = await essai.enSysteme('doute.trancher', (session) =>
      reunirDossiers(session, { garde: garde.id, absorbe: absorbe.id, motif: 'Même ménage, deux adresses' }),
    )
    assert.equal(await stade(garde.id), 'commandement_de_quitter_les_lieux')
    await essai.enSysteme('doute.trancher', (session) => separerDossiers(session, operation))
    assert.equal(await stade(garde.id), 'assignation')
    assert.equal(await stade(absorbe.id), 'commandement_de_quitter_les_lieux')
  })

  test('[DOS-05] an act noted while a file is derived is not lost: one waits for the other', async () => {
    let derivation: Promise<void> = Promise.resolve()
    await enSession(async (session) => {
      await consignerActe(session, {
        dossier: dossier.id,
        genre: 'commandement_de_quitter_les_lieux',
        le: jour('2026-09-01'),
        envoi: randomUUID(),
      })
      derivation = enSession((autre) => deriverDossiers(autre, [dossier.id]))
      // Until the other one waits for this one, or a while.
      for (let tour = 0; tour < 100; tour += 1) {
        const [attente] = await session.sql<{ n: number }>`select count(*)::int as n from pg_locks where not granted`
        if ((attente?.n ?? 0) > 0) break
        await setTimeout(20)
      }
    })
    await derivation
    assert.ok((await lu()).actes.some(({ type }) => type === 'commandement_de_quitter_les_lieux'))
  })

  test('[DOS-30] the coded outcome of a closed dossier stays when its signalements leave', async () => {
    await enSession(async (session) => {
      await cloreDossier(session, { dossier: dossier.id, issue: 'relogement', le: session.jour })
      // Nothing is attached to it: a derivation finds no signalement left.
      await deriverDossiers(session, [dossier.id])
    })
    const { motif_cloture, clos_le } = await lu()
    assert.equal(motif_cloture, 'relogement')
    assert.ok(clos_le)
  })

  test('[DOS-05] an impossible sequence is recorded and warns; what is not a value is refused', async () => {
    const { avertissements } = await consigner('expulsion', '2026-11-10')
    assert.ok(avertissements.some(({ code }) => code === 'treve'))
    assert.ok(avertissements.some(({ code }) => code === 'attendu'))
    assert.equal((await lu()).stade, 'expulsion')
    await assert.rejects(consigner('jugement', '2026-11-10', { decision: 'inconnue' }), { code: 'acte.decision' })
    await assert.rejects(consigner('jugement', '2026-11-21', { decision: 'delais' }), { code: 'acte.le' })
    await assert.rejects(consigner('fsl_demande', '2026-11-10', { nature: 'maintien' }), { code: 'acte.stade' })
  })

  test('[DOS-15] over-indebtedness is known to those who read the debt, and forbids paying older debts once admissible', async () => {
    await consigner('surendettement_depose', '2026-06-01')
    await consigner('surendettement_recevable', '2026-07-15', { toutes_dettes: true })
    const { situation } = await lu()
    assert.equal(situation?.surendettement?.etat, 'recevable')
    assert.equal(situation?.surendettement?.paiementInterdit, true)
  })

  test('[DOS-01] [DOS-05] every step and act of the list is entered by hand, and each is corrected by a new fact that keeps the former', async () => {
    const VALEURS = { jour: '2026-08-03', montant: 12_000, entier: 1, annee: 1960, texte: 'Essai', oui_non: true }
    const attendus = [
      ...[
        'impaye_constitue',
        'impaye_signale',
        'fsl_demande',
        'fsl_decision',
        'commandement_de_payer',
        'saisine_bailleur',
      ],
      ...[
        'assignation',
        'notification_prefet',
        'audience',
        'jugement',
        'commandement_de_quitter_les_lieux',
        'jex_saisi',
      ],
      ...[
        'jex_decision',
        'requisition_force_publique',
        'refus_implicite',
        'concours_force_publique',
        'tentative_expulsion',
      ],
      ...[
        'expulsion',
        'depart_volontaire',
        'protocole_signe',
        'protocole_elan',
        'nouveau_bail',
        'surendettement_depose',
      ],
      ...[
        'surendettement_recevable',
        'surendettement_plan',
        'surendettement_moratoire',
        'surendettement_retablissement',
      ],
      ...['dalo_saisi', 'dette_soldee', 'deces', 'demenagement'],
    ]
    const codes = Object.keys(GENRES_ACTE).filter(estGenreActe)
    assert.deepEqual(
      attendus.filter((code) => !codes.some((genre) => genre === code)),
      [],
      'what the issue names is in the catalogue',
    )
    const saisis: string[] = []
    for (const genre of codes) {
      if (decrireGenre(genre).horsListe) continue
      const contenu = Object.fromEntries(
        Object.entries(champsDe(genre)).flatMap(([nom, { type, choix, obligatoire }]) =>
          obligatoire ? [[nom, type === 'choix' ? (Object.keys(choix ?? {})[0] ?? '') : VALEURS[type]]] : [],
        ),
      )
      const variantes =
        genre === 'jugement'
          ? Object.keys(DECISIONS).map((decision) => ({ ...contenu, decision }))
          : genre === 'protocole_signe'
            ? ['1', '2'].map((numero) => ({ ...contenu, numero }))
            : [contenu]
      for (const une of variantes) {
        const { acte } = await consigner(genre, '2026-08-03', une)
        const { acte: neuf } = await enSession((session) =>
          corrigerActe(session, {
            ...{ dossier: dossier.id, acte, genre, le: jour('2026-08-04'), contenu: une },
            ...{ motif: 'piece_lue', envoi: randomUUID() },
          }),
        )
        const tous = await enSession((session) => listerActesSaisis(session, dossier.id))
        assert.ok(
          tous.some(({ genre: lu, le, retire }) => lu === genre && !retire && le.toString() === '2026-08-04'),
          genre,
        )
        assert.ok(neuf, genre)
        saisis.push(genre)
      }
    }
    assert.ok(saisis.length >= 70, String(saisis.length))
    // Read by whoever may: facts of other groups are told apart, so the acts themselves are counted.
    const { rows } = await essai.application.base.pool.query(
      "select count(*)::int as n, count(*) filter (where nature = 'corrige')::int as corrections from acte_saisi where dossier = $1",
      [dossier.id],
    )
    assert.deepEqual(rows, [{ n: 2 * saisis.length, corrections: saisis.length }], 'the former ones stay')
  })
})
