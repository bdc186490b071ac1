// SPDX-License-Identifier: GPL-3.0-or-later
// Against servers that nobody here wrote: every tool that needs no client capability is called twice, once by the official
// client and once by `via`, and both must have received the same. TAP on standard output.
//   node peers.mjs PEER    with VIA in the environment
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, 'node_modules', '@modelcontextprotocol');
const everything = join(packages, 'server-everything', 'dist', 'index.js');
const modern = join(here, 'modern-server.mjs');
const via = process.env.VIA;

// Arguments for tools that need some; every other tool is called with {}.
const everythingCalls = {
  echo: { message: 'Grüße, 世界 "quoted"' },
  'get-annotated-message': { messageType: 'error', includeImage: true },
  'get-resource-links': { count: 2 },
  'get-structured-content': { location: 'Chicago' },
  'get-sum': { a: 2, b: 3.5 },
  'gzip-file-as-resource': { name: 'a.gz', data: 'data:text/plain,hello', outputType: 'resource' },
  'trigger-long-running-operation': { duration: 1, steps: 2 },
  'simulate-research-query': { topic: 'bridges' },
};
const filesystemCalls = (folder) => ({
  read_file: { path: join(folder, 'a.txt') },
  read_text_file: { path: join(folder, 'a.txt'), head: 1 },
  read_media_file: { path: join(folder, 'dot.png') },
  read_multiple_files: { paths: [join(folder, 'a.txt'), join(folder, 'missing.txt')] },
  write_file: { path: join(folder, 'written.txt'), content: 'written\n' },
  edit_file: { path: join(folder, 'a.txt'), edits: [{ oldText: 'two', newText: '2' }], dryRun: true },
  create_directory: { path: join(folder, 'new') },
  list_directory: { path: folder },
  list_directory_with_sizes: { path: folder },
  directory_tree: { path: folder },
  move_file: { source: join(folder, 'missing.txt'), destination: join(folder, 'x.txt') },
  search_files: { path: folder, pattern: '*.txt' },
  get_file_info: { path: join(folder, 'a.txt') },
});
const memoryCalls = {
  create_entities: { entities: [{ name: 'Ada', entityType: 'person', observations: ['wrote programs'] }] },
  create_relations: { relations: [{ from: 'Ada', to: 'Ada', relationType: 'knows' }] },
  add_observations: { observations: [{ entityName: 'Nobody', contents: ['x'] }] },
  delete_entities: { entityNames: ['Nobody'] },
  delete_observations: { deletions: [] },
  delete_relations: { relations: [] },
  search_nodes: { query: 'Ada' },
  open_nodes: { names: ['Ada'] },
};
const modernCalls = {
  echo: { message: 'Zürich' },
  add: { a: 1, b: 2 },
  header_tool: { region: 'Zürich', n: 42, q: 'x' },
  'header-tool': { region: 'Zürich', n: 42, q: 'x' },
};

// What differs from one run to the next for reasons of the server's own.
const unstable = new Set(['get-env', 'get_file_info', 'list_directory_with_sizes']);

