// Reads benchmark text of Go, or a CSV file, that a reader of the page brings.
//
// These two only, and only what is plain about them: what needs a guess is left to
// the command, amdahl report, which asks. The Go package amdahl/results/read
// reads the same things the same way.

export const mostBytes = 100 << 10;

// readText is {series: [{name, x, relative, points}], notes} of a text, or
// {error} with what is wrong and what to do. Points are those of fit. bytes is the
// size of the file, of which the text may be missing where it is too large.
export function readText(text, bytes = text.length) {
  if (bytes > mostBytes) {
    return { error: `This is ${Math.ceil(bytes / 1024)} KB; the page takes up to ${mostBytes >> 10} KB. For more: amdahl report -o page FILE` };
  }
  if (!text.trim()) return { error: 'There is no text. Choose the output of go test -bench, or a CSV file with a header.' };
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  try {
    const all = lines.some((l) => goResult.test(l)) ? readGo(lines) : readCSV(lines);
    const bad = reason(all.notes);
    all.series = all.series.filter((s) => {
      if (s.points.length > 1) return true;
      all.notes.push(`${shorten(s.name)}: one number of workers only, so there is nothing to compare`);
      return false;
    });
    if (!all.series.length) throw new Unreadable(`No series has two numbers of workers${bad ? `: ${bad}` : ''}. Measure at several: go test -bench . -cpu 1,2,4 -count 6`);
    return all;
  } catch (e) {
    if (e instanceof Unreadable) return { error: e.message };
    throw e;
  }
}

// shorten takes letters out of the middle of a long name.
export const shorten = (name, most = 60) => (name.length <= most ? name : `${name.slice(0, most / 2)}…${name.slice(-most / 2)}`);

// reason is why the first line that cannot be used cannot.
const reason = (notes) => notes.find((n) => n.endsWith(', left out'))?.replace(', left out', '');

class Unreadable extends Error {}

const goResult = /^\s*Benchmark(\S+)\s+(\d+)\s+(\S.*)$/;
const workerKeys = ['workers', 'threads', 'procs', 'n', 'p', 'goroutines'];

// collect groups measurements {name, x, n, t, round, relative} into series.
function collect(measurements, notes) {
  const series = new Map();
  for (const m of measurements) {
    const key = m.name + '\n' + m.x;
    if (!series.has(key)) series.set(key, { name: m.name, x: m.x, relative: m.relative, levels: new Map() });
    const levels = series.get(key).levels;
    if (!levels.has(m.n)) levels.set(m.n, []);
    levels.get(m.n).push({ t: m.t, round: m.round });
  }
  return {
    notes,
    series: [...series.values()].map(({ name, x, relative, levels }) => ({
      name, x, relative: Boolean(relative),
      points: [...levels].map(([n, samples]) => ({ n, samples })).sort((a, b) => a.n - b.n),
    })),
  };
}

// readGo reads what go test -bench prints, with the marks of amdahl run.
function readGo(lines) {
  const config = {}, records = [], notes = [];
  let spoilt = new Set();
  lines.forEach((line, i) => {
    const setting = /^([a-z][^\sA-Z:]*):(?:\s+(.*))?$/.exec(line);
    if (setting) {
      config[setting[1]] = (setting[2] ?? '').trim();
      if (setting[1] === 'spoilt-rounds') spoilt = new Set(config['spoilt-rounds'].split(',').map(Number));
      return;
    }
    const r = goResult.exec(line);
    if (!r || config.canary === 'true' || config.sentinel === 'true') return;
    const values = {}, words = r[3].trim().split(/\s+/);
    for (let k = 0; k + 1 < words.length; k += 2) values[words[k + 1]] = Number(words[k]);
    const t = values['ns/op'] * 1e-9 / (values['tasks/op'] ?? 1);
    if (!(t > 0 && t < Infinity)) {
      notes.push(`line ${i + 1}: ${badTime(words, values)}, left out`);
      return;
    }
    records.push({ text: r[1], pkg: config.pkg ?? '', t, round: Number(config.round) || 0, said: config['run-x'] });
  });
  const kept = records.filter((r) => !spoilt.has(r.round) || !r.round);
  if (kept.length < records.length) notes.push(`${records.length - kept.length} samples of rounds that the file calls spoilt were left out`);
  if (config['run-judged-by']) notes.push('What the processors gave is not judged here, as amdahl report does');
  if (!records.length && notes.length) throw new Unreadable(`No result can be used: ${reason(notes)}. A time is a number of nanoseconds above 0.`);
  if (!kept.length) throw new Unreadable('No result of a benchmark can be used: a line such as BenchmarkX-4 100 12345 ns/op is needed.');
  return collect(locateLevels(kept), notes);
}

