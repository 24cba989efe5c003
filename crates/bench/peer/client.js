// What the harness calls, handed to the app's store and engine. Objects are made here, of columns.
import init, { Bench, Columns } from './bench.js';

const ID = 36, NUMBERS = 4, BETWEEN = '\u001f';
let bench, user, heard;
// As the app's page does: the wasm is on its way before anything is opened.
await init({ module_or_path: new URL('./bench_bg.wasm', import.meta.url) });

function columns(recs) {
  const numbers = new Float64Array(recs.length * NUMBERS);
  let ids = '', notes = '', at = 0;
  for (const rec of recs) {
    ids += rec.id;
    notes += (rec.note ?? '') + BETWEEN;
    numbers[at++] = rec.weight;
    numbers[at++] = rec.bmi;
    numbers[at++] = rec.created_at;
    numbers[at++] = rec.updated_at;
    user ??= rec.user_id;
  }
  return new Columns(ids, numbers, notes);
}

function records(columns) {
  const ids = columns.ids(), numbers = columns.numbers(), notes = columns.notes().split(BETWEEN);
  columns.free();
  const out = new Array(numbers.length / NUMBERS);
  for (let i = 0, at = 0; i < out.length; i++, at += NUMBERS) {
    const rec = {
      id: ids.slice(i * ID, i * ID + ID), user_id: user ?? '', weight: numbers[at], bmi: numbers[at + 1],
      created_at: numbers[at + 2], updated_at: numbers[at + 3],
    };
    if (notes[i]) rec.note = notes[i];
    out[i] = rec;
  }
  return out;
}

// The page's loop: one tick at a time, at once when something speaks for one, else when the engine asks for it.
let running = false, again = null, timer = 0, head = 0, source = null, server = '';

async function kick(trigger) {
  if (running) { again = again ?? trigger; return; }
  running = true;
  clearTimeout(timer);
  let ticked;
  do {
    again = null;
    ticked = await bench.tick(trigger);
    head = await bench.head();
    listen();
    if (ticked.more) again ??= 'interval';
    trigger = again;
  } while (again);
  running = false;
  timer = setTimeout(() => kick('interval'), ticked.wake_ms);
}

// One after the other, as the page reads.
let telling = Promise.resolve();
function tell() { telling = telling.then(tellNow); }

async function tellNow() {
  head = await bench.head();
  if (!heard) return;
  const news = records(await bench.news());
  if (news.length) heard(news);
}

async function listen() {
  if (source && source.readyState !== EventSource.CLOSED) return;
  const account = await bench.account();
  if (!account || (source && source.readyState !== EventSource.CLOSED)) return;
  source = new EventSource(`${server}/v1/live?account=${account}`);
  source.addEventListener('head', (event) => { if (JSON.parse(event.data).head > head) kick('live'); });
}

window.bench = {
  async open({ db }) {
    bench = await Bench.open(db);
  },
  async writeOne(rec) { await bench.log(rec.user_id, columns([rec])); },
  async bulk(recs) { const sent = columns(recs); await bench.bulk(user, sent); },
  count: () => bench.count(),
  async newest(k) { return records(await bench.newest(k)); },
  async all() { return records(await bench.all()); },
  async chart() {
    const all = await bench.all();
    const numbers = all.numbers();
    all.free();
    const n = numbers.length / NUMBERS;
    const t = new Float64Array(n), weight = new Float64Array(n), bmi = new Float64Array(n);
    for (let i = 0; i < n; i++) { weight[i] = numbers[4 * i]; bmi[i] = numbers[4 * i + 1]; t[i] = numbers[4 * i + 2]; }
    return { t, weight, bmi };
  },
  async prepareMerge(deltas) { const sent = columns(deltas); return bench.wire(user, sent); },
  merge: (wire) => bench.merge(wire),
  async syncConnect({ url }) {
    server = url;
    await bench.connect(url);
    bench.on_news(tell);
    head = await bench.head();
    addEventListener('online', () => { source?.close(); source = null; kick('online'); });
    kick('start');
  },
  async waitCount(n) { while ((await bench.count()) < n) await new Promise((done) => setTimeout(done, 20)); },
  subscribe(cb) { heard = cb; },
  async offlineEdits(edits) {
    await bench.show();
    for (const { op, rec } of edits) {
      const sent = columns([rec]);
      if (op === 'insert') await bench.log(rec.user_id, sent); else await bench.edit(sent);
      kick('write');
    }
  },
};
