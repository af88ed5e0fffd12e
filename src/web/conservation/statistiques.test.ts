import assert from 'node:assert/strict'
import test from 'node:test'
import type { StatistiqueEffacee } from '#conservation'
import { compterEffaces } from './statistiques.tsx'

const un = (
  annee: number,
  mesure: string,
  detail: string,
  nombre: number,
  territoire = 'autun',
): StatistiqueEffacee => ({
  annee,
  mesure,
  detail,
  territoire,
  parc: 'prive',
  nombre,
})
const lire = (statistiques: readonly StatistiqueEffacee[]) =>
  compterEffaces(statistiques, 5).map(({ annee, libelle, nombre }) => [annee, libelle, nombre])

test('[ACC-14] what is left of erased dossiers is counted by year, territories added up, in words', () => {
  assert.deepEqual(
    lire([
      un(2020, 'dossier.ouvert', '', 7),
      un(2020, 'dossier.ouvert', '', 6, 'macon'),
      un(2021, 'dossier.clos', 'plan_tenu', 8),
      un(2021, 'dossier.etape', 'assignation', 8),
      un(2021, 'fait', 'contact.abouti', 12),
    ]),
    [
      [2021, 'Dossiers clos', 8],
      [2021, 'Clos : Plan d’apurement tenu', 8],
      [2021, 'Clos à l’étape « Assignation »', 8],
      [2021, 'Contacts aboutis', 12],
      [2020, 'Dossiers ouverts', 13],
    ],
  )
})

test('[ACC-14] a small number is not shown, nor another that would give it back', () => {
  const comptes = lire([
    un(2020, 'dossier.clos', 'plan_tenu', 20),
    un(2020, 'dossier.clos', 'depart_avec_cles', 2),
    un(2020, 'dossier.etape', 'assignation', 22),
  ])
  const caches = comptes.filter(([, , nombre]) => nombre === null).map(([, libelle]) => libelle)
  assert.ok(caches.length >= 2, 'shown alone, the whole and the other outcome give it back')
  assert.ok(caches.some((libelle) => String(libelle).startsWith('Clos : ')))
})
