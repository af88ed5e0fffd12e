import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  type Acteur,
  hacherMotDePasse,
  installerCompte,
  lireConnexion,
  listerComptes,
  ouvrirConnexion,
  ouvrirSession,
  type Role,
} from '#acces'
import { deriver, ecrireDerives, lireDossier, listerDossiers, ouvrirDossiers } from '#dossiers'
import { surveillerLesConsultations } from '#jobs'
import { repartirDossiers } from '#repartition'
import { projectRoot } from '#socle/config'
import { Introuvable } from '#socle/errors'
import { type ApplicationDEssai, ouvrirApplicationDEssai, systeme } from '#tests/application'
import { chargerSeuilsAcces, declarerVoisinage, listerAlertes } from '#vigilance'

/**
 * Figure S7 of docs/securite.md, second part: five people look where they have no business, among a week of ordinary work; the five are flagged, and nobody
 * else. Nothing is random: the week is the same at each run.
 */
const DEPT = '71'
const MOT_DE_PASSE = 'preuve-des-curieux'
const SEMAINE = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'] as const
const MENAGES = 260

const AGENTS = {
  // An ordinary week.
  secretaire: ['SEC71-AUTUN', 'secretariat', 'Marchenoir'],
  prefecture: ['PREF71', 'prefecture', 'Ostrelin'],
  social: ['DEP71', 'service_social', 'Quervain'],
  pilote: ['PREF71', 'pilote', 'Tavernot'],
  // The five.
  parente: ['SEC71-AUTUN', 'secretariat', 'Zor'],
  voisine: ['SEC71-AUTUN', 'secretariat', 'Vaucelin'],
  moissonneur: ['SEC71-AUTUN', 'secretariat', 'Brichaux'],
  flaneur: ['PREF71', 'pilote', 'Delcambre'],
  fouineur: ['DEP71', 'service_social', 'Estradou'],
} as const satisfies Record<string, readonly [string, Role, string]>
type Agent = keyof typeof AGENTS
const CURIEUX = ['parente', 'voisine', 'moissonneur', 'flaneur', 'fouineur'] as const satisfies readonly Agent[]

/** A family name made of letters that no other household bears. */
const nomDuMenage = (rang: number): string => {
  const syllabes = ['ba', 'de', 'fi', 'go', 'lu', 'mo', 'ne', 'ra', 'su', 'vi']
  return `Zor${[...String(rang).padStart(4, '0')].map((chiffre) => syllabes[Number(chiffre)]).join('')}`
}

