// A curve brought down to its levels, as the Go package amdahl/results/laws does
// in data.go, growth.go and noise.go: same steps, same order.

// leastRounds is the fewest whole rounds that become the unit of the fit.
const leastRounds = 6;

const sumOf = (list) => list.reduce((sum, v) => sum + v, 0);

// meanSS is the mean and the sum of squares about it.
function meanSS(list) {
  const mean = sumOf(list) / list.length;
  return [mean, sumOf(list.map((v) => (v - mean) ** 2))];
}

// reduceCurve gives of points {n, samples: [{t, round}]}, ascending in n:
//   unit    seconds, to which all other times are relative
//   n, h    levels, and the mean of log time of each
//   w       weight of each level
//   pureSS, pureDF  the pure error of repeated samples
//   rounds  whole rounds that are the unit; 0 if samples are
// relative says that times are 1/speedup, so that T(1) is 1 by definition.
export function reduceCurve(points, relative) {
  const L = points.length;
  const n = points.map((p) => p.n);
  const unit = Math.exp(sumOf(points.map((p) => Math.log(p.samples[0].t) / L)));
  const logs = points.map((p) => p.samples.map((s) => Math.log(s.t / unit)));
  const means = logs.map(meanSS);
  const d = { unit, n, h: means.map((v) => v[0]), rounds: 0 };
  let m = logs.map((l) => l.length);
  let ss = means.map((v) => v[1]), df = m.map((v) => v - 1);
  d.pureDF = sumOf(df);
  const r = byRounds(points, logs);
  if (r) {
    ({ m, ss } = r);
    d.h = r.h;
    d.rounds = r.rounds;
    d.pureDF = (r.rounds - 1) * (L - 1);
    df = n.map(() => d.pureDF / L);
  }
  const growth = growthOf(n, ss, df);
  if (relative && L > 1) {
    const one = n.indexOf(1);
    if (one >= 0) {
      m[one] = 0;
      m[one] = sumOf(m.map((v) => v / (L - 1)));
    }
  }
  d.w = m.map((v, i) => v / growth(n[i]));
  d.pureSS = sumOf(ss.map((v, i) => v / growth(n[i])));
  return d;
}

// byRounds makes the round the unit where there are enough whole ones: samples
// of one level in one round share what the machine did just then, so their mean
// counts once.
function byRounds(points, logs) {
  const cells = new Map();
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < logs[i].length; j++) {
      const round = points[i].samples[j].round;
      if (!(round > 0)) return null;
      if (!cells.has(round)) cells.set(round, points.map(() => []));
      cells.get(round)[i].push(logs[i][j]);
    }
  }
  const m = points.map(() => 0), h = points.map(() => 0), whole = [];
  for (const round of [...cells.keys()].sort((a, b) => a - b)) {
    const row = cells.get(round).map((c) => (c.length ? sumOf(c) / c.length : NaN));
    row.forEach((v, i) => {
      if (v === v) {
        h[i] += v;
        m[i]++;
      }
    });
    if (row.every((v) => v === v)) whole.push(row);
  }
  if (whole.length < leastRounds) return null;
  return { m, h: h.map((v, i) => v / m[i]), ss: twoWay(whole), rounds: whole.length };
}

// twoWay is, for each level, the sum of squares that neither the level nor the
// round explains.
function twoWay(rows) {
  const column = rows[0].map((_, i) => sumOf(rows.map((row) => row[i] / rows.length)));
  const all = sumOf(column) / column.length;
  const ss = column.map(() => 0);
  for (const row of rows) {
    const mean = sumOf(row) / row.length;
    row.forEach((v, i) => { ss[i] += (v - column[i] - mean + all) ** 2; });
  }
  return ss;
}

// growthOf estimates how the variance of log time grows with the workers, as a
// power of n shrunk towards none, and returns the variance at n over that at
// the geometric mean of the levels.
function growthOf(n, ss, df) {
  const none = () => 1;
  if (n.length > 24 || n.some((_, i) => !(ss[i] > 0) || df[i] < 1)) return none;
  const x = n.map(Math.log);
  const y = df.map((f, i) => Math.log(ss[i] / f) - (digamma(f / 2) - Math.log(f / 2)));
  const w = df.map((f) => 1 / trigamma(f / 2));
  const sw = sumOf(w);
  const mx = sumOf(x.map((v, i) => w[i] * v)) / sw, my = sumOf(y.map((v, i) => w[i] * v)) / sw;
  const sxx = sumOf(x.map((v, i) => w[i] * (v - mx) ** 2));
  if (!(sxx > 0)) return none;
  const slope = sumOf(x.map((v, i) => w[i] * (v - mx) * (y[i] - my))) / sxx;
  const z = slope * Math.sqrt(sxx);
  if (!(z > 1)) return none;
  const power = Math.min(slope * (1 - 1 / (z * z)), 2.5);
  const center = Math.exp(sumOf(x) / n.length);
  return (v) => Math.pow(v / center, power);
}

// digamma is the derivative of ln Γ(x), trigamma its second, for x > 0.
function digamma(x) {
  let v = 0;
  for (; x < 6; x++) v -= 1 / x;
  const i = 1 / (x * x);
  return v + Math.log(x) - 0.5 / x - i * (1 / 12 - i * (1 / 120 - i / 252));
}

function trigamma(x) {
  let v = 0;
  for (; x < 6; x++) v += 1 / (x * x);
  const i = 1 / (x * x);
  return v + 1 / x + i / 2 + i / x * (1 / 6 - i * (1 / 30 - i / 42));
}

// levelWeights are the weights of the levels once each may be off by an effect
// of its own: 1.5 % with three degrees of freedom where rounds are not known,
// raised by what the law misses. sse is the misfit of the law with as many
// parameters as there are in over = levels − parameters − 1. It is null where
// the weights stay as they are.
export function levelWeights(d, sse, over) {
  if (d.pureDF === 0) return null;
  const L = d.n.length;
  const sample = d.pureSS / d.pureDF;
  const per = sumOf(d.w.map((w) => w / L)), inverse = sumOf(d.w.map((w) => 1 / w / L));
  const assumed = d.rounds ? 0 : 0.015;
  const found = Math.max(sse / over - sample, 0) / per;
  const effect = (3 * assumed * assumed + over * found) / (3 + over);
  const variance = Math.max(sample * inverse + effect, 1e-24);
  if (d.w.every((w) => w === d.w[0])) return null;
  return d.w.map((w) => variance / (sample / w + effect));
}
