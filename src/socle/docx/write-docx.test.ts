import assert from 'node:assert/strict'
import test from 'node:test'
import { fromBufferPromise } from 'yauzl'
import { writeDocx } from './index.ts'

async function readPart(bytes: Buffer, name: string): Promise<string> {
  const zip = await fromBufferPromise(bytes, {})
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== name) continue
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString('utf8')
  }
  throw new Error(`no part ${name}`)
}

const text = (value: string) => [{ text: value }]

test('a document keeps its structure: headings, lists, a table with a header row, French', async () => {
  const bytes = await writeDocx({
    title: 'Relevé',
    footer: 'Pied de page',
    blocks: [
      { kind: 'heading', level: 1, runs: text('Relevé de décisions') },
      { kind: 'paragraph', runs: [{ text: 'Un mot ' }, { text: 'important', bold: true }] },
      { kind: 'list', ordered: true, items: [text('Un'), text('Deux')] },
      { kind: 'list', ordered: true, items: [text('Recommence à un')] },
      { kind: 'table', header: ['Dossier', 'Avis'], rows: [['D-1', 'Favorable']] },
    ],
  })
  const body = await readPart(bytes, 'word/document.xml')
  assert.match(body, /<w:pStyle w:val="Heading1"\/>/)
  assert.match(body, /<w:b\/>.*?important/)
  assert.match(body, /<w:tblHeader\/>/)
  assert.equal(new Set([...body.matchAll(/<w:numId w:val="(\d+)"/g)].map(([, id]) => id)).size, 2, 'two ordered lists')
  assert.match(await readPart(bytes, 'word/styles.xml'), /<w:lang w:val="fr-FR"\/>/)
  assert.match(await readPart(bytes, 'docProps/core.xml'), /<dc:title>Relevé<\/dc:title>/)
})

test('lines are placed where the window of the envelope is: 110 mm and 50 mm', async () => {
  const bytes = await writeDocx({
    title: 'Lettre',
    blocks: [
      { kind: 'placed', x: 110, y: 50, width: 80, height: 32, lines: [text('Madame Morel'), text('71400 AUTUN')] },
    ],
  })
  const frames = [...(await readPart(bytes, 'word/document.xml')).matchAll(/<w:framePr [^>]*>/g)].map(
    ([frame]) => frame,
  )
  assert.equal(frames.length, 2)
  for (const frame of frames) assert.match(frame, /(?=.*w:x="6236")(?=.*w:y="2835")(?=.*Anchor="page")/)
})

test('what a person typed is text, and a character XML refuses does not break the file', async () => {
  const bytes = await writeDocx({
    title: 'T',
    blocks: [{ kind: 'paragraph', runs: text('<w:br/> & \u0007 {x} \uD800 fin') }],
  })
  const body = await readPart(bytes, 'word/document.xml')
  assert.match(body, /&lt;w:br\/&gt; &amp; {2}\{x\} {2}fin/)
})
