import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReactElement } from 'react'
import { createRenderer } from '#socle/html'
import { Page, type ProprietesPage, rendre } from '../mise-en-page/index.tsx'
import {
  Bouton,
  BoutonPost,
  Champ,
  ChampMontant,
  EtapeJauge,
  Filtres,
  Formulaire,
  Icone,
  ResumeErreurs,
  Selection,
  Tableau,
} from './index.ts'

/** As written, before typography. */
const ecrire = createRenderer((text) => text)
const markup = (element: ReactElement): string => ecrire(element).html

const page: ProprietesPage = {
  titre: 'Dossiers',
  navigation: [
    { cle: 'a', libelle: 'À faire', sous: '3 actions', href: '/a-faire' },
    { cle: 'b', libelle: 'Accompagner', sous: 'les dossiers', href: '/dossiers' },
  ],
  courante: 'b',
  compte: { nom: 'Claire Dumontel', fonction: 'Secrétariat' },
  jeton: 'secret',
}

describe('page', () => {
  test('begins with a doctype, says its language, and skips to its content', () => {
    const html = rendre(<Page {...page} />)
    assert.match(html, /^<!DOCTYPE html><html lang="fr">/)
    assert.match(html, /<a class="evitement" href="#contenu">/)
    assert.match(html, /<main id="contenu"/)
    assert.match(html, /<title>Dossiers - Amont<\/title>/)
  })

  test('marks the current verb, and names the error first in the tab', () => {
    const html = rendre(<Page {...page} erreur />)
    assert.match(html, /<a href="\/dossiers" aria-current="page">/)
    assert.equal(html.match(/aria-current/g)?.length, 1)
    assert.match(html, /<title>Erreur\u00a0: Dossiers - Amont<\/title>/)
  })

  test('beyond seven verbs, the last ones wait behind « Plus », except the one where the reader is', () => {
    const verbes = (nombre: number) =>
      Array.from({ length: nombre }, (_, rang) => ({
        cle: `v${rang}`,
        libelle: `Verbe ${rang}`,
        sous: '',
        href: `/v${rang}`,
      }))
    const adresses = (html: string) => [...html.matchAll(/href="\/v(\d)"/g)].map(([, rang]) => Number(rang))
    const lire = (nombre: number, courante: string) => {
      const html = rendre(<Page {...page} navigation={verbes(nombre)} courante={courante} />)
      const [montres = '', autres = ''] = html.slice(0, html.indexOf('</nav>')).split('<summary>')
      return [adresses(montres), adresses(autres)]
    }
    assert.deepEqual(lire(7, 'v0'), [[0, 1, 2, 3, 4, 5, 6], []])
    assert.deepEqual(lire(9, 'v0'), [
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8],
    ])
    assert.deepEqual(lire(9, 'v8'), [
      [0, 1, 2, 3, 4, 8],
      [5, 6, 7],
    ])
  })

  test('composes French typography once for all, and leaves values alone', () => {
    const html = rendre(
      <Page {...page} titre="Est-ce lui ?">
        <Champ nom="q" libelle="Nom :" valeur="L'Orme : 3 ?" />
      </Page>,
    )
    assert.match(html, /<h1>Est-ce lui\u202f\?<\/h1>/)
    assert.match(html, /Nom\u00a0:<\/label>/)
    assert.match(html, /value="L&#x27;Orme : 3 \?"/)
  })

  test('writes each icon once, and only those it uses', () => {
    const html = rendre(
      <Page {...page}>
        <Icone nom="juge" />
        <Icone nom="juge" />
      </Page>,
    )
    assert.equal(html.match(/<symbol id="i-juge"/g)?.length, 1)
    assert.doesNotMatch(html, /<symbol id="i-corbeille"/)
  })

  test('a name that looks like markup stays a name', () => {
    const html = rendre(
      <Page {...page} titre={'<script>alert("a")</script>'} fil={[{ libelle: '<img src=x onerror=alert(1)>' }]} />,
    )
    assert.doesNotMatch(html, /<script>|<img/)
  })

  test('a message offers the way back as a form with the token', () => {
    const html = rendre(
      <Page
        {...page}
        message={{ texte: 'Rattaché.', defaire: { action: '/defaire', libelle: 'Défaire', champs: { lien: '12' } } }}
      />,
    )
    assert.match(html, /role="status"/)
    assert.match(
      html,
      /<form class="en-ligne" action="\/defaire" method="post"><input type="hidden" name="_jeton" value="secret"\/><input type="hidden" name="lien" value="12"\/>/,
    )
  })

  test('without an account there is neither search nor menu', () => {
    const html = rendre(<Page {...page} compte={null} navigation={[]} />)
    assert.doesNotMatch(html, /deconnexion|type="search"/)
  })
})