// badTime says what is wrong with the time of a result.
function badTime(words, values) {
  const at = words.indexOf('ns/op');
  if (at < 1) return 'it has no ns/op';
  return 'tasks/op' in values && values['ns/op'] > 0 ? `its tasks/op is ${words[words.indexOf('tasks/op') - 1]}` : `its time is ${words[at - 1]} ns/op`;
}

// locateLevels finds the level of every record: a key of workerKeys that varies, or
// the -N at the end, among names that differ in numbers only.
function locateLevels(records) {
  const bases = new Set(records.map((r) => r.pkg + ' ' + r.text.replace(/-[1-9]\d*$/, '')).filter((b, i) => b !== records[i].pkg + ' ' + records[i].text));
  const several = new Set(records.map((r) => r.pkg)).size > 1;
  const shapes = new Map();
  for (const r of records) {
    const suffix = /-([1-9]\d*)$/.exec(r.text);
    const ends = suffix && (r.said === 'gomaxprocs' || !bases.has(r.pkg + ' ' + r.text));
    r.base = ends ? r.text.slice(0, suffix.index) : r.text;
    r.procs = ends ? Number(suffix[1]) : 1;
    r.keys = {};
    for (const part of r.base.split('/').slice(1)) {
      const [, key, value] = /^([^=]+)=([1-9]\d{0,8})(?:-\d+)?$/.exec(part) ?? [];
      if (key && !(key in r.keys)) r.keys[key] = Number(value);
    }
    const shape = [r.pkg, r.said, r.base.replace(/\d+/g, '#')].join(' ');
    if (!shapes.has(shape)) shapes.set(shape, []);
    shapes.get(shape).push(r);
  }
  const found = [];
  for (const members of shapes.values()) {
    const varies = (f) => members.some((m) => f(m) !== f(members[0]));
    const has = (key) => Object.hasOwn(members[0].keys, key);
    const procsVary = varies((m) => m.procs);
    const said = members[0].said;
    let x = said && (said === 'gomaxprocs' || has(said)) ? said : null;
    x ??= workerKeys.find((key) => has(key) && varies((m) => m.keys[key]) && !(key.length === 1 && procsVary));
    x ??= procsVary ? 'gomaxprocs' : workerKeys.find(has) ?? 'gomaxprocs';
    for (const m of members) {
      const name = x === 'gomaxprocs' ? m.base : m.base.split('/').filter((p) => !p.startsWith(x + '=')).join('/');
      found.push({ name: several && m.pkg ? m.pkg + '.' + name : name, x, n: x === 'gomaxprocs' ? m.procs : m.keys[x], t: m.t, round: m.round });
    }
  }
  return found;
}

const xNames = ['workers', 'threads', 'goroutines', 'ranks', 'procs', 'processes', 'processors', 'cores', 'cpus', 'cpu', 'clients', 'users', 'connections', 'nodes', 'p', 'n'];
const timeNames = ['time', 'elapsed', 'wall', 'walltime', 'wall time', 'real', 'runtime', 'duration', 'seconds', 'secs', 'sec', 's', 'ms', 'us', 'µs', 'ns', 'milliseconds', 'microseconds', 'nanoseconds', 'minutes'];
const rateNames = ['throughput', 'tput', 'rate', 'ops', 'qps', 'rps', 'tps', 'iops'];
const ignoredNames = /^(run|rep|repeat|repetition|trial|iteration|iter|sample|id|index|seed|round|no|efficiency|stddev|std|sd|error|err|ideal|min|max|user|sys|date|timestamp|speedup|#|)$/;
const secondsOf = { ns: 1e-9, nanoseconds: 1e-9, us: 1e-6, 'µs': 1e-6, microseconds: 1e-6, ms: 1e-3, msec: 1e-3, milliseconds: 1e-3, s: 1, sec: 1, secs: 1, seconds: 1, min: 60, minutes: 60, h: 3600, hours: 3600 };

// splitRow splits a line at a separator that is not in quotes.
function splitRow(line, separator) {
  const cells = [''];
  let quoted = false;
  for (const c of line) {
    if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) cells.push('');
    else cells[cells.length - 1] += c;
  }
  return cells.map((c) => c.trim());
}

