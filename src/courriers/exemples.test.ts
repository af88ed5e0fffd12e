import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { accesDe } from '#acces'
import { motConnaissable } from '#dossiers'
import {
  chargerReferentiel,
  conditionDe,
  EXPEDITEURS_COURRIER,
  VARIABLES_COURRIER,
  type VariableCourrier,
} from '#referentiel'
import { projectRoot } from '#socle/config'
import { composerLettre, ecrireMessage, ecrireTexte, type FaitsCourrier, variantes } from './composer.ts'

const racine = join(projectRoot, 'donnees')
const referentiel = chargerReferentiel(racine)
const contacts = referentiel.departements.get('71')?.contacts ?? []
const LIEU = { codeInsee: '71014', territoire: 'autun', tribunal: 'Tribunal judiciaire de Mâcon' }
const noms = Object.keys(VARIABLES_COURRIER) as VariableCourrier[]
const tous = Object.fromEntries(noms.map((nom) => [nom, VARIABLES_COURRIER[nom].exemple])) as FaitsCourrier
const rares = Object.fromEntries(
  noms.map((nom) => {
    const { facultative, exemple } = VARIABLES_COURRIER[nom]
    return [nom, facultative ? null : exemple.startsWith(', ') ? '' : exemple]
  }),
) as FaitsCourrier
const plat = (texte: string): string => texte.replaceAll(/\s/g, ' ').toLowerCase()
const modeles = [...referentiel.courriers.values()]

