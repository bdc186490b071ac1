// SPDX-License-Identifier: GPL-3.0-or-later
// The conformance suite imports `globSync` from node:fs, which Node has from version 22 on. On an older one this module, given
// to node with --import, serves the suite an `fs` that has it. The suite uses it to find scenario files of its own.
import * as fs from 'node:fs';
import { register } from 'node:module';

if (!fs.globSync) {
  const names = Object.keys(fs).filter((name) => name !== 'default' && name !== 'globSync');
  const source = [
    "import fs from 'node:fs';",
    `export const { ${names.join(', ')} } = fs;`,
    'export const globSync = () => [];',
    'export default Object.assign(Object.create(fs), { globSync });',
  ].join('\n');
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  const hooks = `
    export async function resolve(specifier, context, next) {
      const wanted = specifier === 'fs' || specifier === 'node:fs';
      return wanted && !context.parentURL?.startsWith('data:') ? { url: ${JSON.stringify(url)}, shortCircuit: true }
                                                               : next(specifier, context);
    }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
