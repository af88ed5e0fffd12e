import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import {
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  lireConnexion,
  masqueDe,
  ouvrirConnexion,
  ouvrirSession,
} from '#acces'
import {
  CHAMPS_DOSSIER,
  CHAMPS_INSTANTANE,
  CHAMPS_SIGNALEMENT,
  type FiltreDossiers,
  lireDossier,
  listerDossiers,
  masquer,
  type Tri,
} from '#dossiers'
import { figerTableaux } from '#jobs'
import {
  type ConditionAcces,
  type Droit,
  droits,
  type GroupeChamps,
  lignesDe,
  listerUtilisateurs,
  type Matrice,
  type Role,
  TYPES_ORGANISME,
  type TypeOrganisme,
} from '#referentiel'
import { NOMS_COLONNES } from '#signalements'
import { noMailer } from '#socle/mail'
import { readWorkbook } from '#socle/tableur'
import {
  type ApplicationDEssai,
  ecrireCsv,
  importer,
  ligne,
  ouvrirApplicationDEssai,
  referentielLivre,
} from '#tests/application'
import { clesDEssai, MAJEURE_ANCIENNE } from '#tests/base'
import { creerServeur, routes } from '#web'

/**
 * The access matrix is the oracle: every kind of body, every role, every route of the server's own table, and a mark in every field of one household. A mark that
 * comes out where the matrix does not give its group is a leak; an act the matrix gives and the server refuses is a wall that blocks the work. Both are counted.
 * The proof runs first on planted faults: if it does not see them, it is void.
 */
const DEPT = '71'
const MOT_DE_PASSE = 'matrice-comme-oracle'
const PERSONNE = '0198a000-0000-7000-8000-0000000000aa'
type Route = (typeof routes)[number]

/** Somebody who tries: a role in an organisme of a kind. */
interface Qui {
  readonly type: TypeOrganisme
  readonly role: Role
  readonly code: string
}

/** What was put in a field, and the groups one must read to find it. */
interface Marque {
  readonly champ: string
  readonly groupes: readonly GroupeChamps[]
  readonly trouve: RegExp
  /** Organismes that wrote it: the condition « auteur » holds for them. */
  readonly auteurs: readonly string[]
}

/** Senders of the signalements of the household. */
const EMETTEURS = ['CAF71', 'PREF71', 'OPAC71'] as const
const texte = (valeur: string): RegExp => new RegExp(valeur)
/** The first of January of a year no page writes otherwise; the axis of a timeline has years alone. */
const annee = (valeur: number): RegExp => new RegExp(`01/01/${valeur}|${valeur}-01-01`)
const centimes = (valeur: number): RegExp =>
  new RegExp(`(?<!\\d)${Math.trunc(valeur / 100)}[.,]?${String(valeur).slice(-2)}(?!\\d)`)

/** Values of a signalement's columns that are marks, for one sender; the others are codes or yes and no. */
function marquerContenu(prefixe: string): { valeurs: Record<string, unknown>; trouve: Record<string, RegExp> } {
  const textes = [
    'tribunal',
    'nom_usage',
    'nom_naissance',
    'prenom',
    'conjoint_nom',
    'conjoint_prenom',
    'numero_allocataire',
    'courriel',
    'adresse',
    'complement_adresse',
    'bailleur_nom',
    'bailleur_siret',
    'telephone',
  ]
  return {
    valeurs: Object.fromEntries(textes.map((nom) => [nom, `Z${prefixe}${nom.replaceAll('_', '')}Z`])),
    trouve: Object.fromEntries(textes.map((nom) => [nom, texte(`Z${prefixe}${nom.replaceAll('_', '')}Z`)])),
  }
}

