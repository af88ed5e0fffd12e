import assert from 'node:assert/strict'
import test from 'node:test'
import { Refus } from '#socle/errors'
import { buildZip } from '../tableur/zip-parts.ts'
import { readDocx, writeDocx } from './index.ts'

function docx(body: string, others: Readonly<Record<string, string>> = {}): Buffer {
  const parts = Object.entries({ 'word/document.xml': `<w:document>${body}</w:document>`, ...others })
  return buildZip(
    parts.map(([name, xml]) => {
      const content = Buffer.from(xml)
      return { name, content, compressed: content, method: 0 }
    }),
  )
}

test('the text of a document is read in order, and what it was written with is not a revision', async () => {
  const written = await writeDocx({
    title: 'T',
    blocks: [
      { kind: 'paragraph', runs: [{ text: 'Été & <loyer>' }] },
      { kind: 'paragraph', runs: [{ text: 'suite' }] },
    ],
  })
  const { text, revised } = await readDocx(written)
  assert.match(text, /Été & <loyer> suite/)
  assert.equal(revised, false)
})

test('what is struck out is not read, what follows a deleted paragraph mark is', async () => {
  const { text } = await readDocx(
    docx(
      '<w:p><w:del w:id="1"/><w:t>un</w:t></w:p><w:t>deux</w:t><w:del w:id="2"><w:t>raye</w:t></w:del><w:t>&#xe9;&#x110000;</w:t>',
    ),
  )
  assert.equal(text, 'un deuxé&#x110000;')
})

test('tracked changes and comments are told, wherever they stand', async () => {
  for (const body of ['<w:ins w:id="1"><w:t>x</w:t></w:ins>', '<w:rPr><w:del/></w:rPr>', '<w:moveFrom></w:moveFrom>'])
    assert.equal((await readDocx(docx(body))).revised, true, body)
  const comments = {
    'word/comments.xml': '<w:comments><w:comment w:id="0"><w:t>à revoir</w:t></w:comment></w:comments>',
  }
  assert.equal((await readDocx(docx('<w:t>x</w:t>', comments))).revised, true)
  assert.equal((await readDocx(docx('<w:t>x</w:t>', { 'word/comments.xml': '<w:comments/>' }))).revised, false)
})

test('a document made to be long to read is read or refused at once', async () => {
  const long = (xml: string) => readDocx(docx(xml.repeat(100_000)))
  const start = performance.now()
  await long('<w:del>')
  await long('<').catch((error) => assert.ok(error instanceof Refus))
  await long('<w:br ').catch((error) => assert.ok(error instanceof Refus))
  assert.ok(performance.now() - start < 2000, 'in the time of its length')
})
