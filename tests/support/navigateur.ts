import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from '@playwright/test'
import { HtmlValidate } from 'html-validate'

/** What the tests of screens share: one real browser, and what every page must satisfy. */
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Why the tests of screens cannot run here; false when they can. */
export const SANS_NAVIGATEUR = existsSync(CHROMIUM) ? false : `no browser at ${CHROMIUM}: set CHROMIUM_PATH`

const REGLES = ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** A browser that asks nothing of the network by itself. */
export function lancerNavigateur(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Rules of style are left out: the renderer writes `checked=""` and closes void elements. A page that refreshes itself does so without scripts only, and its links stop it. */
const validateur = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
  rules: { 'long-title': 'off', 'meta-refresh': 'off', 'require-sri': 'off' },
})

/** The page is valid HTML, without inline style nor script: the content security policy would silently drop them. */
export async function verifierHtml(nom: string, html: string): Promise<void> {
  const { results } = await validateur.validateString(html)
  assert.deepEqual(
    results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
    ),
    [],
    nom,
  )
  assert.doesNotMatch(html, / style=|<script(?! type="module" src=)|<style| on[a-z]+=/, nom)
}

/** Nothing of the page is beyond the width of its window. */
export async function verifierLargeur(page: Page, nom: string): Promise<void> {
  const deborde = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(deborde <= 0, `${nom} overflows by ${deborde} px`)
}

/**
 * The page breaks no rule of accessibility, WCAG 2.2 AA and the AAA contrasts included.
 * The rules run in the page itself rather than half in a blank one opened each time: no screen holds a frame, and it takes half the time.
 */
export async function verifierAccessibilite(page: Page, nom: string): Promise<void> {
  assert.equal(page.frames().length, 1, `${nom} holds a frame, whose content would not be read`)
  const { violations } = await new AxeBuilder({ page }).withTags(REGLES).setLegacyMode(true).analyze()
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${nom} ${id}: ${nodes[0]?.html}`),
    [],
  )
}
