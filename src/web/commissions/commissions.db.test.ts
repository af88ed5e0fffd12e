import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { detruireFichesPassees, envoyerConvocation, relancerApports, TACHE_CONVOCATION } from '#commission'
import { parisDay } from '#socle/time'
import { ecrireCsv, importer, ligne } from '#tests/application'
import {
  type CompteRequisitions,
  type EssaiRequisitions,
  type LueRequisitions,
  ouvrirEssaiRequisitions,
} from '#tests/requisitions'

const cache = ({ html }: LueRequisitions, nom: string): string =>
  new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''

/** Day of the session, and its rules. */
const LE = '2026-10-20'

describe('[COM-01] a commission is set up and its session prepared, from nothing', () => {
  let essai: EssaiRequisitions
  let commission = ''
  let seance = ''
  const territoire = 'autun'

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28')
    await importer(
      essai.application,
      'CAF71',
      'impayes.csv',
      ecrireCsv([
        ligne({
          reference_source: 'CAF-9',
          date_signalement: '2026-09-02',
          nom_usage: 'Orsetti',
          prenom: 'Yanis',
          adresse: '4 rue aux Raz',
          code_postal: '71400',
          commune: 'Autun',
          handicap: 'oui',
        }),
      ]),
    )
    await essai.application.base.pool.query(
      "update dossier set territoire = 'autun', code_insee = case when titulaire ilike '%lacombe%' then '71153' else '71014' end",
    )
  })
  after(() => essai?.fermer())

  const sql = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await essai.application.base.pool.query(texte, valeurs)).rows as T[]
  const poster = (compte: CompteRequisitions, adresse: string, champs: Record<string, string | string[]>) =>
    essai.poster(compte, adresse, champs)
  const vu = async (adresse = `/seances/${seance}`): Promise<string> =>
    cache(await essai.lire('secretariat', adresse), 'vu')
  const ajouter = async (code: string, qualite: string, compte?: CompteRequisitions, voix = '') => {
    const ajoute = await poster('secretariat', `/commissions/${commission}/membres`, {
      organisme: essai.organisme(code),
      qualite,
      voix,
      du: '2026-01-01',
      titulaire_nom: `Titulaire ${code}`,
      titulaire_courriel: `${code.toLowerCase()}@essai.example`,
    })
    assert.equal(ajoute.statut, 303, ajoute.texte)
    if (compte === undefined) return
    const fiche = await essai.lire('secretariat', ajoute.vers)
    const id = new RegExp(`<option value="([\\w-]+)"[^>]*>Camille ${compte.toUpperCase()}`).exec(fiche.html)?.[1] ?? ''
    assert.notEqual(id, '', `${compte} can be chosen`)
    const change = await poster('secretariat', ajoute.vers, {
      vu: cache(fiche, 'vu'),
      qualite,
      voix,
      du: '2026-01-01',
      titulaire: id,
    })
    assert.equal(change.statut, 303, change.texte)
  }
  /** Jobs of a kind that wait, and forgets them. */
  const taches = async (nom: string): Promise<Record<string, string>[]> => {
    const lues = await sql<{ id: string; payload: Record<string, string> }>(
      'select j.id, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = $1 order by j.id',
      [nom],
    )
    await sql('delete from graphile_worker._private_jobs where id = any ($1)', [lues.map(({ id }) => id)])
    return lues.map(({ payload }) => payload)
  }
  /** People told that something of a session waits for them, with the day by which it is expected. */
  const prevenus = () =>
    sql<{ compte: string; avant: string | null; lignes: number }>(
      `select n.compte, min(m ->> 'avant') as avant, count(*)::int as lignes from notification n cross join jsonb_array_elements(n.motifs) m
      where m ->> 'genre' = 'seance' and n.jour = $1 group by n.compte`,
      [parisDay(essai.application.horloge.now()).toString()],
    )
  const envoyerConvocations = async () => {
    for (const { dept = '', seance: une = '', membre = '', personne = '', sequence = '' } of await taches(
      TACHE_CONVOCATION,
    ))
      await envoyerConvocation(essai.application, dept, { seance: une, membre, personne, sequence })
  }

  test('nothing is there: the page says so and leads to the first commission; what is wrong is said, what was typed stays', async () => {
    const vide = await essai.lire('secretariat', '/commissions')
    assert.match(vide.texte, /Aucune commission n’est encore créée.*Créer la première commission/)
    const refusee = await poster('secretariat', '/commissions', {
      nom: 'Commission d’Autun',
      niveau: 'territoriale',
      secretariat: '',
    })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.html, /value="Commission d’Autun"/)
    const creee = await poster('secretariat', '/commissions', {
      nom: 'Commission d’Autun',
      niveau: 'territoriale',
      territoires: territoire,
      secretariat: essai.organisme('SEC71-AUTUN'),
      lieu: 'Sous-préfecture, salle 2',
    })
    assert.equal(creee.statut, 303, creee.texte)
    commission = creee.vers.split('/').at(-1) ?? ''
    const page = await essai.lire('secretariat', creee.vers)
    assert.match(page.texte, /Personne ne siège encore.*Aucun règlement intérieur n’est en vigueur/)
  })

  test('[COM-03] [COM-21] [COM-27] members sit from a day, twice never; a mayor only as a mayor; only who keeps commissions writes', async () => {
    await ajouter('PREF71', 'copresident_etat', 'prefecture', 'deliberative')
    await ajouter('CAF71', 'droit', 'caf', 'deliberative')
    await ajouter('SIAO71', 'invite', 'siao')
    await ajouter('MAIRIE71-CREUSOT', 'maire', 'maire')
    await ajouter('OPAC71', 'invite', 'bailleur')
    const double = await poster('secretariat', `/commissions/${commission}/membres`, {
      organisme: essai.organisme('CAF71'),
      qualite: 'invite',
      du: '2026-06-01',
    })
    assert.match(double.texte, /siège déjà dans cette commission à ces dates/)
    const maire = await poster('secretariat', `/commissions/${commission}/membres`, {
      organisme: essai.organisme('MSA71'),
      qualite: 'maire',
      du: '2026-06-01',
    })
    assert.equal(maire.statut, 422)
    const interdit = await poster('caf', `/commissions/${commission}/membres`, {
      organisme: essai.organisme('MSA71'),
      qualite: 'droit',
      du: '2026-06-01',
    })
    assert.equal(interdit.statut, 403)
  })

  test('[COM-22] the rules are dated: before them nothing applies, and nothing stands in for them', async () => {
    const ecrit = await poster('secretariat', `/commissions/${commission}/reglement`, {
      reference: 'Règlement intérieur du 12 mai 2026, art. 4',
      reglement_du: '2026-10-01',
      capacite: '1',
      minutes_par_dossier: '8',
      quorum: '2',
      jours_envoi: '10',
      jours_apports: '5',
      jours_relance: '2',
    })
    assert.equal(ecrit.statut, 303, ecrit.texte)
    const page = await essai.lire('secretariat', `/commissions/${commission}`)
    assert.match(page.texte, /Aucun règlement intérieur n’est en vigueur aujourd’hui/)
  })

  test('[COM-03] a session sent twice is made once', async () => {
    const envoi = randomUUID()
    const champs = { le: LE, debut: '09:00', fin: '12:00', lieu: 'Salle 2', envoi }
    const une = await poster('secretariat', `/commissions/${commission}/seances`, champs)
    const deux = await poster('secretariat', `/commissions/${commission}/seances`, champs)
    assert.deepEqual([une.statut, deux.statut, deux.vers], [303, 303, une.vers])
    seance = une.vers.split('/').at(-1) ?? ''
    assert.equal((await sql('select 1 from seance')).length, 1)
    const passee = await poster('secretariat', `/commissions/${commission}/seances`, {
      ...champs,
      le: '2026-09-01',
      envoi: randomUUID(),
    })
    assert.equal(passee.statut, 422)
  })

  test('[COM-03] members are invited by mail with an event that names no household; a move and a cancellation follow, and are undone', async () => {
    assert.match(
      (await essai.lire('secretariat', `/seances/${seance}`)).html,
      new RegExp(`href="/seances/${seance}/convoquer"`),
    )
    const relue = await essai.lire('secretariat', `/seances/${seance}/convoquer`)
    assert.match(relue.texte, /Rien n’est encore parti\..*Un courriel part à 5 personnes, avec la date/)
    assert.equal(essai.courriels.length, 0)
    await poster('secretariat', `/seances/${seance}/convoquer`, { vu: await vu() })
    await envoyerConvocations()
    assert.equal(essai.courriels.length, 5)
    const evenement = essai.courriels.find(({ to }) => to === 'caf@essai.example')?.calendar?.content ?? ''
    assert.match(evenement, /METHOD:REQUEST[\s\S]*SEQUENCE:0[\s\S]*DTSTART:20261020T070000Z[\s\S]*STATUS:CONFIRMED/)
    const avant = await vu()
    const deplacee = await poster('secretariat', `/seances/${seance}/deplacer`, {
      vu: avant,
      le: '2026-10-27',
      debut: '14:00',
      fin: '17:00',
      lieu: 'Salle 2',
    })
    assert.equal(deplacee.statut, 303, deplacee.texte)
    const perdue = await poster('secretariat', `/seances/${seance}/deplacer`, {
      vu: avant,
      le: '2026-11-03',
      debut: '14:00',
      fin: '17:00',
    })
    assert.equal(perdue.statut, 409)
    await envoyerConvocations()
    // Winter time: 14:00 in Paris.
    assert.match(essai.courriels.at(-1)?.calendar?.content ?? '', /SEQUENCE:1[\s\S]*DTSTART:20261027T130000Z/)
    await poster('secretariat', `/seances/${seance}/retablir`, { vu: await vu() })
    await poster('secretariat', `/seances/${seance}/annuler`, { vu: await vu(), motif: 'quorum' })
    await envoyerConvocations()
    assert.match(
      essai.courriels.at(-1)?.calendar?.content ?? '',
      /METHOD:CANCEL[\s\S]*SEQUENCE:3[\s\S]*STATUS:CANCELLED/,
    )
    await poster('secretariat', `/seances/${seance}/retablir`, { vu: await vu() })
    const page = await essai.lire('secretariat', `/seances/${seance}`)
    assert.match(page.texte, /mardi 20 octobre 2026, 9 h 00 à 12 h 00/)
    for (const { subject, text, calendar } of essai.courriels)
      assert.doesNotMatch(`${subject} ${text} ${calendar?.content}`, /Lacombe|Orsetti|Creusot/i)
    const ics = await essai.lire('caf', `/seances/${seance}/seance.ics`)
    assert.match(ics.html, /SEQUENCE:4/)
  })

  test('[COM-04] the agenda is proposed with the reason of each; any other file goes in for a reason, and is balanced to the capacity', async () => {
    const page = await essai.lire('secretariat', `/seances/${seance}`)
    assert.match(page.texte, /Lacombe.*Commandement de quitter les lieux jamais examiné/i)
    // The home page of its secretariat says until when; a member's does not.
    const aEnvoyer = /Envoyer un ordre du jour : .*, 20\/10\/2026 Le 10\/10\/2026 au plus tard/
    assert.match((await essai.lire('secretariat', '/a-faire')).texte, aEnvoyer)
    assert.doesNotMatch((await essai.lire('caf', '/a-faire')).texte, aEnvoyer)
    const sans = await poster('secretariat', `/seances/${seance}/ajouter`, {
      reference: essai.dossier.reference,
      motif: '',
    })
    assert.equal(sans.statut, 422)
    await poster('secretariat', `/seances/${seance}/inscrire`, { dossiers: essai.dossier.id })
    const [orsetti] = await sql<{ reference: string }>(
      "select reference from dossier where titulaire ilike '%orsetti%'",
    )
    await poster('secretariat', `/seances/${seance}/ajouter`, {
      reference: orsetti?.reference ?? '',
      motif: 'Signalé par la mairie',
    })
    const inscrits = await essai.lire('secretariat', `/seances/${seance}`)
    assert.match(inscrits.texte, /dossiers inscrits 2 sur 1 1 de trop/)
    assert.match(inscrits.texte, /1 9 h 00 Lacombe[\s\S]*2 9 h 08 Orsetti/i)
    const [{ motif = '' } = {}] = await sql<{ motif: string }>(
      "select motif from inscription where origine = 'secretariat'",
    )
    assert.doesNotMatch(motif, /mairie/)
    const ordre = /name="inscription" value="([\w-]+)"/g
    const [premiere = ''] = [...inscrits.html.matchAll(ordre)].map(([, id]) => id)
    const champs = { vu: cache(inscrits, 'vu'), inscription: premiere, rang: '2' }
    assert.equal((await poster('secretariat', `/seances/${seance}/ranger`, champs)).statut, 303)
    assert.equal((await poster('secretariat', `/seances/${seance}/ranger`, champs)).statut, 409)
    assert.match(
      (await essai.lire('secretariat', `/seances/${seance}`)).texte,
      /1 9 h 00 Orsetti[\s\S]*2 9 h 08 Lacombe/i,
    )
  })

  test('[COM-05] before the agenda leaves, a member reads nothing of it', async () => {
    for (const compte of ['caf', 'siao', 'maire', 'prefecture'] as const) {
      const lue = await essai.lire(compte, `/seances/${seance}`)
      assert.equal(lue.statut, 200)
      assert.doesNotMatch(lue.texte, /Lacombe|Orsetti/i, compte)
      assert.equal((await essai.lire(compte, `/seances/${seance}/fiches.pdf`)).statut, 404, compte)
    }
  })

  test('[COM-05] [COM-21] sent, each member reads after the reminder what the matrix gives it: no health, a mayor his residents, a landlord nothing', async () => {
    const envoyee = await poster('secretariat', `/seances/${seance}/envoyer`, { vu: await vu() })
    assert.equal(envoyee.statut, 303, envoyee.texte.slice(0, 1500))
    assert.match(envoyee.message, /Sans fiche.*OPAC/)
    assert.equal((await prevenus()).length, 4)
    const avant = await essai.lire('caf', `/seances/${seance}`)
    assert.match(avant.texte, /Rappel de confidentialité/)
    assert.doesNotMatch(avant.texte, /Orsetti/i)
    assert.equal((await essai.lire('caf', `/seances/${seance}/fiches.pdf`)).statut, 422)
    const lire = async (compte: CompteRequisitions) => {
      await poster(compte, `/seances/${seance}/rappel`, {})
      return essai.lire(compte, `/seances/${seance}`)
    }
    // The reminder is each person's, and of whoever has sheets: for anybody else there is none.
    assert.equal((await poster('assistante', `/seances/${seance}/rappel`, {})).statut, 404)
    const caf = await lire('caf')
    assert.match(caf.texte, /Orsetti[\s\S]*Lacombe/i)
    const siao = await lire('siao')
    assert.match(siao.texte, /Orsetti/i)
    const maire = await lire('maire')
    assert.match(maire.texte, /Lacombe/i)
    assert.doesNotMatch(maire.texte, /Orsetti/i)
    const bailleur = await essai.lire('bailleur', `/seances/${seance}`)
    assert.equal(bailleur.statut, 403)

    const fiches = async (compte: CompteRequisitions, page: LueRequisitions) =>
      Promise.all(
        [
          ...new Set(
            [...page.html.matchAll(/href="(\/seances\/[\w-]+\/dossiers\/[\w-]+)"/g)].map(([, adresse = '']) => adresse),
          ),
        ].map(async (adresse) => ({ adresse, lue: await essai.lire(compte, adresse) })),
      )
    const deLaCaf = await fiches('caf', caf)
    assert.equal(deLaCaf.length, 2)
    for (const { lue } of deLaCaf) {
      assert.match(lue.texte, /Dette 1 620,00 €/)
      assert.doesNotMatch(lue.texte, /handicap|santé/i)
    }
    const duSiao = await fiches('siao', siao)
    assert.equal(duSiao.length, 2)
    for (const { lue } of duSiao) {
      assert.match(lue.texte, /Fiche du dossier[\s\S]*Étape/)
      assert.doesNotMatch(lue.texte, /Dette|Bailleur|Loyer/)
    }
    const [duMaire, ...desAutres] = await fiches('maire', maire)
    assert.deepEqual(desAutres, [])
    assert.match(duMaire?.lue.texte ?? '', /Étape/)
    assert.doesNotMatch(duMaire?.lue.texte ?? '', /Dette|Enfants|Bailleur/)
    const autres = deLaCaf.map(({ adresse }) => adresse).filter((adresse) => adresse !== duMaire?.adresse)
    assert.equal(autres.length, 1)
    for (const adresse of autres) assert.equal((await essai.lire('maire', adresse)).statut, 404)
    // The sheet opens no dossier.
    assert.equal((await essai.lire('siao', `/dossiers/${essai.dossier.reference}`)).statut, 404)
    const [{ contenu = '' } = {}] = await sql<{ contenu: string }>('select contenu from fiche_seance limit 1')
    assert.match(contenu, /^[0-9a-f]{8}\.[\w-]{40,}$/)
    assert.doesNotMatch(contenu, /Lacombe|Orsetti/i)
    const pdf = await essai.lire('caf', `/seances/${seance}/fiches.pdf`)
    assert.equal(pdf.statut, 200)
    assert.equal(pdf.octets.subarray(0, 5).toString(), '%PDF-')
    const lectures = await sql("select 1 from journal where action = 'seance.imprimer'")
    assert.equal(lectures.length, 1)
  })

  test('[COM-06] each says what it brings, or that it brings nothing; only the secretariat and itself read it; a late hand is told', async () => {
    const page = await essai.lire('caf', `/seances/${seance}`)
    const [adresse = ''] = [...page.html.matchAll(/href="(\/seances\/[\w-]+\/dossiers\/[\w-]+)"/g)].map(
      ([, une]) => une ?? '',
    )
    const fiche = await essai.lire('caf', adresse)
    assert.match(fiche.texte, /Attendu le 15\/10\/2026/)
    const action = /action="(\/seances\/[\w-]+\/apports\/[\w-]+)"/.exec(fiche.html)?.[1] ?? ''
    const vide = await poster('caf', action, { vu: '1', etat: 'apporte', texte: '' })
    assert.equal(vide.statut, 422)
    const contraire = await poster('caf', action, { vu: '1', etat: 'rien', texte: 'Droit suspendu en août.' })
    assert.equal(contraire.statut, 422)
    assert.match(contraire.html, /Droit suspendu en août\./)
    const apporte = await poster('caf', action, { vu: '1', etat: 'apporte', texte: 'Droit suspendu en août.' })
    assert.equal(apporte.statut, 303, apporte.texte)
    const conflit = await poster('caf', action, { vu: '1', etat: 'rien', texte: '' })
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Droit suspendu en août/)
    assert.equal((await poster('siao', action, { vu: '2', etat: 'rien' })).statut, 404)
    assert.match((await essai.lire('secretariat', adresse)).texte, /Droit suspendu en août/)
    const duSiao = await essai.lire('siao', adresse)
    assert.match(duSiao.texte, /Vos éléments/)
    assert.doesNotMatch(duSiao.texte, /Droit suspendu/)
    const apports = await sql<{ texte: string }>("select texte from apport where etat = 'apporte'")
    assert.equal(apports.length, 1)
    assert.match(apports[0]?.texte ?? '', /^[0-9a-f]{8}\.[\w-]{40,}$/)
    await poster('caf', `/seances/${seance}/rien`, {})
    const restants = "select 1 from apport where etat = 'demande' and organisme = $1"
    assert.equal(
      (await sql(restants, [essai.organisme('CAF71')])).length,
      1,
      'nothing is said of a file that was not shown',
    )
    const montres = [
      ...(await essai.lire('caf', `/seances/${seance}`)).html.matchAll(/name="inscription" value="([\w-]+)"/g),
    ]
    assert.equal(montres.length, 1)
    await poster('caf', `/seances/${seance}/rien`, { inscription: montres.map(([, id]) => id ?? '') })
    const etats = await sql<{ etat: string }>('select etat from apport where organisme = $1 order by etat', [
      essai.organisme('CAF71'),
    ])
    assert.deepEqual(
      etats.map(({ etat }) => etat),
      ['apporte', 'rien'],
    )
  })

  test('[COM-06] who has not answered is reminded once, the day the rules say', async () => {
    const relancer = () =>
      ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'seance.preparer', (session) =>
        relancerApports(session, null),
      )
    essai.aller('2026-10-12')
    assert.equal(await relancer(), 0)
    essai.aller('2026-10-13')
    assert.equal(await relancer(), 2)
    assert.equal(await relancer(), 0)
    assert.deepEqual(
      (await prevenus()).map(({ avant, lignes }) => [avant, lignes]),
      [
        ['2026-10-15', 1],
        ['2026-10-15', 1],
      ],
    )
  })

  test('[COM-03] moved, a session takes its agenda along: hours, and the date of what is expected; undone, it comes back', async () => {
    const lire = () =>
      sql<{ heure: string | null; attendu: string | null }>(
        `select i.heure, min(a.attendu_le) filter (where a.etat = 'demande')::text as attendu from inscription i left join apport a on a.inscription = i.id
        where i.seance_id = $1 and i.etat = 'inscrit' group by i.id, i.rang, i.heure order by i.rang`,
        [seance],
      )
    const avant = await lire()
    assert.deepEqual([avant[0]?.heure, avant.some(({ attendu }) => attendu === '2026-10-15')], ['09:00', true])
    const deplacee = { vu: await vu(), le: '2026-10-22', debut: '14:00', fin: '17:30', lieu: '' }
    assert.equal((await poster('secretariat', `/seances/${seance}/deplacer`, deplacee)).statut, 303)
    const apres = await lire()
    assert.deepEqual([apres[0]?.heure, apres.some(({ attendu }) => attendu === '2026-10-17')], ['14:00', true])
    assert.equal((await poster('secretariat', `/seances/${seance}/retablir`, { vu: await vu() })).statut, 303)
    assert.deepEqual(await lire(), avant)
  })

  test('[COM-04] what changes once sent is said, and a withdrawn file is closed to its readers at once', async () => {
    const page = await essai.lire('secretariat', `/seances/${seance}`)
    const [premiere = ''] = [...page.html.matchAll(/name="inscription" value="([\w-]+)"/g)].map(([, id]) => id)
    assert.equal((await essai.lire('caf', `/seances/${seance}/dossiers/${premiere}`)).statut, 200)
    await poster('secretariat', `/seances/${seance}/retirer`, {
      vu: cache(page, 'vu'),
      inscription: premiere,
      motif: 'Plan signé',
    })
    assert.equal((await essai.lire('caf', `/seances/${seance}/dossiers/${premiere}`)).statut, 404)
    assert.match((await essai.lire('secretariat', `/seances/${seance}`)).texte, /0 dossiers? ajoutés?, 1 retiré/)
    const [orsetti] = await sql<{ reference: string }>(
      "select reference from dossier where titulaire ilike '%orsetti%'",
    )
    await poster('secretariat', `/seances/${seance}/ajouter`, {
      reference: orsetti?.reference ?? '',
      motif: 'Plan rompu',
    })
    assert.match((await essai.lire('secretariat', `/seances/${seance}`)).texte, /Ajout tardif/)
  })

  test('[COM-03] attendance and quorum: the voices of the rules, two hands at the door never overwrite each other', async () => {
    const page = await essai.lire('secretariat', `/seances/${seance}/presence`)
    assert.match(page.texte, /Quorum non atteint : 0 voix délibérative présente sur 2 requises/)
    const champs = Object.fromEntries(
      [...page.html.matchAll(/name="(vu-[\w-]+)" value="(\d+)"/g)].map(([, nom, valeur]) => [nom ?? '', valeur ?? '']),
    )
    assert.doesNotMatch(page.html, /<option value="suppleant"/, 'nobody here has a substitute')
    const [premier = ''] = Object.keys(champs)
    const sans = await poster('secretariat', `/seances/${seance}/presence`, {
      ...champs,
      [premier.replace('vu-', 'presence-')]: 'suppleant',
    })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /n’a pas de suppléant : le nommer dans la commission/)
    const presents = Object.fromEntries(
      Object.keys(champs).map((nom) => [nom.replace('vu-', 'presence-'), 'titulaire']),
    )
    assert.equal((await poster('secretariat', `/seances/${seance}/presence`, { ...champs, ...presents })).statut, 303)
    assert.match((await essai.lire('secretariat', `/seances/${seance}/presence`)).texte, /Quorum atteint : 2 voix/)
    const absents = Object.fromEntries(Object.keys(presents).map((nom) => [nom, 'absent']))
    assert.equal((await poster('secretariat', `/seances/${seance}/presence`, { ...champs, ...absents })).statut, 409)
    assert.equal((await essai.lire('caf', `/seances/${seance}/presence`)).statut, 403)
  })

  test('[COM-05] [COM-21] a sheet closes as soon as what opened it ceases: a commune corrected, an agreement taken back', async () => {
    const agir = (travail: string) =>
      ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'dossier.reaffecter', ({ sql: lire, dept }) =>
        travail === 'commune'
          ? lire`update dossier set code_insee = '71014' where dept = ${dept} and titulaire ilike '%lacombe%'`
          : lire`insert into accord (dept, dossier, objet, sens, le, moyen, a, compte)
              select ${dept}, d.id, 'transmission_adil', 'retrait', '2026-10-14', 'ecrit', now(), (select id from compte where dept = ${dept} limit 1)
              from dossier d where d.dept = ${dept} and d.titulaire ilike '%lacombe%'`,
      )
    const ouvertes = async (organisme: string) =>
      (await sql('select 1 from fiche_seance where organisme = $1', [essai.organisme(organisme)])).length
    assert.match((await essai.lire('maire', `/seances/${seance}`)).texte, /Lacombe/i)
    await agir('commune')
    assert.doesNotMatch((await essai.lire('maire', `/seances/${seance}`)).texte, /Lacombe/i)
    const avant = await ouvertes('SIAO71')
    assert.ok(avant > 0)
    await sql("update fiche_seance set conditions = conditions || array['accord_adil'] where organisme = $1", [
      essai.organisme('SIAO71'),
    ])
    await agir('accord')
    assert.equal(await ouvertes('SIAO71'), avant - 1)
  })

  test('[COM-05] the day after the session, nothing is read any more', async () => {
    essai.aller('2026-10-20', '18:00')
    assert.match((await essai.lire('caf', `/seances/${seance}`)).texte, /Lacombe/i)
    essai.aller('2026-10-21')
    assert.doesNotMatch((await essai.lire('caf', `/seances/${seance}`)).texte, /Lacombe/i)
    assert.equal((await essai.lire('caf', `/seances/${seance}/fiches.pdf`)).statut, 404)
    assert.ok((await sql('select 1 from fiche_seance')).length > 0)
    await ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'seance.preparer', detruireFichesPassees)
    assert.equal((await sql('select 1 from fiche_seance')).length, 0, 'and nothing is kept of the sheets')
  })
})