describe('Les courriers livrés', () => {
  for (const modele of modeles) {
    const numeros = [modele.numero, ...(modele.aussi ?? [])].map((numero) => `[${numero}]`).join(' ')
    for (const variante of variantes) {
      if (variante === 'facile' && modele.facile === null) continue
      test(`${numeros} ${modele.code}, ${variante}: the letter reads as it was reviewed, with its mandatory statements`, () => {
        const chemin = join(racine, 'courriers', modele.code, `exemple-${variante}.txt`)
        const lettre = composerLettre(modele, variante, tous, contacts, LIEU)
        const lisible = modele.forme === 'message' ? ecrireMessage(lettre) : ecrireTexte(lettre)
        const rendu = `${lisible.replaceAll(/[\u00a0\u202f]/g, ' ')}\n`
        // After a change of the text: `AMONT_ECRIRE_EXEMPLES=oui` writes the files, and the diff is reviewed.
        if (process.env.AMONT_ECRIRE_EXEMPLES === 'oui') writeFileSync(chemin, rendu)
        assert.equal(rendu, readFileSync(chemin, 'utf8'))
        for (const { texte } of modele.mentions) assert.ok(plat(rendu).includes(plat(texte)), texte)
      })
      test(`${numeros} ${modele.code}, ${variante}: what nobody said leaves no hole and no statement out`, () => {
        for (const sans of [contacts, []]) {
          const texte = ecrireTexte(composerLettre(modele, variante, rares, sans, { ...LIEU, tribunal: null }))
          assert.doesNotMatch(texte, /\{|\}|undefined|\bnull\b| ,|\( |\s\.|——|\*\*/)
          for (const { texte: mention } of modele.mentions) assert.ok(plat(texte).includes(plat(mention)), mention)
        }
      })
    }
  }

  test('no letter agrees with its reader, who may be one person or two', () => {
    for (const { code, textes } of modeles)
      assert.doesNotMatch(
        `${textes.corps} ${textes.facile ?? ''}`,
        /\bvous (?:êtes|serez|étiez) \p{L}+(?:é|i|u)\b(?!\p{L})/iu,
        code,
      )
  })

  /** What a requirement asks the letter to say, whatever is known of the dossier. */
  const dit = (code: string, ...attendus: readonly RegExp[]): void => {
    const modele = referentiel.courriers.get(code)
    assert.ok(modele, code)
    for (const faits of [tous, rares]) {
      const texte = ecrireTexte(composerLettre(modele, 'courant', faits, contacts, LIEU)).replaceAll(/\s/g, ' ')
      for (const attendu of attendus) assert.match(texte, attendu)
    }
  }
  test('[COU-01] a landlord who signs with the ANAH reads its rights, its duties, and what to do at the first unpaid rent', () =>
    dit('bailleur-conventionne-anah', /Vous avez droit au paiement/i, /obligations/i, /Signaler l’impayé/i))
  test('[COU-02] a landlord is told of its duties, of the ADIL and of a plan', () =>
    dit('bailleur-impaye', /obligation/i, /ADIL/i, /plan de remboursement/i))
  test('[COU-03] a household without housing aid is asked to make contact, and told what help exists', () =>
    dit('menage-impaye', /aide à la dette|aide pour la dette/i, /ADIL/i))
  test('[COU-04] after the order to pay, a landlord is told of its rights and of who helps with a plan', () =>
    dit('bailleur-commandement', /Vos droits/i, /plan/i, /ADIL/i))
  test('[COU-05] a household whose guarantee paid is told to pay the rent again and to refund it', () =>
    dit('menage-visale', /rembourser/i, /[Rr]eprendre le paiement du loyer/i))
  test('[COU-06] a household ordered to pay is told of the services that help: social service, ADIL, CCAS, CAF', () =>
    dit('menage-commandement', /Service social/i, /ADIL/i, /CCAS/i, /CAF/i))
  test('[COU-07] a household is asked to come to the hearing, and told of the services that help', () =>
    dit('menage-assignation', /venez à l’audience/i, /Service social/i, /ADIL/i, /CCAS/i, /CAF/i))
  test('[COU-08] the letter of annex 5 says what is at stake, what to bring, and legal aid before the hearing', () =>
    dit(
      'menage-assignation',
      /expulsion/i,
      /justificatifs/i,
      /aide juridictionnelle/i,
      /avant l’audience/i,
      /trois|Centres/i,
    ))
  test('[COU-09] a household given time by the judge is sent to the ADIL to understand the judgment', () =>
    dit('menage-jugement-delais', /comprendre votre jugement/i, /ADIL/i))
  test('[COU-10] the letter after the order to leave says it is urgent, and how to go to the commission of mediation', () =>
    dit('menage-quitter-les-lieux', /C’est urgent/i, /commission de médiation/i, /DALO/i))
  test('[COU-17] the social service offers itself, at home if need be, and says it will call too', () =>
    dit('departement-menage-commandement', /travailleur social/i, /chez vous/i, /essaierons aussi de vous appeler/i))
  test('[COU-18] the social service offers itself before the hearing, at home if need be', () =>
    dit('departement-menage-assignation', /travailleur social/i, /chez vous/i, /audience/i))
  test('[COU-19] the social service offers to look for another home, a shelter, or a way to stay', () =>
    dit('departement-menage-quitter-les-lieux', /reloger/i, /hébergement/i, /rester/i))
  test('[COU-20] the social service offers an appointment before the prefect decides', () =>
    dit('departement-menage-enquete', /préfet n’a pas encore décidé/i, /choisirons ensemble un jour|vous rencontrer/i))
  test('[COU-28] a landlord is told to report unpaid rents, to write a plan early, of the FSL, and of July', () =>
    dit('caisse-bailleur-ouverture', /signaler/i, /plan de remboursement/i, /FSL/i, /juillet/i))
  test('[COU-29] landlords are told of the two services online', () =>
    dit('caisse-bailleur-services', /guide du bailleur/i, /offre bailleurs/i, /en ligne/i))
  test('[COU-30] a landlord who manages alone is told who helps to write the plan', () =>
    dit('caisse-bailleur-impaye', /obligations/i, /gérez seul/i, /ADIL/i))
  test('[COU-31] a fragile landlord is asked for a plan within six months', () =>
    dit('caisse-bailleur-plan', /dans les six mois/i, /plan/i))
  test('[COU-32] a household that signed a plan is told why keeping it matters', () =>
    dit('caisse-menage-plan-signe', /ce que le plan protège/i, /Appelez avant la date/i))
  test('[COU-34] the ADIL offers an appointment to a household it knows', () =>
    dit('adil-menage-rendez-vous', /Vous nous connaissez/i, /choisirons ensemble un jour|vous rencontrer/i))
  test('[COU-35] the ADIL asks a household it knows to act, and says whom to turn to', () =>
    dit('adil-menage-quitter-les-lieux', /À faire cette semaine/i, /service social/i))
  test('[COU-38] Action Logement sends the household to the ADIL, before the hearing and after the judgment', () =>
    dit('action-logement-menage-adil', /Avant l’audience/i, /Après le jugement/i, /Appeler l’ADIL/i))
  test('[COU-39] the visit at home is announced, and may be refused', () =>
    dit('association-menage-visite', /venir chez vous/i, /accepter ou refuser/i))
  test('[COU-40] a landlord asks about difficulties, arranges payment, tells what help exists', () =>
    dit('bailleur-social-menage-impaye', /difficultés/i, /petites sommes/i, /aides possibles/i))
  test('[COU-46] the household is told how the day goes, of its furniture, of 115 and of last resorts', () =>
    dit('association-menage-concours', /Comment se passe/i, /meubles/i, /115/i, /derniers recours/i))

  test('[COU-03] every letter to a household says that help is free, and whom to turn to', () => {
    for (const modele of modeles.filter(({ destinataire }) => destinataire === 'menage')) {
      for (const variante of variantes) {
        const texte = ecrireTexte(composerLettre(modele, variante, rares, contacts, LIEU))
        assert.match(texte, /gratuit/i, modele.code)
        assert.match(texte, /ADIL|[Ss]ervice social|Appelez|Répondez à ce message/, modele.code)
      }
    }
  })

  test('[ACC-07] no trigger reads what its sender may not know', () => {
    for (const modele of modeles) {
      const { types, role } = EXPEDITEURS_COURRIER[modele.expediteur]
      for (const type of types) {
        const acces = accesDe(referentiel.matrice, type, role)
        for (const mot of conditionDe(modele)?.mots ?? [])
          assert.ok(motConnaissable(acces, mot), `${modele.code}: ${type} does not read ${mot}`)
      }
    }
  })

  test('[ACC-01] every sender of a letter holds the rights to re-read and send it, and nobody else does', () => {
    const envoient = new Set<string>(
      modeles.flatMap(({ expediteur }) =>
        EXPEDITEURS_COURRIER[expediteur].types.map((type) => `${type} ${expediteur}`),
      ),
    )
    for (const [expediteur, { types, role }] of Object.entries(EXPEDITEURS_COURRIER))
      for (const type of types)
        for (const droit of ['courrier.consulter', 'courrier.envoyer'] as const)
          assert.equal(
            accesDe(referentiel.matrice, type, role).droits.has(droit),
            envoient.has(`${type} ${expediteur}`),
            `${type} ${droit}`,
          )
    for (const type of ['ccas', 'fsl', 'siao', 'mandataire', 'mairie', 'commissaires_de_justice', 'union_bailleurs'])
      for (const role of ['service_social', 'partenaire', 'maire', 'emetteur', 'pilote'] as const)
        assert.ok(!accesDe(referentiel.matrice, type, role).droits.has('courrier.consulter'), `${type} ${role}`)
  })

  test('[COU-37] a message names nobody and says no word of the procedure: a telephone is read over a shoulder', () => {
    const message = referentiel.courriers.get('action-logement-message')
    assert.ok(message)
    for (const faits of [tous, rares]) {
      const texte = ecrireMessage(composerLettre(message, 'courant', faits, contacts, LIEU))
      assert.doesNotMatch(texte, /Morel|Tilleuls|dette|impay|expuls|tribunal|€/i)
      assert.ok(texte.length <= 306, `two text messages at most, not ${texte.length} characters`)
    }
  })

  test('every folder of a letter is one of the letters read', () => {
    const dossiers = readdirSync(join(racine, 'courriers'), { withFileTypes: true }).filter((un) => un.isDirectory())
    assert.deepEqual(dossiers.map(({ name }) => name).toSorted(), [...referentiel.courriers.keys()].toSorted())
  })

  test('a court chooses its own contact for access to law', () => {
    const assignation = referentiel.courriers.get('menage-assignation')
    assert.ok(assignation)
    const ecrire = (tribunal: string | null) =>
      ecrireTexte(composerLettre(assignation, 'courant', tous, contacts, { ...LIEU, tribunal }))
    assert.match(ecrire('Tribunal judiciaire de Mâcon'), /06\s40\s48\s40\s23/)
    assert.match(ecrire('TJ CHALON-SUR-SAONE'), /06\s40\s48\s52\s86/)
    assert.doesNotMatch(ecrire(null), /06\s40\s48/, 'without a court, no number is guessed')
  })
})