const peers = {
  everything: () => ({ command: [process.execPath, everything, 'stdio'], calls: everythingCalls }),
  'everything-http': async () => {
    const port = await freePort();
    return { serve: [process.execPath, everything, 'streamableHttp'], env: { PORT: String(port) }, calls: everythingCalls,
             url: `http://127.0.0.1:${port}/mcp` };
  },
  filesystem: (folder) => {
    writeFileSync(join(folder, 'a.txt'), 'one\ntwo\nthree\n');
    writeFileSync(join(folder, 'dot.png'), Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'));
    return { command: [process.execPath, join(packages, 'server-filesystem', 'dist', 'index.js'), folder], calls: filesystemCalls(folder) };
  },
  memory: (folder) => ({ command: [process.execPath, join(packages, 'server-memory', 'dist', 'index.js')],
                         env: { MEMORY_FILE_PATH: join(folder, 'ours.jsonl') },
                         referenceEnv: { MEMORY_FILE_PATH: join(folder, 'theirs.jsonl') }, calls: memoryCalls }),
  modern: () => ({ command: [process.execPath, modern], calls: modernCalls, modern: true }),
  'modern-http': async () => {
    const port = await freePort();
    return { serve: [process.execPath, modern, 'http', String(port)], calls: modernCalls, url: `http://127.0.0.1:${port}/mcp`, modern: true };
  },
};

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilListening(url) {
  for (let i = 0; i < 200; i++) {
    try {
      await fetch(url, { method: 'GET', headers: { accept: 'text/plain' } });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`nothing listens on ${url}`);
}

function run(home, ...args) {
  return new Promise((resolve) => {
    const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, VIADUCT_CONFIG: join(home, 'bridges.yaml') };
    execFile(via, ['--json', ...args], { env, timeout: 60000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      let answer = null;
      try { answer = JSON.parse(stdout); } catch { /* said by the comparison */ }
      resolve({ status: error ? error.code : 0, answer, stdout, stderr });
    });
  });
}

let number = 0, failures = 0;
function report(good, name, detail) {
  number++;
  if (!good) failures++;
  console.log(`${good ? 'ok' : 'not ok'} ${number} - ${name}`);
  if (!good && detail) console.log(String(detail).split('\n').map((line) => `# ${line}`).join('\n'));
}

function expected(result) {
  // What the modern era adds to every result is the protocol's, not the tool's.
  const { _meta, resultType, ...rest } = result;
  return JSON.parse(JSON.stringify(rest).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<session>')
    .replace(/\d{1,2}:\d\d:\d\d [AP]M/g, '<time>'));
}

async function compareCall(client, home, name, args) {
  let theirs, refusal;
  try {
    theirs = expected(await client.callTool({ name, arguments: args }));
  } catch (error) {
    refusal = error;
  }
  const ours = await run(home, 'execute', 'peer', name, JSON.stringify(args), '--timeout', '30');
  if (refusal) {
    report(ours.status === 1 && ours.answer?.success === false, `${name}: refused alike`, `${refusal}\n${ours.stdout}${ours.stderr}`);
    return;
  }
  const data = ours.answer?.data && expected(ours.answer.data);
  const status = theirs.isError ? 1 : 0;
  const same = unstable.has(name) ? data?.content?.length === theirs.content.length : isDeepStrictEqual(data, theirs);
  report(same && ours.status === status, `${name}: same result`,
         `exit ${ours.status}, expected ${status}\nofficial: ${JSON.stringify(theirs).slice(0, 600)}\nvia: ${(ours.stdout + ours.stderr).slice(0, 600)}`);
}

async function main(name) {
  const folder = mkdtempSync(join(tmpdir(), 'via-peer-')), home = join(folder, 'home'), data = join(folder, 'data');
  mkdirSync(home);
  mkdirSync(data);
  const peer = await peers[name](data);
  const env = peer.env ? `, env: ${JSON.stringify(peer.env)}` : '';
  writeFileSync(join(home, 'bridges.yaml'), peer.url
    ? `bridges:\n  peer:\n    endpoint: "${peer.url}"\n`
    : `bridges:\n  peer: {command: ${JSON.stringify(peer.command)}${env}}\n`);
  const server = peer.serve && spawn(peer.serve[0], peer.serve.slice(1), { env: { ...process.env, ...peer.env }, stdio: 'ignore' });
  const client = new Client({ name: 'reference', version: '1.0.0' },
                            { capabilities: {}, ...(peer.modern ? { versionNegotiation: { mode: 'auto' } } : {}) });
  try {
    if (peer.url) await untilListening(peer.url);
    await client.connect(peer.url ? new StreamableHTTPClientTransport(new URL(peer.url))
      : new StdioClientTransport({ command: peer.command[0], args: peer.command.slice(1), env: { ...process.env, ...(peer.referenceEnv ?? peer.env) }, stderr: 'ignore' }));
    const tools = [];
    for (let cursor; ;) {
      const page = await client.listTools(cursor === undefined ? {} : { cursor });
      tools.push(...page.tools);
      if (page.nextCursor === undefined || tools.length > 1000) break;
      cursor = page.nextCursor;
    }
    const listed = await run(home, 'list-tools', 'peer');
    const names = tools.map((tool) => tool.name);
    report(listed.status === 0 && isDeepStrictEqual(listed.answer.tools.map((tool) => tool.name).sort(), [...new Set(names)].sort()),
           'the same tools are listed', listed.stdout.slice(0, 800) + listed.stderr);
    report(tools.every((tool) => isDeepStrictEqual(listed.answer?.tools.find((one) => one.name === tool.name)?.input_schema, tool.inputSchema)),
           'schemas arrive whole');
    const tested = await run(home, 'test-connection', 'peer');
    report(tested.status === 0 && tested.answer.tools_available === listed.answer?.tools.length
           && tested.answer.protocol === (peer.modern ? '2026-07-28' : '2025-11-25'), 'the connection is tested', tested.stdout + tested.stderr);
    for (const tool of tools) await compareCall(client, home, tool.name, peer.calls[tool.name] ?? {});
  } catch (error) {
    report(false, 'the peer can be used', error.stack);
  } finally {
    await client.close().catch(() => {});
    if (server) server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`1..${number}`);
  process.exit(failures ? 1 : 0);
}

await main(process.argv[2]);
