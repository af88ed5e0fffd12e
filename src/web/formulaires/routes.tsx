import { randomUUID } from 'node:crypto'
import { aLeDroit } from '#acces'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import {
  ConflitDeSaisie,
  champsDe,
  completudeDe,
  type Enregistrement,
  ecrireCalcul,
  ecrireValeur,
  enregistrerBrouillon,
  type Formulaire,
  imprimerVierge,
  lireFormulaire,
  lireSaisie,
  signalerPresence,
  telechargerFormulaire,
} from '#formulaires'
import { Introuvable } from '#socle/errors'
import { formatInstant, typo } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, type Route, redirection } from '../route.ts'
import { ecrireManque } from './champs.tsx'
import type { EcranFormulaire } from './ecran.ts'
import { adresseFormulaire, ecrireEtat, PageLire, PageRemplir, TOUT } from './page.tsx'

/** The form an address names, if it is of this place and this person may read it. */
async function ouvrir(requete: Requete, ecran: EcranFormulaire): Promise<{ dossier: Dossier; formulaire: Formulaire }> {
  const dossier = await ouvrirDossier(requete)
  const formulaire = await lireFormulaire(
    requete.session,
    exigerCles(requete.application),
    dossier,
    requete.parametres.formulaire ?? '',
  )
  if (!ecran.codes.includes(formulaire.code)) throw new Introuvable()
  return { dossier, formulaire }
}

const peutRemplir = (requete: Requete, ecran: EcranFormulaire, formulaire: Formulaire): boolean =>
  formulaire.etat === 'brouillon' &&
  aLeDroit(requete.acteur, ecran.droits.ecrire) &&
  (ecran.remplit?.(requete, formulaire) ?? true)

/** GET: fills a draft, reads the rest. */
async function montrer(requete: Requete, ecran: EcranFormulaire): Promise<Reponse> {
  const { dossier, formulaire } = await ouvrir(requete, ecran)
  const marque = randomUUID()
  const suite = (await ecran.suite?.(requete, dossier, formulaire, marque)) ?? null
  if (!peutRemplir(requete, ecran, formulaire))
    return page(<PageLire requete={requete} ecran={ecran} dossier={dossier} formulaire={formulaire} suite={suite} />)
  const presents = await signalerPresence(requete.session, formulaire.id)
  return page(
    <PageRemplir
      requete={requete}
      ecran={ecran}
      dossier={dossier}
      formulaire={formulaire}
      presents={presents}
      marque={marque}
      suite={suite}
    />,
  )
}

function lireEnregistrement(requete: Requete, id: string, auto: boolean): Enregistrement {
  const { champs } = requete
  return {
    id,
    vu: Number(champ(requete, 'vu')) || 0,
    groupes: champs.groupes ?? [],
    seuls: champs.seuls,
    champs,
    marque: champ(requete, 'marque') || undefined,
    auto,
  }
}

async function enregistrer(requete: Requete, ecran: EcranFormulaire, auto: boolean) {
  const { dossier, formulaire } = await ouvrir(requete, ecran)
  if (formulaire.etat === 'brouillon' && !peutRemplir(requete, ecran, formulaire)) throw new Introuvable()
  const saisie = lireEnregistrement(requete, formulaire.id, auto)
  const resultat = await ouConflit(requete, 'formulaire.enregistrer', () =>
    enregistrerBrouillon(requete.session, exigerCles(requete.application), dossier, saisie),
  )
  return { dossier, formulaire, saisie, resultat }
}

/** Controls of some fields, as they were sent. */
const controlesDe = (requete: Requete, codes: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(requete.champs).filter(([nom]) => codes.includes(nom.split('.')[0] ?? '')))

