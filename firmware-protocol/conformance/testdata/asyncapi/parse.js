// SPDX-License-Identifier: EUPL-1.2

// Parses the AsyncAPI document on standard input, prints what is wrong with it, and
// fails if anything is. Governance advice ("information", "hint") is not a fault.
import { Parser } from '@asyncapi/parser'
import { readFileSync } from 'node:fs'

const { document, diagnostics } = await new Parser().parse(readFileSync(0, 'utf8'))
let faults = 0
for (const d of diagnostics) {
  if (d.severity > 1) continue
  faults++
  console.log(`${d.range.start.line + 1}: ${d.path.join('.')}: ${d.message}`)
}
if (!document) console.log('no document')
else console.log(`${document.version()}: ${document.channels().length} channels, ${document.operations().length} operations, ${document.messages().length} messages`)
process.exit(document && faults === 0 ? 0 : 1)