describe('the access matrix', () => {
  const { matrice } = referentielLivre
  let application: ApplicationDEssai
  let serveur: FastifyInstance
  const marques: Marque[] = []
  const valeurs: Record<string, string> = {}
  const sessions = new Map<string, { jeton: string; formulaire: string }>()
  /** One organisme of each kind: the first shipped, or one made for the proof. */
  const organismes = new Map<
    TypeOrganisme,
    { code: string; territoires?: readonly string[] | undefined; communes?: readonly string[] | undefined }
  >()
  const tous: Qui[] = []

  const sql = (requete: string, parametres: readonly unknown[] = []) =>
    application.base.pool.query(requete, [...parametres])

  const marquer = (
    champ: string,
    groupes: readonly GroupeChamps[],
    trouve: RegExp,
    auteurs: readonly string[] = EMETTEURS,
  ) => marques.push({ champ, groupes, trouve, auteurs })

  before(async () => {
    application = {
      ...(await ouvrirApplicationDEssai()),
      acces: {
        cles: clesDEssai,
        courrier: noMailer,
        adresse: 'http://localhost',
        demonstration: true,
      },
    }
    const livres = referentielLivre.departements.get(DEPT)?.organismes ?? []
    const crees = TYPES_ORGANISME.filter((type) => !livres.some((un) => un.type === type)).map((type) => ({
      code: `ESSAI-${type.toUpperCase().replaceAll('_', '-')}`,
      nom: `Essai ${type}`,
      type,
    }))
    await installerOrganismes(application.base, DEPT, crees)
    for (const type of TYPES_ORGANISME) {
      const un = [...livres, ...crees].find((organisme) => organisme.type === type)
      assert.ok(un)
      organismes.set(type, un)
    }
    for (const [rang, code] of EMETTEURS.entries()) {
      await importer(
        application,
        code,
        `${code}.csv`,
        ecrireCsv([
          ligne({
            type: ['impaye_caf', 'assignation', 'commandement_de_payer'][rang] ?? '',
            reference_source: `REF-${rang}`,
            date_signalement: `2026-11-0${rang + 2}`,
            date_acte: rang === 0 ? '' : `2026-10-1${rang}`,
            telephone: '0639981234',
            enfants_a_charge: '2',
            rsa: 'oui',
            handicap: 'oui',
          }),
          ligne({ reference_source: `REJET-${rang}`, date_signalement: '31/02/2026' }),
        ]),
      )
    }
    await figerTableaux(application, DEPT, Temporal.PlainDate.from('2026-11-16'))
    await planter()
    const utilisateurs = new Set(listerUtilisateurs(matrice).map(({ type, role }) => `${type} ${role}`))
    const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
    for (const type of TYPES_ORGANISME) {
      const { code = '' } = organismes.get(type) ?? {}
      const siens = (
        [
          'secretariat',
          'prefecture',
          'service_social',
          'partenaire',
          'maire',
          'emetteur',
          'pilote',
          'administrateur',
          'dpd',
        ] as const
      ).filter(
        // Somebody habilitated before the matrix stopped speaking of them: one role stands for all those it does not know.
        (role) => utilisateurs.has(`${type} ${role}`) || role === 'partenaire',
      )
      for (const role of siens) {
        tous.push({ type, role, code })
        const courriel = `${role}.${type}@matrice.example`
        await installerCompte(application.base, {
          dept: DEPT,
          courriel,
          prenom: 'Maxence',
          nom: 'Quidemont',
          motDePasse,
          organisme: code,
          role,
          du: Temporal.PlainDate.from('2026-01-01'),
          motif: 'preuve',
          a: application.horloge.now(),
        })
      }
    }
    for (const [rang, { type, role }] of tous.entries()) {
      const demande = { dept: DEPT, courriel: `${role}.${type}@matrice.example`, motDePasse: MOT_DE_PASSE }
      const { jeton } = await ouvrirConnexion(application, { ...demande, adresse: `192.0.2.${rang + 1}` })
      sessions.set(`${type} ${role}`, { jeton, formulaire: '' })
    }
    for (const [cle, session] of sessions) {
      const lue = await lireConnexion(application, session.jeton)
      assert.ok(lue, `${cle} signs in`)
      sessions.set(cle, { ...session, formulaire: lue.jetonFormulaire })
    }
    serveur = await creer(routes)
  })
  after(async () => {
    await serveur?.close()
    await application.fermer()
  })

  /** Puts a mark in every field of the household, and of everything that tells of it. */
  async function planter(): Promise<void> {
    const { rows } = await sql('select id, reference from dossier where dept = $1 order by signaux desc limit 1', [
      DEPT,
    ])
    const { id, reference } = rows[0] as { id: string; reference: string }
    Object.assign(valeurs, { reference, dossier: id })
    const t = marquerContenu('D')
    const c = t.valeurs
    const personne = {
      nomUsage: c.nom_usage,
      nomNaissance: c.nom_naissance,
      prenom: c.prenom,
      dateNaissance: '1931-01-01',
    }
    const conjoint = { nomUsage: c.conjoint_nom, prenom: c.conjoint_prenom, dateNaissance: '1932-01-01' }
    const menage = {
      titulaire: personne,
      conjoint,
      situationFamiliale: 'ZDsituationZ',
      enfantsACharge: 7,
      anneesNaissanceEnfants: [2031, 2032],
      numeroAllocataire: 'ZDnumeroallocataireZ',
      telephones: ['ZDtelephoneZ'],
      courriels: ['ZDcourrielZ'],
      rsa: true,
      handicap: true,
      aideLogement: true,
      montantAide: 713_141,
      aideVerseeAuBailleur: true,
      garantieVisale: true,
      suivis: ['ZDsuiviZ'],
    }
    const echeance = (cle: string) => ({
      cle,
      libelle: `ZD${cle}Z`,
      le: '2027-02-02',
      genre: 'tache',
      depart: `ZD${cle}departZ`,
      calcul: '',
      source: '',
      fiabilite: '',
      aVerifier: false,
    })
    await sql(
      `update dossier set titulaire = 'ZDtitulaireZ', nom_tri = 'zdtitulairez', adresse = 'ZDadresselisteZ', commune = 'ZDcommuneZ', code_insee = '71153', territoire = 'autun',
        dette = 713151, dette_le = '2033-01-01', audience_le = '2034-01-01', stade_le = '2035-01-01', service_depuis = '2036-01-01',
        premier_signal_le = '2037-01-01', dernier_signal_le = '2038-01-01', echeance_le = '2027-02-02', echeance_libelle = 'ZDecheancelibelleZ',
        menage = $2, logement = $3, bail = $4, actes = $5, seuil = $6, echeances = $7, echeances_service = $8,
        criteres = array_append(criteres, 'handicap'), criteres_detail = $9, en_serie = true, etat_service = 'prise',
        organismes_habilites = (select array_agg(o.id) from organisme o where o.dept = dossier.dept)
        where dept = $1 and id = $10`,
      [
        DEPT,
        JSON.stringify(menage),
        JSON.stringify({
          adresse: c.adresse,
          complement: c.complement_adresse,
          codePostal: 'ZDpostalZ',
          commune: 'ZDcommuneZ',
          parc: 'ZDparcZ',
        }),
        JSON.stringify({
          bailleurNom: c.bailleur_nom,
          bailleurSiret: c.bailleur_siret,
          bailleurNature: 'ZDnatureZ',
          loyer: 713_161,
          charges: 713_171,
          dateBail: '2039-01-01',
          detteDepuis: '2040-01-01',
        }),
        JSON.stringify([
          {
            type: 'assignation',
            le: '2026-10-11',
            signalement: PERSONNE,
            organisme: 'ZDacteZ',
            montant: 713_181,
            tribunal: c.tribunal,
          },
        ]),
        JSON.stringify({ etat: 'atteint', motif: 'ZDseuilZ', source: '' }),
        JSON.stringify([echeance('prochaine'), { ...echeance('legale'), le: '2027-03-03' }]),
        JSON.stringify([{ ...echeance('duservice'), le: '2027-04-04' }]),
        JSON.stringify([
          {
            id: 'souffrance-psychique',
            libelle: 'ZDcriteresanteZ',
            court: '',
            genre: 'vulnerabilite',
            etat: 'atteint',
            source: '',
            valeurs: {},
            sante: true,
          },
        ]),
        id,
      ],
    )
    marquer('dossier.titulaire', ['identite'], texte('ZDtitulaireZ'))
    marquer('dossier.adresse', ['identite'], texte('ZDadresselisteZ'))
    marquer('dossier.commune', ['identite'], texte('ZDcommuneZ'))
    marquer('dossier.dette', ['dette'], centimes(713_151))
    for (const [nom, an, groupe] of [
      ['dette_le', 2033, 'dette'],
      ['audience_le', 2034, 'procedure'],
      ['stade_le', 2035, 'procedure'],
      ['service_depuis', 2036, 'service'],
      ['premier_signal_le', 2037, 'signaux'],
      ['dernier_signal_le', 2038, 'signaux'],
      ['bail.dateBail', 2039, 'bailleur'],
      ['bail.detteDepuis', 2040, 'dette'],
      ['menage.titulaire.dateNaissance', 1931, 'identite'],
      ['menage.conjoint.dateNaissance', 1932, 'identite'],
    ] as const)
      marquer(`dossier.${nom}`, [groupe], annee(an))
    marquer('dossier.echeance', ['procedure'], /ZDprochaine/)
    marquer('dossier.echeance_libelle', ['procedure'], texte('ZDecheancelibelleZ'))
    marquer('dossier.echeances', ['procedure'], /ZDlegale/)
    marquer('dossier.echeances_service', ['service'], /ZDduservice/)
    marquer('dossier.seuil', ['dette'], texte('ZDseuilZ'))
    marquer('dossier.actes.montant', ['dette'], centimes(713_181))
    marquer('dossier.actes.organisme', ['procedure'], texte('ZDacteZ'))
    marquer('dossier.criteres_detail', ['criteres', 'sante'], texte('ZDcriteresanteZ'))
    marquer('dossier.menage.handicap', ['sante'], /Situation de handicap\s+oui/)
    marquer('dossier.menage.rsa', ['ressources'], /\bRSA\s+oui\s+(?:Situation|Garantie|Connu)/)
    marquer('dossier.menage.montantAide', ['ressources'], centimes(713_141))
    marquer('dossier.menage.situationFamiliale', ['composition'], texte('ZDsituationZ'))
    marquer('dossier.menage.enfantsACharge', ['composition'], /sept enfants/)
    marquer('dossier.menage.anneesNaissanceEnfants', ['composition'], /2031, 2032/)
    marquer('dossier.menage.suivis', ['service'], texte('ZDsuiviZ'))
    marquer('dossier.logement.codePostal', ['identite'], texte('ZDpostalZ'))
    marquer('dossier.logement.parc', ['bailleur'], texte('ZDparcZ'))
    marquer('dossier.bail.bailleurNature', ['bailleur'], texte('ZDnatureZ'))
    marquer('dossier.bail.loyer', ['dette'], centimes(713_161))
    marquer('dossier.bail.charges', ['dette'], centimes(713_171))
    for (const [nom, trouve] of Object.entries(t.trouve)) {
      const [groupe] = CHAMPS_SIGNALEMENT[nom] ?? []
      assert.ok(groupe, nom)
      marquer(`dossier.${nom}`, [groupe], trouve)
    }
    // What found the dossier: a number typed must not tell whose it is.
    await sql(`update recherche_dossier set texte = texte || ' znumerocachez' where dept = $1 and dossier = $2`, [
      DEPT,
      id,
    ])
    await sql(
      `update dossier set menage = jsonb_set(menage, '{numeroAllocataire}', '"ZDnumeroallocataireZ znumerocachez"') where dept = $1 and id = $2`,
      [DEPT, id],
    )

    for (const [rang, code] of EMETTEURS.entries()) {
      const { valeurs: siennes, trouve } = marquerContenu(`S${rang}`)
      await sql(
        `update signalement s set contenu = s.contenu || $2::jsonb, commune = $3 from organisme o
          where s.dept = $1 and o.dept = $1 and o.id = s.organisme and o.code = $4`,
        [
          DEPT,
          JSON.stringify({ ...siennes, montant_dette: 813_101 + rang * 10, date_audience: `204${rang + 1}-01-01` }),
          `ZS${rang}communelieuZ`,
          code,
        ],
      )
      for (const [nom, motif] of Object.entries(trouve)) {
        const [groupe] = CHAMPS_SIGNALEMENT[nom] ?? []
        if (groupe) marquer(`signal ${code} ${nom}`, ['signaux', groupe], motif, [code])
      }
      marquer(`signal ${code} montant_dette`, ['signaux', 'dette'], centimes(813_101 + rang * 10), [code])
      marquer(`signal ${code} date_audience`, ['signaux', 'procedure'], annee(2041 + rang), [code])
      marquer(`signal ${code} commune`, ['signaux', 'identite'], texte(`ZS${rang}communelieuZ`), [code])
      const { valeurs: champs, trouve: dansLot } = marquerContenu(`L${rang}`)
      await sql(
        `update ligne_lot l set champs = l.champs || $2::jsonb from lot t join organisme o on o.dept = t.dept and o.id = t.organisme
          where l.dept = $1 and t.dept = $1 and t.id = l.lot and o.code = $3`,
        [DEPT, JSON.stringify({ ...champs, colonne_inconnue: `ZL${rang}inconnueZ` }), code],
      )
      for (const [nom, motif] of Object.entries(dansLot)) {
        const [groupe] = CHAMPS_SIGNALEMENT[nom] ?? []
        if (groupe) marquer(`ligne ${code} ${nom}`, [groupe], motif, [code])
      }
      marquer(`ligne ${code} colonne inconnue`, ['ressources'], texte(`ZL${rang}inconnueZ`), [code])
    }
    const lot = await sql(
      `select t.id, l.ligne from lot t join organisme o on o.dept = t.dept and o.id = t.organisme join ligne_lot l on l.dept = t.dept and l.lot = t.id and l.verdict = 'rejetee'
        where t.dept = $1 and o.code = 'CAF71' limit 1`,
      [DEPT],
    )
    Object.assign(valeurs, { lot: lot.rows[0].id, ligne: String(lot.rows[0].ligne) })
    const contact = await sql(
      `insert into tentative_contact (dept, id, dossier, organisme, canal, le, aboutie, issue, a)
        select $1, gen_random_uuid(), $2, o.id, 'appel', '2044-01-01', true, 'ZDissueZ', now() from organisme o where o.dept = $1 and o.code = 'CAF71' returning id`,
      [DEPT, id],
    )
    valeurs.contact = contact.rows[0].id
    marquer('contact.issue', ['contacts', 'ecrits'], texte('ZDissueZ'), ['CAF71'])
    marquer('contact.le', ['contacts'], annee(2044), ['CAF71'])
    await sql(
      `insert into fait (dept, id, dossier, type, le, a, organisme, donnees)
        select $1, gen_random_uuid(), $2, 'tableau.refuse', '2045-01-01', now(), o.id, jsonb_build_object('organisme', o.id, 'motif', 'ZDmotifZ') from organisme o
        where o.dept = $1 and o.code = 'CAF71'`,
      [DEPT, id],
    )
    marquer('fait.motif', ['service', 'ecrits'], texte('ZDmotifZ'), ['CAF71'])
    marquer('fait.le', ['service'], annee(2045))
    const liste = await sql(
      `select s.id from liste s join ligne_liste l on l.dept = s.dept and l.liste = s.id where s.dept = $1 and l.dossier = $2 limit 1`,
      [DEPT, id],
    )
    const autre = await sql('select s.id from liste s where s.dept = $1 limit 1', [DEPT])
    valeurs.liste = liste.rows[0]?.id ?? autre.rows[0]?.id ?? ''
    assert.ok(valeurs.liste, 'a weekly list was frozen')
    const instantane = {
      titulaire: 'ZItitulaireZ',
      adresse: 'ZIadresseZ',
      commune: 'ZIcommuneZ',
      date_naissance: '1933-01-01',
      telephones: ['ZItelephoneZ'],
      bailleur: 'ZIbailleurZ',
      pourquoi: 'ZIpourquoiZ',
      source: 'ZIsourceZ',
      dette: 913_101,
      stade_le: '2046-01-01',
      audience_le: '2047-01-01',
      diagnostic_avant: '2048-01-01',
      rang_cascade: 3,
      // Longer than any number of an entry, a page or a day.
      enfants: 471_190_713,
    }
    await sql(`update ligne_liste set instantane = instantane || $2::jsonb where dept = $1 and liste = $3`, [
      DEPT,
      JSON.stringify(instantane),
      valeurs.liste,
    ])
    for (const [nom, valeur] of Object.entries(instantane)) {
      if (nom === 'rang_cascade') continue
      const groupe = CHAMPS_INSTANTANE[nom as keyof typeof instantane][0]
      const trouve =
        typeof valeur === 'number'
          ? nom === 'dette'
            ? centimes(valeur)
            : /471.?190.?713/
          : Array.isArray(valeur)
            ? texte(String(valeur[0]))
            : /^\d{4}-/.test(String(valeur))
              ? annee(Number(String(valeur).slice(0, 4)))
              : texte(String(valeur))
      marquer(`tableau.${nom}`, [groupe], trouve)
    }
  }

  const accorder = async () => {
    await sql(
      `insert into participation (dept, dossier, organisme, origine, motif, du, cree_a)
        select $1, $2, o.id, 'seance', 'séance', '2026-11-01', now() from organisme o where o.dept = $1 and o.type = 'mairie'`,
      [DEPT, valeurs.dossier],
    )
    await sql(
      `insert into accord (dept, dossier, objet, sens, organisme, le, moyen, a)
        select $1, $2, 'transmission', 'accord', o.id, '2026-11-01', 'ecrit', now() from organisme o where o.dept = $1 and o.type <> 'mairie'`,
      [DEPT, valeurs.dossier],
    )
  }

  const creer = (table: readonly Route[], autre: Matrice = matrice) =>
    creerServeur({ ...application, referentiel: { ...referentielLivre, matrice: autre } }, table, {
      securise: false,
      departement: DEPT,
      journalErreurs: (_reference, erreur) => {
        throw erreur
      },
    })

  /** What the file says of an act, read line by line: nothing of the code that applies it. */
  const donne = ({ type, role }: Qui, droit: Droit): boolean =>
    listerUtilisateurs(matrice).some((un) => un.type === type && un.role === role) &&
    lignesDe(matrice, type, role).some((une) => une.droits.includes(droit))

  interface Etat {
    readonly accords: boolean
  }
  const tient = ({ type, code }: Qui, condition: ConditionAcces, auteurs: readonly string[], etat: Etat): boolean => {
    const organisme = organismes.get(type)
    switch (condition) {
      case 'departement':
      case 'engage':
        return true
      case 'territoire':
        return organisme?.territoires?.includes('autun') ?? false
      case 'commune':
        return organisme?.communes?.includes('71153') ?? false
      case 'seance':
        return etat.accords && type === 'mairie'
      case 'accord_adil':
      case 'accord_action_logement':
      case 'accord_mandataire':
        return etat.accords
      case 'auteur':
        return auteurs.includes(code)
      // No slip was sent: nothing is read by that way.
      case 'bordereau':
        return false
    }
  }
  const lit = (qui: Qui, { groupes, auteurs }: Marque, etat: Etat): boolean =>
    groupes.every((groupe) =>
      lignesDe(matrice, qui.type, qui.role).some(
        (une) =>
          une.groupes.includes(groupe) && une.conditions.every((condition) => tient(qui, condition, auteurs, etat)),
      ),
    )

  /** Known values for the parameters of an address; what nobody knows is nobody's, and answers like what does not exist. */
  const remplir = (chemin: string): string =>
    chemin.replace(/:(\w+)/g, (_tout, nom: string) => {
      if (chemin.startsWith('/tableaux') && nom === 'id') return valeurs.liste ?? ''
      if (chemin.startsWith('/reconnaitre') || chemin.startsWith('/comptes')) return PERSONNE
      return valeurs[nom] ?? PERSONNE
    })

  async function lireTexte(type: string, octets: Buffer, adresse: string): Promise<string> {
    if (type.includes('spreadsheetml')) return (await readWorkbook(octets, 'xlsx')).flat().join('\n')
    if (type.includes('opendocument')) return (await readWorkbook(octets, 'ods')).flat().join('\n')
    if (type.includes('pdf')) {
      const { lireTextePdf } = await import('#tests/pdf')
      return lireTextePdf(octets)
    }
    return octets
      .toString('utf8')
      .replace(/<(?:style|script)[^>]*>[\s\S]*?<\/(?:style|script)>/g, ' ')
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&#x27;', '’')
      .replaceAll(adresse, ' ')
  }
  /** Without what typography puts between digits, nor identifiers where a year may hide. */
  const aplatir = (lu: string): string =>
    lu.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ' ').replace(/(?<=\d)[\s  .](?=\d{3}(?!\d))/gu, '')

  const demander = async (cible: FastifyInstance, qui: Qui, url: string) => {
    const session = sessions.get(`${qui.type} ${qui.role}`)
    assert.ok(session)
    const reponse = await cible.inject({ url, cookies: { amont_session: session.jeton } })
    const lu =
      reponse.statusCode === 200
        ? aplatir(await lireTexte(String(reponse.headers['content-type']), reponse.rawPayload, url))
        : ''
    return { statut: reponse.statusCode, lu }
  }

  /** Addresses where what is written of a household comes out. New ones are added by the table itself. */
  const sorties = (table: readonly Route[]): { route: Route; url: string }[] =>
    table
      .filter(({ methode }) => methode === 'GET')
      .flatMap((route) => {
        const url = remplir(route.chemin)
        const suites: Readonly<Record<string, readonly string[]>> = {
          '/dossiers': ['?territoire=tous', '?q=zdtitulairez', '?q=znumerocachez'],
          '/a-faire': ['?territoire=tous', '?territoire=tous&file=en_serie'],
          '/dossiers/confier': [`?dossiers=${valeurs.dossier}&retour=/dossiers`],
          '/recevoir/:lot': ['', '?verdict=rejetee', '?verdict=acceptee'],
        }
        return (suites[route.chemin] ?? ['']).map((suite) => ({ route, url: url + suite }))
      })

  interface Bilan {
    essais: number
    fuites: string[]
    legitimes: number
    bloques: string[]
    /** Marks seen by somebody who may: the proof looks at something. */
    readonly vues: Set<string>
  }

  /** Tries every address for some people, and says what came out that should not, and what was refused that should not. */
  async function essayer(
    cible: FastifyInstance,
    table: readonly Route[],
    gens: readonly Qui[],
    etat: Etat,
  ): Promise<Bilan> {
    const bilan: Bilan = { essais: 0, fuites: [], legitimes: 0, bloques: [], vues: new Set() }
    const signatures = new Set<string>()
    const distincts = gens.filter((qui) => {
      const signature = `${lignesDe(matrice, qui.type, qui.role).map(({ ligne: rang }) => rang)} ${(EMETTEURS as readonly string[]).includes(qui.code)}`
      const nouvelle = !signatures.has(signature)
      signatures.add(signature)
      return nouvelle
    })
    for (const { route, url } of sorties(table)) {
      const fichier = /\.(?:xlsx|ods|pdf)$/.test(route.chemin)
      let lus = 0
      let portees = 0
      // Files are long to make: once for each way of reading the matrix, and no further when the first readers found no household in it.
      for (const qui of fichier ? distincts : gens) {
        if (fichier && lus >= 2 && portees === 0 && donne(qui, route.droit)) continue
        const nom = `${qui.type} ${qui.role} ${url}`
        // The right of the real table: a faulty one is judged by it.
        const droit =
          routes.find(({ methode, chemin }) => methode === 'GET' && chemin === route.chemin)?.droit ?? route.droit
        const { statut, lu } = await demander(cible, qui, url)
        bilan.essais += 1
        if (!donne(qui, droit)) {
          if (statut !== 403 && statut !== 404) bilan.fuites.push(`${nom} : ${statut}`)
          continue
        }
        bilan.legitimes += 1
        if (statut === 403 || statut >= 500) bilan.bloques.push(`${nom} : ${statut}`)
        for (const marque of marques) {
          if (!marque.trouve.test(lu)) continue
          portees += 1
          if (lit(qui, marque, etat)) bilan.vues.add(marque.champ)
          else bilan.fuites.push(`${nom} : ${marque.champ}`)
        }
        lus += 1
      }
    }
    return bilan
  }

  /** Everybody; on the oldest PostgreSQL, of each kind of body, the role that reads most. */
  const eprouves = (): readonly Qui[] => {
    if (!MAJEURE_ANCIENNE) return tous
    const lus = ({ type, role }: Qui) => lignesDe(matrice, type, role).flatMap(({ groupes }) => groupes).length
    return [...Map.groupBy(tous, ({ type }) => type).values()].map((siens) =>
      siens.reduce((retenu, un) => (lus(un) > lus(retenu) ? un : retenu)),
    )
  }

  test('[ACC-01] the proof sees a mask removed and a route under the wrong right; otherwise it is void', async (t) => {
    // A mask removed: everybody who opens a dossier reads everything in it.
    const sansMasque: Matrice = matrice.map((une) =>
      une.groupes.length === 0 ? une : { ...une, groupes: [...une.groupes, 'sante', 'ressources', 'ecrits', 'dette'] },
    )
    const gens = tous.filter(({ role }) => role === 'prefecture' || role === 'partenaire')
    const ouvert = await creer(routes, sansMasque)
    const page = routes.filter(({ chemin }) => chemin === '/dossiers/:reference')
    const masque = await essayer(ouvert, page, gens, { accords: false })
    await ouvert.close()
    const fautive = routes
      .filter(({ chemin, methode }) => chemin === '/comptes' && methode === 'GET')
      .map((route) => ({ ...route, droit: 'aide.consulter' as const }))
    const autre = await creer(fautive)
    const droit = await essayer(autre, fautive, gens, { accords: false })
    await autre.close()
    if (masque.fuites.length === 0 || droit.fuites.length === 0)
      t.diagnostic('INVALIDE : une faute plantée n’a pas été vue')
    assert.ok(
      masque.fuites.some((fuite) => fuite.includes('handicap')),
      'a mask removed is seen',
    )
    assert.ok(droit.fuites.length > 0, 'a route under the wrong right is seen')
    t.diagnostic(
      `faute plantée : ${masque.fuites.length} fuites vues sans masque, ${droit.fuites.length} sous un mauvais droit`,
    )
  })

  test('[ACC-03] [ACC-05] [ACC-07] without agreement nor session, what they open stays closed', async () => {
    const gens = tous.filter(({ type }) => ['adil', 'action_logement', 'mandataire', 'mairie'].includes(type))
    const table = routes.filter(({ chemin }) => chemin.startsWith('/dossiers'))
    const bilan = await essayer(serveur, table, gens, { accords: false })
    assert.deepEqual(bilan.fuites, [])
    assert.deepEqual(bilan.bloques, [])
    const maire = gens.find(({ role }) => role === 'maire')
    assert.ok(maire)
    assert.equal((await demander(serveur, maire, `/dossiers/${valeurs.reference}`)).statut, 404)
  })

  test('[ACC-01] [ACC-03] [ACC-06] every role in every kind of body, every address: nothing the matrix hides comes out, nothing it gives is refused', async (t) => {
    await accorder()
    const gens = eprouves()
    const bilan = await essayer(serveur, routes, gens, { accords: true })
    t.diagnostic(
      `${gens.length} rôles dans ${TYPES_ORGANISME.length} types d’organisme, ${marques.length} marques : ${bilan.essais} essais, ${bilan.fuites.length} fuites ; ${bilan.legitimes} accès légitimes, ${bilan.bloques.length} refusés ; ${bilan.vues.size} marques vues par qui peut les lire`,
    )
    assert.deepEqual(bilan.fuites, [])
    assert.deepEqual(bilan.bloques, [])
    const jamais = marques.filter(({ champ }) => !bilan.vues.has(champ)).map(({ champ }) => champ)
    t.diagnostic(`marques que personne n’a vues : ${jamais.join(', ') || 'aucune'}`)
    // A proof that looks at nothing finds nothing.
    assert.ok(bilan.vues.size > marques.length * 0.6, `${bilan.vues.size} of ${marques.length} marks were seen`)
    const maire = tous.find(({ role, type }) => role === 'maire' && type === 'mairie')
    assert.ok(maire)
    assert.equal((await demander(serveur, maire, `/dossiers/${valeurs.reference}`)).statut, 200)
  })

  test('[ACC-01] a form is received from whoever the matrix allows, refused from the others', async (t) => {
    let essais = 0
    const fautes: string[] = []
    for (const route of routes.filter(({ methode, chemin }) => methode === 'POST' && !chemin.startsWith('/compte/')))
      for (const qui of eprouves()) {
        const session = sessions.get(`${qui.type} ${qui.role}`)
        assert.ok(session)
        const reponse = await serveur.inject({
          method: 'POST',
          url: route.chemin.replace(/:\w+/g, PERSONNE),
          cookies: { amont_session: session.jeton },
          payload: { _jeton: session.formulaire },
        })
        essais += 1
        const permis = donne(qui, route.droit)
        const refuse = reponse.statusCode === 403
        if (permis === refuse || reponse.statusCode >= 500)
          fautes.push(`${qui.type} ${qui.role} ${route.chemin} : ${reponse.statusCode}`)
      }
    t.diagnostic(`${essais} formulaires envoyés, ${fautes.length} réponses contraires à la matrice`)
    assert.deepEqual(fautes, [])
  })

  test('[ACC-06] nobody orders, narrows or searches by what is hidden to them', async () => {
    const siao = tous.find(({ type, role }) => type === 'siao' && role === 'partenaire')
    assert.ok(siao)
    const session = sessions.get('siao partenaire')
    const lue = session && (await lireConnexion(application, session.jeton))
    assert.ok(lue)
    const lister = (demande: { filtre: FiltreDossiers; tri?: Tri }) =>
      ouvrirSession(application, lue.acteur, 'dossier.consulter', (ouverte) => listerDossiers(ouverte, demande))
    await assert.rejects(lister({ filtre: {}, tri: 'dette' }), { code: 'acces.champ-reserve' })
    await assert.rejects(lister({ filtre: { detteMin: 1 } }), { code: 'acces.champ-reserve' })
    await assert.rejects(lister({ filtre: { critere: 'souffrance-psychique' } }), { code: 'acces.champ-reserve' })
    assert.equal((await lister({ filtre: { texte: 'znumerocachez' } })).total, 0)
    assert.equal((await lister({ filtre: { texte: valeurs.reference ?? '' } })).total, 1)
    const dossier = await ouvrirSession(application, lue.acteur, 'dossier.consulter', (ouverte) =>
      lireDossier(ouverte, valeurs.reference ?? ''),
    )
    assert.equal(dossier.dette, null)
    assert.ok(dossier.masques.includes('dette'))
    assert.ok(!dossier.masques.includes('sante'), 'that health is hidden is not said')
  })

  test('[ACC-15] every column of the format is in one group, and a field declared nowhere is read by nobody', () => {
    assert.deepEqual(Object.keys(CHAMPS_SIGNALEMENT).sort(), [...NOMS_COLONNES].sort())
    const lu = masquer({ reference: 'R', numero_securite_sociale: '1' } as object, CHAMPS_DOSSIER, () => true)
    assert.deepEqual(lu, { reference: 'R' })
    assert.deepEqual(
      masquer({ dette: 12, reference: 'R' } as object, CHAMPS_DOSSIER, (groupe) => groupe === 'reperes'),
      {
        dette: null,
        reference: 'R',
      },
    )
  })

  test('[ACC-01] [ACC-03] an administrator and a data protection officer read nothing of households; a sender, its own lines and what it is handed; a court has no line', () => {
    for (const { type, role } of listerUtilisateurs(matrice)) {
      const siennes = lignesDe(matrice, type, role)
      if (role === 'administrateur' || role === 'dpd') {
        assert.deepEqual(
          siennes.flatMap(({ groupes }) => groupes),
          [],
          `${type} ${role}`,
        )
        assert.ok(
          !siennes.some(({ droits: siens }) => siens.some((droit) => /^(?:dossier|liste|lot|veille)\./.test(droit))),
        )
      }
      if (role === 'emetteur') {
        assert.ok(
          siennes.every(
            ({ groupes, conditions }) =>
              groupes.length === 0 || conditions.includes('auteur') || conditions.includes('bordereau'),
          ),
        )
        assert.ok(!siennes.some(({ droits: siens }) => siens.includes('dossier.consulter')))
      }
      assert.ok(!['tribunal', 'forces_de_l_ordre'].includes(type))
    }
    assert.ok(droits.length > 0)
    assert.ok(
      masqueDe({ acces: { droits: new Map(), groupes: new Map(), portee: 'aucune' } }).voit('reperes') === false,
    )
  })
})