/** Both versions, field by field: what this person alone changed is kept whichever they choose. */
function montrerConflit(
  requete: Requete,
  ecran: EcranFormulaire,
  {
    dossier,
    formulaire,
    saisie,
    conflit,
  }: {
    readonly dossier: Dossier
    readonly formulaire: Formulaire
    readonly saisie: Enregistrement
    readonly conflit: ConflitDeSaisie
  },
): Promise<Reponse> {
  const adresse = adresseFormulaire(ecran, dossier, formulaire.id)
  const champs = champsDe(formulaire.modele.groupes)
  const typee = lireSaisie(champs, saisie.champs, requete.session.jour)
  const ecrire = (code: string, de: Pick<Formulaire, 'valeurs' | 'invalides'>): string => {
    const vise = champs.find((un) => un.code === code)
    const illisibles = Object.entries(de.invalides)
      .filter(([nom]) => nom.split('.')[0] === code)
      .map(([, texte]) => texte)
    return (
      [vise ? ecrireValeur(vise, de.valeurs[code]) : '', ...illisibles].filter(Boolean).join(' ; ') || 'Sans réponse'
    )
  }
  const renvoyer = (codes: readonly string[]) => ({
    vu: String(formulaire.version),
    groupes: saisie.groupes,
    seuls: codes,
    page: champ(requete, 'page'),
    ...controlesDe(requete, codes),
  })
  const miens = conflit.modifies.filter((code) => !conflit.cles.includes(code))
  return pageConflit(requete, {
    message: conflit.message,
    quoi: `${formulaire.modele.titre}, ${nommerDossier(dossier)}`,
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: formulaire.modele.titre, href: adresse },
      { libelle: 'Deux versions' },
    ],
    versions: conflit.cles.map((code) => ({
      cle: code,
      libelle: champs.find((un) => un.code === code)?.libelle ?? code,
      saisie: ecrire(code, typee),
      enregistree: ecrire(code, formulaire),
      qui: `Dernier enregistrement : ${formulaire.modifie_nom}, le ${formatInstant(formulaire.modifie_a)}`,
    })),
    conseil:
      miens.length === 0
        ? 'Rien d’autre n’attend : seules ces réponses sont à choisir.'
        : 'Vos autres réponses sont gardées sur cette page : elles seront enregistrées avec votre choix, quel qu’il soit.',
    garder:
      miens.length === 0
        ? { libelle: 'Garder ce qui est enregistré', href: adresse }
        : { libelle: 'Garder ce qui est enregistré', action: adresse, champs: renvoyer(miens) },
    remplacer: { libelle: 'Remplacer par ma saisie', action: adresse, champs: renvoyer(conflit.modifies) },
  })
}

/** POST: keeps what was typed, then goes where the button says. */
async function recevoir(requete: Requete, ecran: EcranFormulaire): Promise<Reponse> {
  const { dossier, formulaire, saisie, resultat } = await enregistrer(requete, ecran, false)
  if (resultat instanceof ConflitDeSaisie)
    return montrerConflit(requete, ecran, { dossier, formulaire, saisie, conflit: resultat })
  if (resultat instanceof Error) throw resultat
  const vers = champ(requete, 'vers')
  const ici = champ(requete, 'page') === TOUT ? TOUT : (saisie.groupes[0] ?? '')
  const [lu] = resultat.modele.groupes.filter(({ code }) => code === vers)
  const fautes = Object.keys(resultat.invalides).length
  // What could not be read is shown where it is, before going on.
  const surPlace = Object.keys(resultat.invalides).some((nom) =>
    champsDe(resultat.modele.groupes.filter(({ code }) => saisie.groupes.includes(code))).some(
      ({ code }) => code === nom.split('.')[0],
    ),
  )
  const groupe = vers === TOUT ? TOUT : surPlace || !lu ? ici : lu.code
  return redirection(`${adresseFormulaire(ecran, dossier, formulaire.id)}?groupe=${encodeURIComponent(groupe)}`, {
    texte: fautes === 0 ? 'Brouillon enregistré.' : 'Brouillon enregistré, avec des réponses à corriger.',
    ton: fautes === 0 ? 'tenu' : 'bientot',
  })
}

