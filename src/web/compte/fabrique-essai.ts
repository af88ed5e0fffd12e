import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { generate } from 'otplib/functional'
import { hacherMotDePasse, installerCompte, type Role } from '#acces'
import { lancerTravaux } from '#jobs'
import { smtpMailer } from '#socle/mail'
import { type ApplicationDEssai, ouvrirApplicationDEssai } from '#tests/application'
import { clesDEssai } from '#tests/base'
import { type MailServer, openMailServer } from '#tests/smtp'
import type { Route } from '../route.ts'
import { creerServeur, type ReglagesWeb } from '../serveur.ts'

export const DEPT = '71'
export const MOT_DE_PASSE = 'quatre bouleaux sous la pluie'

/** A visitor with their own cookies, from one network address. */
export interface Visiteur {
  readonly cookies: Record<string, string>
  lire(adresse: string): Promise<Lue>
  poster(
    adresse: string,
    champs?: Readonly<Record<string, string | readonly string[]>>,
    entetes?: Record<string, string>,
  ): Promise<Lue>
  /** Follows redirects from a page, as a browser does. */
  suivre(lue: Lue): Promise<Lue>
}

export interface Lue {
  readonly statut: number
  readonly vers: string
  readonly html: string
  readonly texte: string
  readonly adresse: string
  readonly entetes: Readonly<Record<string, unknown>>
}

/** A real installation: no exemption, keys, a real SMTP server, a clock that tests move. */
export interface EssaiConnexion {
  readonly application: ApplicationDEssai
  readonly serveur: FastifyInstance
  readonly courrier: MailServer
  avancer(duree: Temporal.DurationLike): void
  maintenant(): Temporal.Instant
  compte(courriel: string, role?: Role, organisme?: string): Promise<void>
  visiteur(ip?: string): Visiteur
  /** Signs in with password only: the session is left at its next step. */
  entrer(visiteur: Visiteur, courriel: string, motDePasse?: string): Promise<Lue>
  /** Signs in to the end: enrolment and commitment included. Returns the secret of the codes and the recovery codes. */
  enroler(visiteur: Visiteur, courriel: string, motDePasse?: string): Promise<{ secret: string; secours: string[] }>
  code(secret: string): Promise<string>
  /** The link of the last mail received by an address, once the queue has sent it. */
  lien(courriel: string, rang?: number): Promise<string>
  fermer(): Promise<void>
}

