import { createElement, Fragment, type ReactElement, type ReactNode } from 'react'
import type { LettrePrete } from '#courriers'

type Morceaux = LettrePrete['objet']

/** Parts of a text in their order: they have no other identity. */
const suite = (parties: readonly ReactNode[]): ReactElement => createElement(Fragment, null, ...parties)

function Ecrit({ morceaux }: { morceaux: Morceaux }): ReactElement {
  return suite(morceaux.map(({ texte, gras }) => (gras ? createElement('b', null, texte) : texte)))
}

/** A letter as it would be printed, read on screen. Titles go under the heading of the card that holds it. */
export function Lettre({ lettre }: { lettre: LettrePrete }): ReactElement {
  return (
    <div className="lettre">
      <div className="lettre-tete">
        <address>
          <b>{lettre.expediteur.nom}</b>
          {lettre.expediteur.lignes.map((ligne) => (
            <span key={ligne}>{ligne}</span>
          ))}
        </address>
        <address className="lettre-fenetre">
          {suite(lettre.adresse.map((ligne) => createElement('span', null, ligne)))}
          {lettre.adresse.length === 1 && <em>Adresse à compléter</em>}
        </address>
      </div>
      {lettre.logo && <p className="note">Logo en haut à droite : {lettre.logo.texte}</p>}
      <h3>
        <Ecrit morceaux={lettre.objet} />
      </h3>
      {lettre.parties.map((partie, rang) => {
        const cle = `${rang} ${partie.genre}`
        if (partie.genre === 'liste') {
          const lignes = partie.lignes.map((ligne) => (
            <li key={ligne.map(({ texte }) => texte).join('')}>
              <Ecrit morceaux={ligne} />
            </li>
          ))
          return partie.ordonnee ? <ol key={cle}>{lignes}</ol> : <ul key={cle}>{lignes}</ul>
        }
        if (partie.genre === 'contact')
          return (
            <div key={cle} className="lettre-contact">
              <b>{partie.titre}</b>
              {partie.lignes.map((ligne) => (
                <span key={ligne}>{ligne}</span>
              ))}
            </div>
          )
        const Balise = partie.genre === 'titre' ? 'h4' : 'p'
        return (
          <Balise key={cle}>
            <Ecrit morceaux={partie.morceaux} />
          </Balise>
        )
      })}
      {lettre.signature && <p className="lettre-signature">{lettre.signature}</p>}
      <p className="note">{lettre.fin}</p>
      <p className="note">{lettre.pied}</p>
    </div>
  )
}