describe('fields', () => {
  test('a label, its help and its error are tied to the control', () => {
    const html = markup(<Champ nom="code" libelle="Code" aide="Six chiffres." erreur="Il manque le code." />)
    assert.match(html, /<label for="c-code">Code<\/label>/)
    assert.match(html, /aria-invalid="true" aria-describedby="c-code-aide c-code-erreur"/)
    assert.match(html, /id="c-code-erreur"/)
    assert.match(html, / required=""/)
  })

  test('an optional field says so; a filter says nothing', () => {
    assert.match(markup(<Champ nom="a" libelle="Note" facultatif />), /\(facultatif\)/)
    const filtre = markup(<Selection nom="a" libelle="Parc" libre vide="Tous" options={[]} />)
    assert.doesNotMatch(filtre, /facultatif|required/)
    assert.match(filtre, /<option value="" selected="">Tous<\/option>/)
  })

  test('an amount is written in euros from cents; what was typed wrong comes back as typed', () => {
    assert.match(markup(<ChampMontant nom="m" libelle="Montant" valeur={162005} />), /value="1620,05"/)
    assert.match(markup(<ChampMontant nom="m" libelle="Montant" valeur="1.250,5O" erreur="Non" />), /value="1\.250,5O"/)
  })

  test('the summary of errors takes the focus and leads to each field', () => {
    const html = markup(
      <ResumeErreurs erreurs={[{ nom: 'code', message: 'Il manque le code.' }, { message: 'Recommencer.' }]} />,
    )
    assert.match(html, /tabindex="-1" autofocus=""|autofocus="" tabindex="-1"/i)
    assert.match(html, /<a href="#c-code">Il manque le code\.<\/a>/)
    assert.match(html, /<li>Recommencer\.<\/li>/)
    assert.equal(markup(<ResumeErreurs erreurs={[]} />), '')
  })

  test('a form that carries files says so', () => {
    assert.match(
      markup(
        <Formulaire action="/x" jeton="j" fichiers>
          a
        </Formulaire>,
      ),
      /enctype="multipart\/form-data"/i,
    )
  })

  test('an act of one button is a form; a link stays a link', () => {
    assert.match(
      markup(
        <BoutonPost action="/x" jeton="j" genre="destructeur">
          Retirer
        </BoutonPost>,
      ),
      /method="post"><input type="hidden" name="_jeton" value="j".*class="b b-d" type="submit"/,
    )
    assert.match(markup(<Bouton href="/y">Voir</Bouton>), /^<a class="b" href="\/y">Voir<\/a>$/)
  })
})

