import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Application } from '#acces'
import { frozenClock } from '#socle/time'
import { openTestDatabase } from '#tests/base'
import {
  type Compte,
  creerDossiers,
  DEPT,
  type DossierCree,
  type Essai,
  ouvrirEssai,
} from '../accompagner/fabrique-essai.ts'
import { routesPartage } from './index.ts'

/**
 * Random sequences of what opens and closes a dossier, each step sent as a form, against a model of a few lines. After each step, who reads the dossier is
 * asked at the door, under sessions that stay open throughout. fast-check prints its seed when it fails.
 */
const DEBUT = Temporal.Instant.from('2026-11-20T08:00:00Z')
const INVITES = { caf: 'CAF71', adil: 'ADIL71' } as const
type Invite = keyof typeof INVITES

type Geste =
  | { readonly geste: 'inviter'; readonly qui: Invite; readonly jours: number }
  | { readonly geste: 'retirer'; readonly qui: Invite }
  | { readonly geste: 'briser'; readonly qui: Invite }
  | { readonly geste: 'clore'; readonly qui: Invite }
  | { readonly geste: 'accord' | 'refus' | 'retrait'; readonly pour: 'tous' | Invite }
  | { readonly geste: 'attendre'; readonly heures: number }

const qui = fc.constantFrom<Invite>('caf', 'adil')
const gestes: fc.Arbitrary<Geste> = fc.oneof(
  fc.record({ geste: fc.constant('inviter' as const), qui, jours: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ geste: fc.constant('retirer' as const), qui }),
  fc.record({ geste: fc.constant('briser' as const), qui }),
  fc.record({ geste: fc.constant('clore' as const), qui }),
  fc.record({
    geste: fc.constantFrom('accord' as const, 'accord' as const, 'refus' as const, 'retrait' as const),
    pour: fc.constantFrom<'tous' | Invite>('tous', 'caf', 'adil'),
  }),
  fc.record({ geste: fc.constant('attendre' as const), heures: fc.integer({ min: 1, max: 40 }) }),
)

/** What should hold, said again without the database: participations by last day, accesses by end, answers in order. */
class Modele {
  maintenant = DEBUT
  readonly jusquAu: Partial<Record<Invite, Temporal.PlainDate>> = {}
  readonly exceptions: Partial<Record<Invite, Temporal.Instant>> = {}
  readonly reponses: { pour: 'tous' | Invite; oui: boolean }[] = []
  get jour() {
    return this.maintenant.toZonedDateTimeISO('Europe/Paris').toPlainDate()
  }
  participe(qui: Invite): boolean {
    const fin = this.jusquAu[qui]
    return fin !== undefined && Temporal.PlainDate.compare(fin, this.jour) >= 0
  }
  accordePour(qui: 'tous' | Invite): boolean {
    return this.reponses.findLast(({ pour }) => pour === 'tous' || pour === qui)?.oui ?? false
  }
  brise(qui: Invite): boolean {
    const fin = this.exceptions[qui]
    return fin !== undefined && Temporal.Instant.compare(fin, this.maintenant) > 0
  }
  lit(qui: Invite): boolean {
    return this.brise(qui) || (this.participe(qui) && (qui === 'caf' || this.accordePour('adil')))
  }
  /** Applies a step, and says whether the application should take it. */
  jouer(pas: Geste): boolean {
    if (pas.geste === 'attendre') {
      this.maintenant = this.maintenant.add({ hours: pas.heures })
      return true
    }
    if (pas.geste === 'inviter') {
      if (this.participe(pas.qui)) return false
      this.jusquAu[pas.qui] = this.jour.add({ days: pas.jours })
      return true
    }
    if (pas.geste === 'retirer') {
      const participait = this.participe(pas.qui)
      if (participait) delete this.jusquAu[pas.qui]
      return participait
    }
    if (pas.geste === 'briser') {
      if (!this.lit(pas.qui)) this.exceptions[pas.qui] = this.maintenant.add({ hours: 24 })
      return true
    }
    if (pas.geste === 'clore') {
      const ouvert = this.brise(pas.qui)
      delete this.exceptions[pas.qui]
      return ouvert
    }
    if (pas.geste === 'retrait' && !this.accordePour(pas.pour)) return false
    this.reponses.push({ pour: pas.pour, oui: pas.geste === 'accord' })
    return true
  }
}