const lisible = (html: string): string =>
  html
    .replace(/<script[\s\S]*?<\/script>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;|&#39;/g, '’')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')

export async function ouvrirEssaiConnexion(
  routes: readonly Route[],
  reglages: Partial<ReglagesWeb> = {},
  options: { travaux?: boolean; adresse?: string } = {},
): Promise<EssaiConnexion> {
  const base = await ouvrirApplicationDEssai()
  const courrier = await openMailServer()
  let instant = base.horloge.now()
  const application: ApplicationDEssai = {
    ...base,
    horloge: { now: () => instant },
    acces: {
      cles: clesDEssai,
      courrier: smtpMailer({ url: courrier.url, from: 'Amont <amont@essai.example>' }),
      adresse: options.adresse ?? 'http://localhost:80',
      demonstration: false,
    },
  }
  const travaux =
    options.travaux === false
      ? null
      : await lancerTravaux(application, { ancres: join(tmpdir(), `amont-ancres-${randomUUID()}`) })
  const serveur = await creerServeur(application, routes, {
    securise: false,
    departement: DEPT,
    journalErreurs: (_reference, erreur) => {
      throw erreur
    },
    ...reglages,
  })
  let empreinte: Promise<string> | undefined
  const visiteur = (ip = '192.0.2.1'): Visiteur => {
    const cookies: Record<string, string> = {}
    let page = ''
    const demander = async (
      methode: 'GET' | 'POST',
      adresse: string,
      corps: string | undefined,
      entetes: Record<string, string>,
    ): Promise<Lue> => {
      const reponse = await serveur.inject({
        method: methode,
        url: adresse,
        cookies,
        remoteAddress: ip,
        ...(corps === undefined ? {} : { payload: corps }),
        headers: {
          ...(corps === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...entetes,
        },
      })
      for (const { name, value } of reponse.cookies) {
        if (value === '') delete cookies[name]
        else cookies[name] = value
      }
      const html = reponse.body.replace(/[\u00a0\u202f]/g, ' ')
      if (html !== '') page = html
      return {
        statut: reponse.statusCode,
        vers: String(reponse.headers.location ?? ''),
        html,
        texte: lisible(html),
        adresse,
        entetes: reponse.headers,
      }
    }
    return {
      cookies,
      lire: (adresse) => demander('GET', adresse, undefined, {}),
      async poster(adresse, champs = {}, entetes = {}) {
        const corps = new URLSearchParams()
        // The token of the last page read, like a person who fills its form.
        const jeton = /name="_jeton" value="([^"]+)"/.exec(page)?.[1]
        if (jeton && !('_jeton' in champs)) corps.append('_jeton', jeton)
        for (const [nom, valeurs] of Object.entries(champs))
          for (const valeur of typeof valeurs === 'string' ? [valeurs] : valeurs) corps.append(nom, valeur)
        return demander('POST', adresse, corps.toString(), entetes)
      },
      async suivre(lue) {
        let courante = lue
        for (let pas = 0; pas < 8 && courante.statut === 303; pas++)
          courante = await demander('GET', courante.vers, undefined, {})
        return courante
      },
    }
  }
  const entrer: EssaiConnexion['entrer'] = async (qui, courriel, motDePasse = MOT_DE_PASSE) =>
    qui.suivre(await qui.poster('/connexion', { dept: DEPT, courriel, mot_de_passe: motDePasse, vers: '/compte' }))
  const code = (secret: string) => generate({ secret, epoch: Math.floor(instant.epochMilliseconds / 1000) })
  return {
    application,
    serveur,
    courrier,
    avancer: (duree) => {
      instant = instant.add(duree)
    },
    maintenant: () => instant,
    visiteur,
    entrer,
    code,
    async compte(courriel, role = 'service_social', organisme = 'DEP71') {
      empreinte ??= hacherMotDePasse(MOT_DE_PASSE)
      await installerCompte(base.base, {
        dept: DEPT,
        courriel,
        prenom: 'Camille',
        nom: courriel.split('@')[0]?.toUpperCase() ?? '',
        motDePasse: await empreinte,
        organisme,
        role,
        du: Temporal.PlainDate.from('2026-01-01'),
        motif: 'Essai',
        a: instant,
      })
    },
    async enroler(qui, courriel, motDePasse) {
      const page = await entrer(qui, courriel, motDePasse)
      const secret = (/<code>([A-Z2-7 ]+)<\/code>/.exec(page.html)?.[1] ?? '').replaceAll(' ', '')
      if (secret === '') throw new Error(`no enrolment at ${page.adresse}: ${page.texte.slice(0, 300)}`)
      const codes = await qui.poster('/connexion/enrolement', { code: await code(secret), vers: '/compte' })
      const secours = [...codes.html.matchAll(/<code>([a-z2-9-]{19})<\/code>/g)].map(([, un = '']) => un)
      await qui.suivre(await qui.lire('/compte'))
      await qui.poster('/connexion/engagement', { accepte: 'oui', vers: '/compte' })
      return { secret, secours }
    },
    async lien(courriel, rang = -1) {
      const fin = performance.now() + 60_000
      for (;;) {
        const recus = courrier.received.filter(({ to }) => to.includes(courriel))
        const recu = rang < 0 ? recus.at(rang) : recus[rang]
        const lien = /https?:\/\/\S+(\/mot-de-passe\?lien=\S+)/.exec(recu?.text ?? '')?.[1]
        if (lien) return lien
        if (performance.now() > fin) throw new Error(`no mail for ${courriel}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async fermer() {
      await travaux?.stop()
      await serveur.close()
      application.acces?.courrier.close()
      await courrier.close()
      await base.fermer()
    },
  }
}
