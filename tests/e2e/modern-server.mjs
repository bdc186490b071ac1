// SPDX-License-Identifier: GPL-3.0-or-later
// A server of the modern era (2026-07-28) on the official package, which serves legacy clients too unless told not to.
//   node modern-server.mjs [--modern-only]              on stdio
//   node modern-server.mjs http PORT [--modern-only]    on http://127.0.0.1:PORT/mcp; PORT 0 picks one and prints it
import { createServer } from 'node:http';
import { createMcpHandler, ProtocolError, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';

const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const TOOLS_PER_PAGE = 4;
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const legacy = process.argv.includes('--modern-only') ? 'reject' : undefined;

const text = (words) => ({ content: [{ type: 'text', text: words }] });
const object = (properties = {}, required = []) => ({ type: 'object', properties, required });
const wait = (milliseconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); });
});

const tools = [
  {
    name: 'echo', title: 'Echo', description: 'Sends the message back', inputSchema: object({ message: { type: 'string' } }, ['message']),
    annotations: { readOnlyHint: true, openWorldHint: false },
    run: (input) => text(input.message),
  },
  {
    name: 'add', description: 'Adds two numbers', inputSchema: object({ a: { type: 'number' }, b: { type: 'number' } }, ['a', 'b']),
    outputSchema: object({ sum: { type: 'number' } }, ['sum']),
    run: ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  },
  {
    name: 'progress', description: 'Reports progress and writes log lines',
    inputSchema: object({ steps: { type: 'integer', default: 3 }, delay_ms: { type: 'integer', default: 20 } }),
    run: async ({ steps = 3, delay_ms = 20 }, ctx) => {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      for (let step = 1; step <= steps; step++) {
        await wait(delay_ms, ctx.mcpReq.signal);
        if (progressToken !== undefined) {
          await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: step, total: steps, message: `step ${step}` } });
        }
        await ctx.mcpReq.log('info', { step }, 'modern');
      }
      return text('done');
    },
  },
  {
    name: 'structured', description: 'An object', inputSchema: object(), outputSchema: object({ n: { type: 'number' } }, ['n']),
    run: () => ({ ...text('{"n":1.5}'), structuredContent: { n: 1.5 } }),
  },
  {
    name: 'structured_list', description: 'A list, which only the modern era allows', inputSchema: object(),
    outputSchema: { type: 'array', items: { type: 'integer' } },
    run: () => ({ ...text('[1,2]'), structuredContent: [1, 2] }),
  },
  {
    name: 'header_tool', description: 'Mirrors two arguments into headers',
    inputSchema: object({
      region: { type: 'string', 'x-mcp-header': 'Region' },
      n: { type: 'integer', 'x-mcp-header': 'Count' },
      deep: { type: 'object', properties: { flag: { type: 'boolean', 'x-mcp-header': 'Flag' } } },
      q: { type: 'string' },
    }),
    run: (input) => text(JSON.stringify(input)),
  },
  {
    name: 'image', description: 'A picture, a sound and documents', inputSchema: object(),
    run: () => ({
      content: [
        { type: 'text', text: 'hi', annotations: { audience: ['user'], priority: 0.5 } },
        { type: 'image', data: DOT, mimeType: 'image/png' },
        { type: 'audio', data: 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=', mimeType: 'audio/wav' },
        { type: 'resource', resource: { uri: 'modern://text', mimeType: 'text/plain', text: 'embedded' } },
        { type: 'resource', resource: { uri: 'modern://bytes', mimeType: 'application/octet-stream', blob: 'AAEC' } },
        { type: 'resource_link', uri: 'modern://link', name: 'link', mimeType: 'text/plain', size: 3 },
      ],
    }),
  },
  {
    name: 'error', description: 'Says no', inputSchema: object(),
    run: () => ({ ...text('it failed'), isError: true }),
  },
  {
    name: 'slow', description: 'Takes as long as it is told, unless it is cancelled', inputSchema: object({ delay_ms: { type: 'integer' } }),
    run: async ({ delay_ms = 50 }, ctx) => { await wait(delay_ms, ctx.mcpReq.signal); return text('at last'); },
  },
  {
    name: 'announce', description: 'Announces that the list of tools changed', inputSchema: object(),
    run: (input, ctx, server) => { announce(server); return text('announced'); },
  },
];

let handler;
function announce(server) {
  if (handler) handler.notify.toolsChanged();
  else void server.sendToolListChanged();
}

function describe({ run, ...tool }) {
  return tool;
}

function makeServer() {
  const server = new Server({ name: 'modern-fixture', title: 'Modern Fixture', version: '1.0.0' },
                            { capabilities: { tools: { listChanged: true }, logging: {} }, instructions: 'A fixture.' });
  server.setRequestHandler('tools/list', (request) => {
    const start = request.params?.cursor === undefined ? 0 : Number(request.params.cursor);
    if (!Number.isInteger(start) || start < 0 || start > tools.length) throw new ProtocolError(-32602, 'Unknown cursor');
    const page = { tools: tools.slice(start, start + TOOLS_PER_PAGE).map(describe), ttlMs: 60000, cacheScope: 'public' };
    return start + TOOLS_PER_PAGE < tools.length ? { ...page, nextCursor: String(start + TOOLS_PER_PAGE) } : page;
  });
  server.setRequestHandler('tools/call', async (request, ctx) => {
    const tool = tools.find((one) => one.name === request.params.name);
    if (!tool) throw new ProtocolError(-32602, `Unknown tool: ${request.params.name}`);
    return tool.run(request.params.arguments ?? {}, ctx, server);
  });
  return server;
}

if (words[0] === 'http') {
  handler = createMcpHandler(makeServer, legacy ? { legacy } : {});
  const serve = toNodeHandler(handler);
  const validHost = localhostHostValidation(), validOrigin = localhostOriginValidation();
  const http = createServer((request, response) => {
    if (!validHost(request, response) || !validOrigin(request, response)) return;
    if (new URL(request.url, 'http://localhost').pathname === '/mcp') void serve(request, response);
    else response.writeHead(404).end();
  });
  http.listen(Number(words[1] ?? 0), '127.0.0.1', () => console.log(`http://127.0.0.1:${http.address().port}/mcp`));
} else {
  serveStdio(makeServer, legacy ? { legacy } : {});
}
