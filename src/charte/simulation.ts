import type { Session } from '#acces'
import { type FaitsDeDossier, MOTS_DE_SANTE, parcourirFaits } from '#dossiers'
import {
  type BilanCriteres,
  type DepartementCharge,
  evaluerCriteres,
  type Referentiel,
  superposerVersions,
  type VersionLue,
} from '#referentiel'
import { simulerReferentiel } from '#repartition'
import { createPacer } from '#socle/pace'
import { listerEnVigueur } from './controles.ts'
import { lireDepartement } from './texte.ts'
import type { CompteSimule, SimulationCriteres, SimulationGardee } from './types.ts'

const EXEMPLES = 20

/**
 * What a version would change if it applied today, everything else as it is: same facts, same day. Criteria say which households are vulnerable, and settings
 * feed every condition: both are replayed through the dispatch too.
 */
export async function simuler(session: Session, version: VersionLue): Promise<Omit<SimulationGardee, 'empreinte'>> {
  const departement = lireDepartement(session)
  const apres = superposerVersions(session.referentiel, session.dept, [commeSiAujourdhui(version, session.jour)])
  const { id } = version.valeur
  return {
    jour: session.jour.toString(),
    contre: listerEnVigueur(departement, session.jour),
    repartition: await simulerReferentiel(session, apres, id),
    criteres: version.genre === 'repartition' ? null : await simulerCriteres(session, apres),
  }
}

function commeSiAujourdhui(version: VersionLue, du: Temporal.PlainDate): VersionLue {
  const dates = { du, jusqu_au: null }
  switch (version.genre) {
    case 'repartition':
      return { genre: 'repartition', valeur: { ...version.valeur, ...dates } }
    case 'criteres':
      return { genre: 'criteres', valeur: { ...version.valeur, ...dates } }
    case 'parametres':
      return {
        genre: 'parametres',
        valeur: {
          ...version.valeur,
          ...dates,
          reglages: Object.fromEntries(
            Object.entries(version.valeur.reglages).map(([cle, reglage]) => [cle, { ...reglage, ...dates }]),
          ),
        },
      }
  }
}

type Modifiable = { -readonly [K in keyof CompteSimule]: CompteSimule[K] }

const zero = (): Modifiable => ({
  avant: 0,
  apres: 0,
  gagnent: 0,
  perdent: 0,
  aVerifierAvant: 0,
  aVerifierApres: 0,
})

/** `true` met, `false` not, `null` depends on a missing fact. */
function compter(compte: Modifiable, avant: boolean | null, apres: boolean | null): void {
  if (avant === true) compte.avant += 1
  if (apres === true) compte.apres += 1
  if (avant === null) compte.aVerifierAvant += 1
  if (apres === null) compte.aVerifierApres += 1
  if (apres === true && avant !== true) compte.gagnent += 1
  if (avant === true && apres !== true) compte.perdent += 1
}

const REPONSES = { retenu: true, a_verifier: null } as const

/** What each criterion answers: absent, out of its field or set aside, it is not met. */
function reponses(bilan: BilanCriteres): Map<string, boolean | null> {
  return new Map(
    bilan.constats
      .filter(({ groupe, etat }) => groupe !== 'inscription_obligatoire' && etat !== 'appreciation')
      .map(({ critere, etat }) => [critere, etat in REPONSES ? REPONSES[etat as keyof typeof REPONSES] : false]),
  )
}

/** Criteria of both sides, by id; those after win for their words. Health-adjacent ones are counted, never tied to a household. */
function listerCriteres(avant: DepartementCharge, apres: DepartementCharge) {
  const connus = new Map<string, { libelle: string; groupe: string; sante: boolean }>()
  for (const departement of [avant, apres]) {
    for (const version of departement.criteres) {
      for (const groupe of version.groupes) {
        for (const { id, libelle, si } of groupe.criteres) {
          const sante = si?.mots.some((mot) => MOTS_DE_SANTE.some((un) => mot.startsWith(un))) ?? false
          connus.set(id, { libelle, groupe: groupe.libelle, sante: sante || (connus.get(id)?.sante ?? false) })
        }
      }
    }
  }
  return connus
}

async function simulerCriteres(session: Session, referentiel: Referentiel): Promise<SimulationCriteres> {
  const avant = lireDepartement(session)
  const apres = lireDepartement({ dept: session.dept, referentiel })
  const connus = listerCriteres(avant, apres)
  const parCritere = new Map<string, Modifiable>()
  const autoSaisine = zero()
  const vulnerabilite = zero()
  const lieux = new Map<string, SimulationCriteres['lieux'][number]>()
  const exemples: SimulationCriteres['exemples'][number][] = []
  let dossiers = 0
  const souffler = createPacer()
  const lire = ({ faits }: FaitsDeDossier, departement: DepartementCharge) =>
    evaluerCriteres(departement, faits, session.jour)
  for await (const lot of parcourirFaits(session, session.jour.subtract({ years: 1 }))) {
    for (const dossier of lot) {
      const tour = souffler()
      if (tour) await tour
      dossiers += 1
      const [ancien, nouveau] = [lire(dossier, avant), lire(dossier, apres)]
      compter(autoSaisine, ancien.autoSaisine, nouveau.autoSaisine)
      compter(vulnerabilite, ancien.vulnerable, nouveau.vulnerable)
      const [ra, rb] = [reponses(ancien), reponses(nouveau)]
      const gagne: string[] = []
      const perd: string[] = []
      for (const id of new Set([...ra.keys(), ...rb.keys()])) {
        const compte = parCritere.get(id) ?? zero()
        parCritere.set(id, compte)
        const [a, b] = [ra.get(id) ?? (ra.has(id) ? null : false), rb.get(id) ?? (rb.has(id) ? null : false)]
        compter(compte, a, b)
        const connu = connus.get(id)
        if (!connu || connu.sante) continue
        if (b === true && a !== true) gagne.push(connu.libelle)
        if (a === true && b !== true) perd.push(connu.libelle)
      }
      if (gagne.length + perd.length > 0 && exemples.length < EXEMPLES)
        exemples.push({ reference: dossier.reference, gagne, perd })
      const cle = `${dossier.territoire ?? ''}|${dossier.mois}`
      const lieu = lieux.get(cle) ?? {
        territoire: dossier.territoire,
        mois: dossier.mois,
        autoAvant: 0,
        autoApres: 0,
        vulnAvant: 0,
        vulnApres: 0,
      }
      lieux.set(cle, {
        ...lieu,
        autoAvant: lieu.autoAvant + Number(ancien.autoSaisine === true),
        autoApres: lieu.autoApres + Number(nouveau.autoSaisine === true),
        vulnAvant: lieu.vulnAvant + Number(ancien.vulnerable === true),
        vulnApres: lieu.vulnApres + Number(nouveau.vulnerable === true),
      })
    }
  }
  return {
    dossiers,
    autoSaisine,
    vulnerabilite,
    criteres: [...connus].flatMap(([critere, { libelle, groupe }]) => {
      const compte = parCritere.get(critere)
      return compte ? [{ critere, libelle, groupe, ...compte }] : []
    }),
    lieux: [...lieux.values()].sort(
      (a, b) => (a.territoire ?? '').localeCompare(b.territoire ?? '') || a.mois.localeCompare(b.mois),
    ),
    exemples,
  }
}