// headerOf is a name of a column as plain words, and its unit of time if it has one.
function headerOf(name) {
  const plain = name.toLowerCase().replace(/^#\s*/, '').replace(/[_\s]+/g, ' ').trim();
  const m = /^(.*?)\s*(?:[([](?:in )?(\S+?)[)\]]|\s(\S+))$/.exec(plain);
  const unit = m && (m[2] ?? m[3]);
  const known = (u) => Object.hasOwn(secondsOf, u);
  const bare = m && known(unit) ? m[1] : plain.replace(/\s*[([].*[)\]]$/, '');
  return { name: bare.replace(/^(num|number of|no of|#)\s*/, '') || plain, unit: known(unit) ? unit : known(plain) ? plain : null };
}

// readCSV reads a table with a header, separated by commas, semicolons or tabs.
function readCSV(lines) {
  const rows = lines.map((line, i) => ({ line, number: i + 1 })).filter((r) => r.line.trim() && !/^#[^,;\t]*$/.test(r.line.trim()));
  const separator = ['\t', ';', ','].find((c) => rows[0].line.includes(c));
  const hint = 'A CSV file begins with a line such as "threads,seconds"; for other files: amdahl report -o page FILE';
  if (!separator || rows.length < 3) throw new Unreadable('This is neither output of go test -bench nor a CSV file. ' + hint);
  const cells = rows.map((r) => splitRow(r.line, separator));
  const number = (s) => {
    const plain = separator === ',' || s.includes('.') ? s : s.replace(',', '.');
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  };
  const header = cells[0].map(headerOf);
  if (cells[0].some((c) => !Number.isNaN(number(c)))) throw new Unreadable('The first line has numbers, so no column has a name. ' + hint);
  const named = (list) => {
    for (const name of list) {
      const at = header.map((h, i) => (h.name === name ? i : -1)).filter((i) => i >= 0);
      if (at.length > 1) throw new Unreadable(`Two columns are called "${cells[0][at[0]]}". Leave one.`);
      if (at.length) return at[0];
    }
    return -1;
  };
  const quoted = cells[0].map((c) => `"${c}"`).join(', ');
  const x = named(xNames);
  if (x < 0) throw new Unreadable(`Which column counts the workers? The columns are ${quoted}. Call it "threads".`);
  const kinds = [['time', named(timeNames)], ['rate', named(rateNames)], ['speedup', named(['speedup'])]];
  const [kind, y] = kinds.find((k) => k[1] >= 0 && k[1] !== x) ?? [];
  if (!kind) throw new Unreadable(`Which column was measured? The columns are ${quoted}. Call it "seconds", "ms", "throughput" or "speedup".`);
  const notes = [`x is the column "${cells[0][x]}", ${{ time: 'time', rate: 'throughput', speedup: 'speedup' }[kind]} is the column "${cells[0][y]}"`];
  const factor = kind === 'time' ? secondsOf[header[y].unit] ?? 1 : 1;
  const body = cells.slice(1);
  const apart = header.map((_, i) => i).filter((i) => i !== x && i !== y && !ignoredNames.test(header[i].name) && tellsApart(body, i, x, number));
  for (const i of apart) notes.push(`the column "${cells[0][i]}" tells series apart`);
  const measurements = [];
  body.forEach((row, i) => {
    const n = number(row[x] ?? ''), v = number(row[y] ?? '');
    if (!(n > 0 && n < Infinity && v > 0 && v < Infinity)) {
      const bad = n > 0 && n < Infinity ? y : x;
      notes.push(`line ${rows[i + 1].number}: "${cells[0][bad]}" is "${row[bad] ?? ''}", which is no number above 0, left out`);
      return;
    }
    const name = apart.map((k) => `${cells[0][k]}=${row[k]}`).join('/');
    measurements.push({ name: name || 'the table', x: cells[0][x], n, t: kind === 'time' ? v * factor : 1 / v, round: 0, relative: kind === 'speedup' });
  });
  if (!measurements.length) throw new Unreadable(`No line can be used: ${reason(notes)}.`);
  return collect(measurements, notes);
}

// tellsApart says whether a column names series: texts that come back at other
// levels, or numbers that do and vary within a level.
function tellsApart(body, at, x, number) {
  const levels = new Map(), first = new Map();
  let within = false;
  for (const row of body) {
    const value = row[at] ?? '', level = row[x] ?? '';
    if (!levels.has(value)) levels.set(value, new Set());
    levels.get(value).add(level);
    if (!first.has(level)) first.set(level, value);
    else within ||= first.get(level) !== value;
  }
  const back = [...levels.values()].filter((l) => l.size > 1).length;
  if (body.every((row) => Number.isNaN(number(row[at] ?? '')))) return levels.size > 1 && 2 * back > levels.size;
  return within && back === levels.size;
}
