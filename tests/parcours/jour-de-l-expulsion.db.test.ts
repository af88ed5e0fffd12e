import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lireTextePdf } from '#tests/pdf'
import { cache, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

/**
 * Une demande de concours arrive par courrier. Le service social remet son rapport au préfet. Le concours est accordé après le 15 octobre : les commissaires de
 * justice et le bailleur social sont prévenus. Une concertation prépare ce jour, la fiche part au commissariat, l’expulsion a lieu, le ménage est rencontré.
 */
describe('from the social report to the day of the eviction and its follow-up', () => {
  let essai: EssaiRequisitions
  let requisition = ''
  const noter = (
    compte: 'prefecture' | 'siao' | 'assistante' | 'secretariat',
    fait: string,
    champs: Record<string, string>,
  ) => essai.poster(compte, essai.adresse(`/${requisition}/noter/${fait}`), champs)

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28', [
      {
        type: 'commandement_de_quitter_les_lieux',
        reference_source: 'CQL-1',
        date_signalement: '2026-06-15',
        date_acte: '2026-06-10',
      },
    ])
  })
  after(() => essai.fermer())

  test('[RFP-01] [SIG-14] a request that came by post is entered by hand, in the procedure of the dossier too', async () => {
    const recue = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte: 'autre',
      acte_le: '2026-09-24',
      recue_le: '2026-09-28',
    })
    assert.equal(recue.statut, 303, recue.texte)
    requisition = /force-publique\/([\w-]{36})\/enquetes/.exec(recue.vers)?.[1] ?? ''
    const { rows } = await essai.application.base.pool.query('select stade from dossier')
    assert.equal(rows[0].stade, 'requisition_force_publique')
    await essai.poster('prefecture', essai.adresse(`/${requisition}/enquetes`), {
      demander_sociale: 'oui',
      organisme_sociale: essai.organisme('DEP71'),
      moyen_sociale: 'amont',
      demander_siao: 'oui',
      organisme_siao: essai.organisme('SIAO71'),
      moyen_siao: 'amont',
    })
  })

  test('[COU-21] [RFP-04] [RFP-09] [RFP-10] the author writes two documents and chooses what passes from one to the other', async () => {
    const rapport = essai.adresse(`/${requisition}/rapport`)
    assert.equal((await essai.lire('prefecture', rapport)).statut, 403)
    const vide = await essai.lire('assistante', rapport)
    const marques = [...vide.html.matchAll(/name="(?:rapport|page)" value="([\w-]{36})"/g)].map(([, id]) => id ?? '')
    await essai.poster('assistante', rapport, { acte: 'commencer', rapport: marques[0] ?? '', page: marques[1] ?? '' })
    const { rows } = await essai.application.base.pool.query('select id, code from formulaire')
    const id = (code: string): string => rows.find((un: { code: string; id: string }) => un.code === code)?.id ?? ''
    const page = id('page-reservee-expulsion')
    await essai.poster('assistante', essai.adresse(`/${page}`), {
      vu: '1',
      groupes: 'reservee',
      expose: 'Exposé confié : hirondelle.',
      avis: 'Avis favorable à un sursis de trois mois : martinet.',
    })
    const passe = await essai.poster('assistante', rapport, { acte: 'passer', passages: ['avis'] })
    assert.equal(passe.statut, 303, passe.texte)
    const relu = await essai.lire('assistante', passe.vers)
    assert.match(relu.texte, /martinet/)
    assert.doesNotMatch(relu.texte, /hirondelle/)
    const hub = await essai.lire('assistante', rapport)
    const vu = /name="vu" value="(\d+)"/.exec(hub.html)?.[1] ?? ''
    const remis = await essai.poster('assistante', rapport, { acte: 'remettre', vu })
    assert.equal(remis.statut, 303, remis.texte)
    const prefecture = await essai.lire('prefecture', essai.adresse())
    assert.match(prefecture.texte, /Rapport social remis/)
    const lu = await essai.lire('prefecture', essai.adresse(`/${id('rapport-social-expulsion')}`))
    assert.match(lu.texte, /martinet/)
    assert.doesNotMatch(lu.texte, /hirondelle/)
    assert.equal((await essai.lire('prefecture', essai.adresse(`/${page}`))).statut, 404)
    const pdf = await essai.lire('prefecture', essai.adresse(`/${id('rapport-social-expulsion')}/pdf`))
    assert.match(lireTextePdf(pdf.octets), /martinet/)
    assert.match(lireTextePdf((await essai.lire('collegue', essai.adresse(`/${page}/pdf`))).octets), /hirondelle/)
  })

  test('[RFP-21] a grant after 15 October is told to the bailiffs and to the social landlord concerned', async () => {
    essai.aller('2026-10-20')
    await noter('prefecture', 'decision', {
      le: '2026-10-20',
      sens: 'accord',
      executoire_le: '2026-10-27',
      prevue_le: '2026-10-29',
    })
    const choix = await essai.lire('prefecture', essai.adresse(`/${requisition}/diffuser`))
    assert.match(choix.texte, /à partir du 15\soctobre/)
    const offerts = [...choix.html.matchAll(/<input[^>]*name="destinataires"[^>]*>/g)].map(([une]) => une)
    const coche = (code: string) => offerts.find((une) => une.includes(essai.organisme(code)))
    assert.match(coche('OPAC71') ?? '', /checked/)
    assert.equal(coche('MH71'), undefined)
    assert.doesNotMatch(coche('CDJ71') ?? '', /checked/)
    await essai.poster('prefecture', essai.adresse(`/${requisition}/diffuser`), {
      vu: cache(choix, 'vu'),
      destinataires: ['SIAO71', 'DEP71', 'OPAC71', 'CDJ71', 'MH71'].map((code) => essai.organisme(code)),
    })
    await essai.envoyerCourriels()
    for (const compte of ['siao', 'assistante', 'bailleur', 'commissaire'] as const)
      assert.match((await essai.lire(compte, '/sollicitations')).texte, /Concours accordé/, compte)
    assert.doesNotMatch((await essai.lire('autreBailleur', '/sollicitations')).texte, /Lacombe/i)
    assert.match((await essai.lire('prefecture', essai.adresse())).texte, /personnes? prévenues?/)
  })

  test('[RFP-23] [RFP-24] [RFP-25] [RFP-26] [COU-26] a concertation prepares the day: people, shelter, furniture, keys', async () => {
    assert.match((await essai.lire('prefecture', '/requisitions?vue=rue')).texte, /Lacombe/i)
    await noter('siao', 'concertation', { le: '2026-10-20', demandeur: 'SIAO', participants: 'Préfecture\nSIAO\nOPAC' })
    const convier = essai.adresse(`/${requisition}/diffuser?quoi=concertation`)
    const choix = await essai.lire('prefecture', convier)
    assert.match(choix.texte, /Convier à la concertation.*Conviés : Préfecture, SIAO, OPAC/)
    assert.equal((await essai.lire('siao', convier)).statut, 403)
    const coches = ({ html }: { readonly html: string }) =>
      ['SIAO71', 'DEP71', 'OPAC71', 'CDJ71'].filter((code) =>
        new RegExp(
          `<input[^>]*checked[^>]*value="${essai.organisme(code)}"|value="${essai.organisme(code)}"[^>]*checked`,
        ).test(html),
      )
    assert.deepEqual(coches(choix), ['SIAO71', 'DEP71'], 'those engaged on the dossier; the others, a person ticks')
    const invite = {
      vu: cache(choix, 'vu'),
      destinataires: [essai.organisme('SIAO71'), essai.organisme('DEP71'), essai.organisme('OPAC71')],
    }
    assert.equal((await essai.poster('prefecture', convier, invite)).statut, 303)
    assert.match((await essai.lire('bailleur', '/sollicitations')).texte, /Concertation/)
    const rouverte = await essai.lire('prefecture', convier)
    assert.deepEqual(coches(rouverte), [], 'who was told is not told again unless a person ticks it')
    assert.match(rouverte.texte, /Déjà prévenu le 20\/10\/2026/)
    await noter('prefecture', 'concertation_tenue', {
      le: '2026-10-20',
      participants: 'Préfecture, SIAO, OPAC',
      place: 'attente',
      decisions: 'Le SIAO cherche une place proche de l’école.',
    })
    for (const [point, etat] of [
      ['sao', 'assure'],
      ['hebergement', 'assure'],
      ['meubles', 'demande'],
    ] as const)
      assert.equal(
        (await noter('siao', 'preparation', { le: '2026-10-20', point, etat, 'vu-preparation': '' })).statut,
        303,
      )
    assert.doesNotMatch((await essai.lire('prefecture', '/requisitions?vue=rue')).texte, /Lacombe/i)
    const perimee = await essai.poster('prefecture', convier, { ...invite, releve: 'Rien encore.' })
    assert.equal(perimee.statut, 409)
    assert.match(perimee.texte, /Ce qui part a changé.*Concertation tenue le\s:\s20/)
    assert.match(perimee.html, /Rien encore\./, 'what was typed is kept')
    const tenue = { vu: cache(perimee, 'vu'), destinataires: essai.organisme('OPAC71') }
    const sans = await essai.poster('prefecture', convier, tenue)
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Écrire ce qui est dit aux partenaires/)
    const releve = 'Remise des clés à 9 h.\r\nLe bailleur garde les meubles deux mois.'
    assert.equal((await essai.poster('prefecture', convier, { ...tenue, releve })).statut, 303)
    assert.match((await essai.lire('prefecture', convier)).html, /garde les meubles deux mois/, 'told later, the same')
    const { html } = await essai.lire('bailleur', '/sollicitations')
    let recus = ''
    for (const [lien] of html.matchAll(/\/sollicitations\/[\w-]{36}/g))
      recus += (await essai.lire('bailleur', lien)).texte
    assert.match(recus, /Concertation jour à fixer/)
    assert.match(recus, /Concertation tenue le 20\/10\/2026/)
    assert.match(recus, /Relevé Remise des clés à 9\sh\.\s+Le bailleur garde les meubles deux mois/)
    assert.doesNotMatch(recus, /proche de l’école/, 'what was decided stays in the dossier')
    const deuxFois = await noter('prefecture', 'preparation', {
      le: '2026-10-20',
      point: 'meubles',
      etat: 'assure',
      'vu-preparation': '',
    })
    assert.equal(deuxFois.statut, 409)
    assert.match(deuxFois.texte, /Quelqu’un a noté la même chose/)
  })

  test('[RFP-28] the day sheet has the steps and whom to call, and nothing of the story of the household', async () => {
    await essai.poster('prefecture', '/annuaire/ajouter', {
      organisme: essai.organisme('PREF71'),
      nom: 'Mme Perrault',
      fonction: 'Astreinte',
      telephone: '03 85 00 00 09',
      courriel: '',
      suppleant: '',
    })
    const fiche = await essai.lire('prefecture', essai.adresse(`/${requisition}/fiche.pdf`))
    assert.equal(fiche.type, 'application/pdf')
    const texte = lireTextePdf(fiche.octets)
    for (const attendu of [/Marche à suivre/, /115/, /03\s85\s00\s00\s09/, /Lacombe/i, /à compléter dans l’annuaire/])
      assert.match(texte, attendu)
    for (const tu of [/martinet|hirondelle/, /1\s620/, /OPAC/, /école/]) assert.doesNotMatch(texte, tu)
    assert.equal((await essai.lire('siao', essai.adresse(`/${requisition}/fiche.pdf`))).statut, 403)
  })

  test('[RFP-29] [RFP-30] the day is recorded, the meeting within 48 hours is due, then done', async () => {
    essai.aller('2026-10-29', '18:00')
    await noter('prefecture', 'intervention', {
      le: '2026-10-29',
      resultat: 'expulsion',
      heure: '09:30',
      forces: 'oui',
      menage: 'oui',
      abri: 'place',
      cles: 'oui',
    })
    const { rows } = await essai.application.base.pool.query('select stade from dossier')
    assert.equal(rows[0].stade, 'expulsion')
    assert.match((await essai.lire('siao', essai.adresse())).texte, /avant le 31\/10\/2026 à 9\sh\s30/)
    assert.match((await essai.lire('siao', '/requisitions?vue=suivi')).texte, /Lacombe/i)
    essai.aller('2026-10-30')
    await noter('siao', 'suivi', {
      le: '2026-10-30',
      sao: 'acceptee',
      rencontre_le: '2026-10-30',
      mds: 'recu',
      solution: 'hebergement',
    })
    assert.doesNotMatch((await essai.lire('siao', '/requisitions?vue=suivi')).texte, /Lacombe/i)
  })
})