describe('lists', () => {
  const colonnes = [
    { cle: 'nom', titre: 'Nom', triable: true, principale: true, rendre: (nom: string) => nom },
    { cle: 'dette', titre: 'Dette', triable: true, numerique: true, rendre: () => '1' },
  ]
  const lien = (cle: string, sens: string) => `?tri=${cle}&sens=${sens}`

  test('the sorted column says its order, and its link turns it round', () => {
    const html = markup(
      <Tableau
        legende="Liste"
        colonnes={colonnes}
        lignes={['a']}
        cle={String}
        tri={{ cle: 'dette', sens: 'croissant', lien }}
      />,
    )
    assert.match(html, /<th scope="col" class="num" aria-sort="ascending"><a href="\?tri=dette&amp;sens=decroissant">/)
    assert.match(html, /<a href="\?tri=nom&amp;sens=croissant">/)
    assert.equal(html.match(/aria-sort/g)?.length, 1)
  })

  test('each row is named by its main cell, and its box says whom it chooses', () => {
    const html = markup(
      <Tableau
        legende="Liste"
        colonnes={colonnes}
        lignes={['ORSETTI', 'TREMBLAT']}
        cle={String}
        selection={{ nom: 'd', valeur: String, libelle: String, choisies: new Set(['ORSETTI']) }}
      />,
    )
    assert.match(html, /<th scope="row" class="principal">ORSETTI<\/th>/)
    assert.match(
      html,
      /value="ORSETTI" checked=""\/?>|checked="" name="d" value="ORSETTI"|name="d" checked="" value="ORSETTI"/,
    )
    assert.match(html, /Choisir TREMBLAT/)
    assert.equal(html.match(/checked=""/g)?.length, 1)
  })

  test('an empty table keeps its headers and says why', () => {
    const html = markup(
      <Tableau legende="Liste" colonnes={colonnes} lignes={[]} cle={String} vide="Aucun dossier à Autun." />,
    )
    assert.match(html, /Aucun dossier à Autun\./)
    assert.match(html, /<th scope="col"/)
  })

  test('the last line carries totals under their columns', () => {
    const html = markup(
      <Tableau
        legende="Liste"
        colonnes={[
          { cle: 'a', titre: 'A', rendre: String, pied: 'Total' },
          { cle: 'b', titre: 'B', rendre: String },
          { cle: 'c', titre: 'C', rendre: String, numerique: true, pied: '12' },
        ]}
        lignes={['x']}
        cle={String}
      />,
    )
    assert.match(html, /<tfoot><tr><th scope="row" colSpan="2">Total<\/th><td class="num">12<\/td><\/tr><\/tfoot>/i)
  })

  test('filters are sent in the address, keep the view, and each can be taken off', () => {
    const html = markup(
      <Filtres
        action="/dossiers"
        libelle="Filtrer"
        resultat="3 dossiers"
        champs={{ vue: '2' }}
        actifs={[{ libelle: 'Parc : privé', retirer: '/dossiers?vue=2' }]}
      >
        <Champ nom="q" libelle="Nom" libre />
      </Filtres>,
    )
    assert.match(html, /action="\/dossiers#resultats" method="get"/)
    assert.match(html, /<input type="hidden" name="vue" value="2"\/>/)
    assert.match(
      html,
      /<p id="resultats" tabindex="-1"><b>3 dossiers<\/b> pour :<\/p><a href="\/dossiers\?vue=2">Parc : privé/i,
    )
    assert.doesNotMatch(html, /_jeton/)
  })

  test('the stage is drawn and said', () => {
    const html = rendre(
      <Page {...page}>
        <EtapeJauge rang={3} libelle="Assignation" />
        <EtapeJauge rang={3} libelle="Audience" />
      </Page>,
    )
    const [, dessin = ''] = /<symbol id="j-3"[^>]*>(.*?)<\/symbol>/.exec(html) ?? []
    assert.equal(dessin.match(/class="etape-faite"/g)?.length, 3)
    assert.equal(dessin.match(/class="etape-reste"/g)?.length, 4)
    assert.equal(html.match(/<use href="#j-3">/g)?.length, 2)
    assert.equal(html.match(/<symbol id="j-/g)?.length, 1)
    assert.match(html, /Assignation<span class="sr">, étape 3 sur 7<\/span>/)
  })
})
