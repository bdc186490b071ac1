// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the official conformance suite's client scenarios against conformance-client, each for the revisions it applies to.
// TAP on standard output. Every check of a scenario must be a success; a check that is skipped is named.
//   node run.mjs CONFORMANCE-CLIENT [SCENARIO...]
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const suite = join(here, '..', 'e2e', 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
const LEGACY = '2025-11-25', MODERN = '2026-07-28';

const scenarios = [
  ['initialize', [LEGACY]],
  ['tools_call', [LEGACY, MODERN]],
  ['sse-retry', [LEGACY]],
  ['request-metadata', [MODERN]],
  ['http-standard-headers', [MODERN]],
  ['http-custom-headers', [MODERN]],
  ['http-invalid-tool-headers', [MODERN]],
  ['json-schema-ref-no-deref', [MODERN]],
  ['json-schema-2020-12-preservation', [LEGACY, MODERN]],
];

function run(client, scenario, revision, folder) {
  const args = ['--import', pathToFileURL(join(here, 'node20-shim.mjs')).href, suite, 'client', '--command', client,
                '--scenario', scenario, '--spec-version', revision, '--timeout', '60000', '-o', folder];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 120000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: error ? error.code ?? -1 : 0, output: stdout + stderr });
    });
  });
}

function readChecks(folder) {
  for (const entry of readdirSync(folder, { recursive: true }))
    if (entry.endsWith('checks.json')) return JSON.parse(readFileSync(join(folder, entry), 'utf8'));
  return [];
}

function readErrors(folder) {
  return readdirSync(folder, { recursive: true }).filter((entry) => entry.endsWith('stderr.txt'))
    .map((entry) => readFileSync(join(folder, entry), 'utf8')).join('\n');
}

function diagnose(text) {
  for (const line of text.trim().split('\n')) console.log(`# ${line}`);
}

let number = 0, failures = 0;

async function judge(client, scenario, revision) {
  const folder = mkdtempSync(join(tmpdir(), 'via-conformance-'));
  try {
    const { status, output } = await run(client, scenario, revision, folder);
    const checks = readChecks(folder);
    const bad = checks.filter((check) => check.status === 'FAILURE' || check.status === 'WARNING');
    const passed = checks.filter((check) => check.status === 'SUCCESS');
    const good = status === 0 && bad.length === 0 && passed.length > 0;
    console.log(`${good ? 'ok' : 'not ok'} ${++number} - ${scenario} ${revision} (${passed.length}/${passed.length + bad.length})`);
    for (const check of checks.filter((one) => one.status === 'SKIPPED')) diagnose(`skipped: ${check.name}`);
    if (good) return;
    failures++;
    for (const check of bad) diagnose(`${check.status} ${check.id} ${check.name}: ${check.errorMessage ?? check.description}`);
    diagnose(readErrors(folder));
    diagnose(output.replace(/\x1b\[\d*m/g, '').slice(-1500));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [program, ...wanted] = process.argv.slice(2);
for (const [scenario, revisions] of scenarios) {
  if (wanted.length > 0 && !wanted.includes(scenario)) continue;
  // One after another: sse-retry measures time.
  for (const revision of revisions) await judge(resolve(program), scenario, revision);
}
console.log(`1..${number}`);
process.exit(failures > 0 ? 1 : 0);