describe('rights over time', () => {
  let essai: Essai
  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesPartage)
  })
  after(() => essai?.fermer())

  async function preparer(): Promise<DossierCree> {
    const [cree] = await creerDossiers(essai, [{ nom: 'Montagnier' }])
    assert.ok(cree)
    await essai.enSysteme('dossier.reaffecter', async ({ sql }) => {
      await sql`update dossier set organismes_habilites = '{}', organisme = null, etat_service = 'sans_preneur' where dept = ${DEPT} and id = ${cree.id}`
      await sql`delete from tentative_connexion where dept = ${DEPT}`
    })
    return cree
  }

  async function regler(maintenant: Temporal.Instant): Promise<void> {
    Object.assign(essai.application, { horloge: frozenClock(maintenant.toString()) } satisfies Partial<Application>)
    // Sessions stay open whatever time passes, and the five demands a day are not what is tried here.
    await essai.enSysteme('compte.gerer', async ({ sql }) => {
      await sql`update session_web set vue_a = ${maintenant}, expire_a = ${maintenant.add({ hours: 12 })} where dept = ${DEPT}`
      await sql`delete from tentative_connexion where dept = ${DEPT}`
    })
  }

  async function envoyer({ reference }: DossierCree, jour: Temporal.PlainDate, pas: Geste): Promise<number> {
    const adresse = `/dossiers/${reference}`
    const poster = async (compte: Compte, chemin: string, champs: Record<string, string>) =>
      (await essai.poster(compte, chemin, champs)).statut
    const motif = 'Une suite de gestes tirée au hasard'
    switch (pas.geste) {
      case 'attendre':
        return 303
      case 'inviter':
        return poster('secretariat', `${adresse}/partage`, {
          organisme: INVITES[pas.qui],
          motif,
          jusqu_au: jour.add({ days: pas.jours }).toString(),
        })
      case 'retirer': {
        const [une] = await essai.enSysteme(
          'dossier.consulter',
          ({ sql }) =>
            sql<{ id: string }>`select p.id from participation p join dossier d on d.dept = ${DEPT} and d.id = p.dossier
            join organisme o on o.dept = ${DEPT} and o.id = p.organisme
            where p.dept = ${DEPT} and d.reference = ${reference} and o.code = ${INVITES[pas.qui]} order by p.cree_a desc, p.du desc, p.retiree_a nulls first limit 1`,
        )
        return une ? poster('secretariat', `${adresse}/partage/${une.id}/retirer`, { motif }) : 404
      }
      case 'briser':
        return poster(pas.qui, '/dossiers/exceptionnel', { reference, motif })
      case 'clore':
        return poster(pas.qui, `${adresse}/exceptionnel/clore`, {})
      default:
        return poster('secretariat', `${adresse}/accords`, {
          objet: 'transmission_adil',
          sens: pas.geste,
          le: jour.toString(),
          moyen: 'oral',
          organisme: pas.pour === 'tous' ? '' : INVITES[pas.pour],
        })
    }
  }

  test('[ACC-06] whatever the order of invitations, ends, withdrawals, exceptions and answers, only those who should read do', async () => {
    let pas = 0
    await fc.assert(
      fc.asyncProperty(fc.array(gestes, { minLength: 4, maxLength: 14 }), async (suite) => {
        const modele = new Modele()
        await regler(DEBUT)
        const dossier = await preparer()
        for (const geste of suite) {
          const attendu = modele.jouer(geste)
          await regler(modele.maintenant)
          const statut = await envoyer(dossier, modele.jour, geste)
          assert.equal(statut === 303, attendu, `${JSON.stringify(geste)}: answered ${statut}`)
          for (const qui of ['caf', 'adil'] as const) {
            const lu = await essai.lire(qui, `/dossiers/${dossier.reference}`)
            assert.equal(lu.statut, modele.lit(qui) ? 200 : 404, `${qui} after ${JSON.stringify(geste)}`)
          }
          assert.equal((await essai.lire('departement', `/dossiers/${dossier.reference}`)).statut, 404)
          pas += 1
        }
      }),
      { numRuns: 12 },
    )
    assert.ok(pas > 40)
  })
})
