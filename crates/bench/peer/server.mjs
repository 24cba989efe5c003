// Starts the real server on a database of its own, and stands before it: pages of the harness come from another origin,
// which the app's pages never do.
import http from 'node:http';
import path from 'node:path';
import { spawn } from 'node:child_process';

const { PORT, ADMIN_PORT, DATA, TIDEMARK_BENCH_SERVER } = process.env;
const inner = Number(ADMIN_PORT) + 1000 > 65535 ? Number(ADMIN_PORT) - 1000 : Number(ADMIN_PORT) + 1000;
const child = spawn(TIDEMARK_BENCH_SERVER, [
  '--listen', `127.0.0.1:${inner}`, '--auth', 'off', '--requests-per-minute', '1000000',
  '--database', `sqlite://${path.join(DATA, 'tidemark.db')}`,
], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, TIDEMARK_LOG: 'error' } });
const end = () => { child.kill('SIGTERM'); process.exit(0); };
process.on('SIGTERM', end);
process.on('disconnect', end);

const agent = new http.Agent({ keepAlive: true });
const allowed = {
  'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', 'Access-Control-Allow-Methods': '*',
  'Access-Control-Expose-Headers': '*', 'Access-Control-Max-Age': '7200', 'Cross-Origin-Resource-Policy': 'cross-origin',
};
http.createServer((request, answer) => {
  if (request.method === 'OPTIONS') { answer.writeHead(204, allowed); answer.end(); return; }
  const headers = Object.fromEntries(Object.entries(request.headers)
    .filter(([name]) => name !== 'origin' && name !== 'referer' && name !== 'cookie' && !name.startsWith('sec-fetch')));
  headers.host = `127.0.0.1:${inner}`;
  const onward = http.request({ host: '127.0.0.1', port: inner, path: request.url, method: request.method, headers, agent }, (inside) => {
    answer.writeHead(inside.statusCode, { ...inside.headers, ...allowed });
    inside.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  request.pipe(onward);
}).listen(Number(PORT), '127.0.0.1');

// What the server holds, learnt as any client learns it.
const notes = new Map();
let cursor = null, pulling = null;
async function pull() {
  for (let more = true; more;) {
    const from = cursor ? `&since=${encodeURIComponent(cursor)}` : '';
    const page = await (await fetch(`http://127.0.0.1:${inner}/v1/metrics?limit=1000${from}`)).json();
    for (const row of page.metrics) notes.set(row.id, row.note ?? '');
    ({ cursor, has_more: more } = page);
  }
}
async function settled() { await (pulling ??= pull().finally(() => { pulling = null; })); }
http.createServer(async (request, answer) => {
  const url = new URL(request.url, 'http://localhost');
  try {
    await settled();
    const wanted = url.searchParams.get('t');
    const count = url.pathname === '/count' ? notes.size : [...notes.values()].filter((note) => note === wanted).length;
    answer.end(String(count));
  } catch { answer.end('0'); }
}).listen(Number(ADMIN_PORT), '127.0.0.1');

for (;;) {
  try { if ((await fetch(`http://127.0.0.1:${inner}/readyz`)).ok) break; } catch { /* not yet */ }
  await new Promise((done) => setTimeout(done, 20));
}
console.log('READY');