/** POST …/auto: keeps what is typed as it is typed, and gives back what the server computes of it. */
async function garder(requete: Requete, ecran: EcranFormulaire): Promise<Reponse> {
  const { resultat } = await enregistrer(requete, ecran, true)
  if (resultat instanceof Error) return { genre: 'json', valeur: { conflit: typo(resultat.message) } }
  const niveau = ecran.niveau
  const etat = completudeDe(resultat, niveau)
  const calcules = champsDe(resultat.modele.groupes).filter(({ genre }) => genre === 'calcul')
  const presents = await signalerPresence(requete.session, resultat.id)
  return {
    genre: 'json',
    valeur: {
      version: resultat.version,
      enregistre: typo(`Enregistré le ${formatInstant(resultat.modifie_a)}`),
      presents: presents.length === 0 ? '' : typo(`Ce formulaire est ouvert aussi par ${presents.join(', ')}.`),
      remplis: etat.remplis,
      total: etat.total,
      groupes: Object.fromEntries(
        etat.groupes.map(({ code, manque, ...groupe }) => [
          code,
          typo(ecrireEtat({ ...groupe, manque: manque.length })),
        ]),
      ),
      calculs: Object.fromEntries(
        calcules.map((un) => {
          const calcul = resultat.calculs.get(un.code) ?? { valeur: null, manque: [] }
          return [
            un.code,
            [typo(ecrireCalcul(un, calcul)), typo(ecrireManque(calcul.manque, un.formule !== undefined))],
          ]
        }),
      ),
    },
  }
}

/** GET …/pdf. */
async function telecharger(requete: Requete, ecran: EcranFormulaire): Promise<Reponse> {
  const { dossier, formulaire } = await ouvrir(requete, ecran)
  const { octets, code } = await telechargerFormulaire(
    requete.session,
    exigerCles(requete.application),
    dossier,
    formulaire.id,
    ecran.entete?.(dossier, formulaire),
  )
  const nom = `${code}-${dossier.reference}${formulaire.etat === 'signe' ? '' : '-brouillon'}.pdf`
  return { genre: 'fichier', nom, type: 'application/pdf', octets }
}

/** GET …/vierge: the same form, blank, as far as this person may see it. */
async function telechargerVierge(requete: Requete, ecran: EcranFormulaire): Promise<Reponse> {
  const { formulaire } = await ouvrir(requete, ecran)
  return {
    genre: 'fichier',
    nom: `${formulaire.code}-vierge.pdf`,
    type: 'application/pdf',
    octets: await imprimerVierge(formulaire.modele),
  }
}

/**
 * Pages of a kind of long form, at `/dossiers/:reference/<espace>/:formulaire`: fill or read, save, save as one types, download, blank form. Beginning, signing and
 * what follows stay with the module that owns it.
 */
export function routesFormulaire(ecran: EcranFormulaire): readonly Route[] {
  const chemin = `/dossiers/:reference/${ecran.espace}/:formulaire`
  const { lire, ecrire } = ecran.droits
  return [
    { methode: 'GET', chemin, droit: lire, traiter: (requete) => montrer(requete, ecran) },
    { methode: 'POST', chemin, droit: ecrire, traiter: (requete) => recevoir(requete, ecran) },
    { methode: 'POST', chemin: `${chemin}/auto`, droit: ecrire, traiter: (requete) => garder(requete, ecran) },
    {
      methode: 'GET',
      chemin: `${chemin}/pdf`,
      droit: lire,
      sortie: 'piece',
      traiter: (requete) => telecharger(requete, ecran),
    },
    {
      methode: 'GET',
      chemin: `${chemin}/vierge`,
      droit: lire,
      sortie: 'piece',
      traiter: (requete) => telechargerVierge(requete, ecran),
    },
  ]
}
