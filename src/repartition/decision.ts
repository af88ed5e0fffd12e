import type { Session } from '#acces'
import {
  type DecisionRepartition,
  type DejaSollicite,
  evaluerRepartition,
  type Faits,
  type Rang,
  type Repartition,
  type Service,
} from '#referentiel'

/** The rank Amont proposes, or why none is due. */
export interface Proposition {
  readonly genre: 'service' | 'sans_objet' | 'epuisee'
  readonly rang: Rang | null
  readonly libelle: string
  readonly aVerifier: readonly string[]
  readonly decision: DecisionRepartition
}

/**
 * Turns the evaluation of the rules into one service to ask. Missing facts never leave a household waiting: the rank that applies if each of them answers no is
 * proposed, flagged « à vérifier » (AUT-17: what nobody said is not written as a no). When no service would then be due, because it is not known whether
 * the household is vulnerable, prudence asks the service whose public the household certainly is, by default the last of the cascade.
 */
export function choisirProposition(decision: DecisionRepartition): Proposition {
  const base = { decision, aVerifier: decision.manquants }
  switch (decision.resultat) {
    case 'service':
      return { ...base, genre: 'service', rang: decision.rang, libelle: decision.rang?.libelle ?? decision.motif }
    case 'a_verifier': {
      const ouverts = decision.rangs.filter((rang) => rang.etat === 'indeterminee' && rang.service !== null)
      // What even the last rank does not know is whether anything is due at all; a rank that lacks nothing else is as good as met.
      const dernier = ouverts.at(-1)
      const prudent = ouverts.find(
        (un) => un.ordre !== 'deja_connu' && un.manquants.every((mot) => dernier?.manquants.includes(mot)),
      )
      const rang = decision.aDefaut?.service ? decision.aDefaut : (prudent ?? dernier)
      if (!rang)
        return {
          ...base,
          genre: 'sans_objet',
          rang: decision.aDefaut,
          libelle: decision.aDefaut?.libelle ?? decision.motif,
        }
      return { ...base, genre: 'service', rang, libelle: rang.libelle }
    }
    case 'sans_prise_en_charge':
      return { ...base, genre: 'sans_objet', rang: decision.rang, libelle: decision.motif }
    case 'cascade_epuisee':
    case 'aucune_version':
      return { ...base, genre: 'epuisee', rang: null, libelle: decision.motif }
  }
}

/** Organismes of the département that can be a service, with where they work. */
export interface OrganismeService {
  readonly id: string
  readonly type: string
  readonly nom: string
  readonly territoires: readonly string[] | null
  readonly communes: readonly string[] | null
}

/** The organisme that is this service for a dwelling: by commune first, then by territory, then for the whole département. */
export function choisirOrganisme(
  organismes: readonly OrganismeService[],
  service: Service,
  lieu: { codeInsee: string | null; territoire: string | null },
): OrganismeService | null {
  const memes = organismes.filter((organisme) => organisme.type === service)
  return (
    memes.find((organisme) => lieu.codeInsee !== null && organisme.communes?.includes(lieu.codeInsee)) ??
    memes.find(
      (organisme) =>
        !organisme.communes && lieu.territoire !== null && organisme.territoires?.includes(lieu.territoire),
    ) ??
    memes.find((organisme) => !organisme.communes && !organisme.territoires) ??
    null
  )
}

/**
 * Which organisme is proposed for one dossier. A rank whose service exists nowhere near is passed over with its reason; services already asked at this stage are not
 * asked twice.
 */
export function proposer(
  session: Pick<Session, 'referentiel' | 'dept' | 'jour'>,
  dossier: { faits: Faits; codeInsee: string | null; territoire: string | null },
  organismes: readonly OrganismeService[],
  sollicites: readonly DejaSollicite[],
  regles?: Repartition,
): { proposition: Proposition; organisme: OrganismeService | null } {
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  const ccas = choisirOrganisme(organismes, 'ccas', dossier)
  const faits: Faits = {
    ...dossier.faits,
    'ccas.travailleurs_sociaux': ccas !== null,
    ...(ccas === null ? { 'connu.ccas': false } : {}),
  }
  const dejaSollicites = [...sollicites]
  for (;;) {
    const decision = evaluerRepartition(departement, faits, session.jour, {
      dejaSollicites,
      ...(regles ? { regles } : {}),
    })
    const proposition = choisirProposition(decision)
    if (proposition.genre !== 'service' || !proposition.rang?.service) return { proposition, organisme: null }
    const organisme = choisirOrganisme(organismes, proposition.rang.service, dossier)
    if (organisme) return { proposition, organisme }
    dejaSollicites.push({ service: proposition.rang.service, regle: proposition.rang.regle })
  }
}