describe('S7: the curious are flagged', () => {
  let application: ApplicationDEssai
  const acteurs = new Map<Agent, Acteur>()
  let dossiers: { id: string; reference: string }[] = []
  const seuils = chargerSeuilsAcces(join(projectRoot, 'donnees'))

  before(async () => {
    application = await ouvrirApplicationDEssai()
    dossiers = await ouvrirSession(application, systeme(), 'dossier.reaffecter', async (session) => {
      const ouverts = await ouvrirDossiers(session, MENAGES)
      const le = '2026-11-02'
      const derives = ouverts.map((dossier, rang) =>
        deriver(session, dossier, [
          {
            id: dossier.id,
            organisme: 'prefecture',
            organismeNom: 'Préfecture de Saône-et-Loire',
            organismeType: 'prefecture',
            type: 'assignation',
            dateSignalement: le,
            dateActe: le,
            recuLe: le,
            codeInsee: '71014',
            commune: 'Autun',
            territoire: 'autun',
            contenu: {
              nom_usage: nomDuMenage(rang),
              prenom: 'Camille',
              parc: 'prive',
              adresse: `${1 + rang} rue ${nomDuMenage(1000 + rang)}`,
            },
          },
        ]),
      )
      await ecrireDerives(session, derives)
      await repartirDossiers(
        session,
        ouverts.map(({ id }) => id),
      )
      return ouverts
    })
    assert.equal(dossiers.length, MENAGES)
    const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
    for (const [agent, [organisme, role, nom]] of Object.entries(AGENTS) as [Agent, (typeof AGENTS)[Agent]][]) {
      const courriel = `${agent}@preuve.example`
      await installerCompte(application.base, {
        dept: DEPT,
        courriel,
        prenom: 'Maxence',
        nom: agent === 'parente' ? nomDuMenage(7) : nom,
        motDePasse,
        organisme,
        role,
        du: Temporal.PlainDate.from('2026-01-01'),
        motif: 'preuve',
        a: application.horloge.now(),
      })
      const { jeton } = await ouvrirConnexion(application, {
        dept: DEPT,
        courriel,
        motDePasse: MOT_DE_PASSE,
        adresse: '192.0.2.1',
      })
      const connecte = await lireConnexion(application, jeton)
      assert.ok(connecte)
      acteurs.set(agent, connecte.acteur)
    }
    await ouvrirSession(application, systeme(), 'alerte.traiter', (session) =>
      declarerVoisinage(session, {
        compte: acteurs.get('voisine')?.compte ?? '',
        adresse: `3, RUE ${nomDuMenage(1011)}`,
        codeInsee: '71014',
      }),
    )
  })
  after(() => application.fermer())

  const ouvrir = async (agent: Agent, jour: string, reference: string) => {
    const acteur = acteurs.get(agent)
    assert.ok(acteur)
    await ouvrirSession(application.le(jour), acteur, 'dossier.consulter', (session) =>
      lireDossier(session, reference),
    ).catch((erreur) => {
      if (!(erreur instanceof Introuvable)) throw erreur
    })
  }
  const lister = async (agent: Agent, jour: string) => {
    const acteur = acteurs.get(agent)
    assert.ok(acteur)
    await ouvrirSession(application.le(jour), acteur, 'dossier.consulter', (session) =>
      listerDossiers(session, { filtre: {} }),
    )
  }
  const surveiller = async () => {
    for (const jour of SEMAINE) await surveillerLesConsultations(application.le(jour), DEPT, seuils)
    return ouvrirSession(application, systeme(), 'alerte.traiter', async (session) => {
      const { alertes } = await listerAlertes(session, {}, { taille: 500 })
      const comptes = new Map((await listerComptes(session)).map(({ id, courriel }) => [id, courriel.split('@')[0]]))
      return alertes.map(({ regle, compte, dossier, mesure }) => ({
        regle,
        agent: comptes.get(compte ?? '') ?? '',
        dossier,
        mesure,
      }))
    })
  }
  const reference = (rang: number) => dossiers[rang]?.reference ?? ''

  test('[ACC-13] an ordinary week raises nothing', async (t) => {
    let lectures = 0
    for (const [rang, jour] of SEMAINE.entries()) {
      for (const agent of ['secretaire', 'prefecture', 'social', 'pilote'] as const) {
        await lister(agent, jour)
        lectures += 1
      }
      const siens = await ouvrirSession(
        application,
        acteurs.get('social') ?? systeme(),
        'dossier.consulter',
        (session) => listerDossiers(session, { filtre: {}, taille: 20 }),
      )
      for (const { reference: sienne } of siens.lignes) await ouvrir('social', jour, sienne)
      for (let n = 0; n < 60; n++) await ouvrir('secretaire', jour, reference(20 + ((rang * 37 + n) % 200)))
      for (let n = 0; n < 15; n++) await ouvrir('prefecture', jour, reference(30 + ((rang * 11 + n) % 200)))
      for (let n = 0; n < 3; n++) await ouvrir('pilote', jour, reference(40 + rang * 3 + n))
      lectures += 60 + 15 + 3 + siens.lignes.length
      // A link that is out of date is refused once.
      await ouvrir('social', jour, '71-2026-99999')
    }
    const alertes = await surveiller()
    t.diagnostic(
      `S7 semaine ordinaire : ${lectures} consultations par 4 personnes en 5 jours, ${alertes.length} signalée`,
    )
    assert.ok(lectures > 400)
    assert.deepEqual(alertes, [])
  })

  test('[ACC-13] five people who look where they have no business are flagged, each for what they did, and nobody else', async (t) => {
    const jour = '2026-11-19'
    await ouvrir('parente', jour, reference(7))
    await ouvrir('voisine', jour, reference(11))
    for (let n = 0; n < 180; n++) await ouvrir('moissonneur', jour, reference(n + 20))
    for (let n = 0; n < 8; n++) await ouvrir('flaneur', jour, reference(100 + n))
    for (let n = 1; n <= 12; n++) await ouvrir('fouineur', jour, `71-2026-9${String(n).padStart(4, '0')}`)
    const alertes = await surveiller()
    const parAgent = Object.fromEntries(alertes.map(({ agent, regle }) => [agent, regle]))
    const signales = CURIEUX.filter((agent) => agent in parAgent)
    const autres = alertes.filter(({ agent }) => !(CURIEUX as readonly string[]).includes(agent))
    t.diagnostic(
      `S7 curieux : ${CURIEUX.length} semés, ${signales.length} signalés, ${autres.length} autre personne signalée`,
    )
    assert.deepEqual(parAgent, {
      parente: 'homonyme',
      voisine: 'voisin',
      moissonneur: 'volume',
      flaneur: 'sans_lien',
      fouineur: 'refus',
    })
    assert.equal(alertes.length, CURIEUX.length)
    assert.deepEqual((await surveiller()).length, CURIEUX.length, 'looking again raises nothing twice')
  })

  test('the proof has teeth: when openings are not journalled, only refusals are still seen', async (t) => {
    await application.base.pool.query(`delete from alerte_acces`)
    await application.base.pool.query(`update journal set action = 'autre' where resultat = 'fait'`)
    const signales = (await surveiller()).map(({ agent }) => agent)
    t.diagnostic(`S7 curieux, ouvertures non journalisées : ${CURIEUX.length} semés, ${signales.length} signalé`)
    assert.deepEqual(signales, ['fouineur'])
  })
})
