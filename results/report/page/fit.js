// The fit of a scaling law, in the browser: the same as that of the Go package
// amdahl/results/laws (fit.go, solve.go, nnls.go, loss.go, bottleneck.go), step
// by step and in the same order, so that both give the same numbers. It knows no
// page. Losses are in log time; intervals and the choice of a law are not here.
import { fTail } from './tail.js';
import { laws, unbounded } from './laws.js';
import { reduceCurve, levelWeights } from './reduce.js';

// fit fits one law to points {n, samples: [{t, round}]}: n ascending, t in
// seconds per task, round from 1 or 0 where it is not known. opts.relative says
// that times are 1/speedup, so that T(1) is 1 by definition. It returns
//   law     the name of the law
//   params  its parameters, in the order of laws[law].params
//   t1      seconds per task at one worker
//   rounds  whole rounds that were the unit of the fit; 0 if the samples were
//   misfit  p-value of the test of lack of fit; null where it cannot be tested
//   ok      whether there was enough to fit; where false, all else is missing
export function fit(lawName, points, opts = {}) {
  const law = laws[lawName];
  if (points.length < law.levels || !points.every(usablePoint)) return { law: lawName, ok: false };
  const d = reduceCurve(points, opts.relative);
  let q = newProblem(law, d);
  if (opts.relative) q.fixed = -Math.log(d.unit);
  let c = bestPoint(q);
  const free = 1 + c.p.filter((v, k) => v > q.lo[k] && v < q.hi[k]).length;
  const over = d.n.length - free;
  const misfit = d.pureDF > 0 && over > 0 ? fTail(c.sse / over, d.pureSS / d.pureDF, over, d.pureDF) : null;
  const w = levelWeights(d, c.sse, d.n.length - q.k - 1);
  if (w) {
    q = { ...q, w };
    c = descend(q, lossAt(q, c.p));
  }
  return { law: lawName, params: c.p, t1: d.unit * Math.exp(c.scale), rounds: d.rounds, misfit, ok: true };
}

function usablePoint(p, i, all) {
  return p.n >= 1e-9 && p.n <= 1e12 && (i === 0 || p.n > all[i - 1].n) && p.samples.length > 0 &&
    p.samples.every((s) => s.t >= 1e-30 && s.t <= 1e30);
}

// A problem is one law to be fitted to the levels of one curve, with the bounds
// of its k parameters. T(1) never is among the unknowns: for any parameters
// the best one follows in closed form.
function newProblem(law, d) {
  const q = { law, k: law.params.length, n: d.n, w: d.w, h: d.h, fixed: null };
  q.lo = law.ranges.map((r) => r[0]);
  q.hi = law.ranges.map((r) => Math.min(r[1], unbounded));
  q.g = law.g && law.g.map((g) => d.n.map(g));
  if (law.span) [q.lo[0], q.hi[0]] = law.span(d.n);
  return q;
}

// ratioAt is T(n)/T(1) at level i; slopeAt its derivative by parameter k.
function ratioAt(q, i, p) {
  if (q.law.shape) return q.law.shape(q.n[i], p[0]);
  let r = 1 / q.n[i];
  for (let k = 0; k < q.k; k++) r += p[k] * q.g[k][i];
  return r;
}

const slopeAt = (q, i, k, p) => (q.law.shape ? q.law.slope(q.n[i], p[0]) : q.g[k][i]);

// lossAt is the point at p: parameters, the best log T(1) for them, and the loss.
function lossAt(q, p) {
  const d = [];
  let sum = 0, sw = 0, sse = 0;
  for (let i = 0; i < q.n.length; i++) {
    const r = ratioAt(q, i, p);
    if (!(r > 0)) return { p, scale: 0, sse: Infinity };
    d.push(q.h[i] - Math.log(r));
    sum += q.w[i] * d[i];
    sw += q.w[i];
  }
  const scale = q.fixed ?? sum / sw;
  for (let i = 0; i < d.length; i++) sse += q.w[i] * (d[i] - scale) ** 2;
  return { p, scale, sse };
}

// bestPoint is the point of least loss within the bounds.
function bestPoint(q) {
  if (q.law.params[0] === 'nstar') return saturate(q);
  if (q.k === 0) return lossAt(q, []);
  let c = valley(q);
  if (q.k === 2 && !isNear(q, c)) {
    for (let k = 0; k < 2; k++) {
      const edge = { ...q, hi: q.hi.map((v, j) => (j === k ? q.lo[k] : v)) };
      const e = valley(edge);
      if (e.sse < c.sse * (1 + 1e-9)) c = lower(c, descend(q, e));
    }
  }
  return settle(q, c);
}

// settle puts a parameter on a bound that it is off by no more than rounding.
function settle(q, c) {
  let size = 0;
  for (const w of q.w) size += w;
  for (let k = 0; k < q.k; k++) {
    for (const bound of [q.lo[k], q.hi[k]]) {
      const t = lossAt(q, c.p.map((v, j) => (j === k ? bound : v)));
      if (t.sse <= c.sse * (1 + 1e-13) + 1e-24 * size) c = t;
    }
  }
  return c;
}

// isNear says whether a law passes so near the levels, within 3 % of time, that
// there is one valley only.
function isNear(q, c) {
  let w = 0;
  for (const u of q.w) w += u;
  return c.sse < 0.03 * 0.03 * w;
}

const lower = (a, b) => (b.sse < a.sse || !(a.sse < Infinity) ? b : a);

// valley goes down from the linear start and from both ends of the bounds.
function valley(q) {
  let c = descend(q, linearStart(q));
  if (isNear(q, c)) return c;
  c = lower(c, descend(q, lossAt(q, q.lo)));
  return q.hi.includes(unbounded) ? c : lower(c, descend(q, lossAt(q, q.hi)));
}

// linearStart is the exact optimum of relative time, Σ w(T(n)/t − 1)², which
// agrees with log time to first order.
function linearStart(q) {
  const zero = lossAt(q, q.lo);
  if (q.law.shape) return lower(zero, lossAt(q, [(q.lo[0] + q.hi[0]) / 2]));
  const b = q.w.map(Math.sqrt);
  const each = (f) => b.map((s, i) => s * Math.exp(-q.h[i]) * f(i));
  const cols = [each((i) => 1 / q.n[i]), ...q.g.map((g) => each((i) => g[i]))];
  const p = coneLSQ(cols, b, q.lo, q.hi);
  return p ? lower(zero, lossAt(q, p)) : zero;
}

// coneLSQ is the p within bounds of the law β·(c₀ + Σ pₖ·cₖ), β > 0, that is
// nearest to b in least squares. Every way of putting parameters on bounds is
// tried, and the best allowed one is exact.
function coneLSQ(cols, b, lo, hi) {
  const k = cols.length - 1;
  let best = null, bestSSE = Infinity;
  for (let face = 0; face < 3 ** k; face++) {
    // Digit j of the face: 0 free, 1 at lo, 2 at hi.
    const where = lo.map((_, j) => Math.floor(face / 3 ** j) % 3);
    const p = where.map((v, j) => [0, lo[j], hi[j]][v]);
    const base = b.map((_, i) => p.reduce((sum, v, j) => sum + v * cols[j + 1][i], cols[0][i]));
    const s = leastSquares([base, ...cols.slice(1).filter((_, j) => where[j] === 0)], b);
    if (!s || !(s.beta[0] > 0) || s.sse >= bestSSE) continue;
    let next = 1;
    where.forEach((v, j) => { if (v === 0) p[j] = s.beta[next++] / s.beta[0]; });
    if (!p.every((v, j) => v >= lo[j] && v <= hi[j])) continue;
    best = p;
    bestSSE = s.sse;
    if (face === 0) break;
  }
  return best;
}

// leastSquares solves min |b − Σ βⱼ·colsⱼ|² by modified Gram–Schmidt; null where
// the columns do not determine β.
function leastSquares(cols, b) {
  const norm = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  // project takes from v its part along the unit vector u and returns its length.
  const project = (u, v) => {
    let s = 0;
    for (let i = 0; i < u.length; i++) s += u[i] * v[i];
    for (let i = 0; i < u.length; i++) v[i] -= s * u[i];
    return s;
  };
  const r = cols.map(() => []), z = [], beta = [], rest = [...b];
  const u = cols.map((c) => [...c]);
  for (let j = 0; j < u.length; j++) {
    r[j][j] = norm(u[j]);
    if (!(r[j][j] > 1e-13 * norm(cols[j]))) return null;
    u[j] = u[j].map((v) => v / r[j][j]);
    for (let l = j + 1; l < u.length; l++) r[j][l] = project(u[j], u[l]);
    z[j] = project(u[j], rest);
  }
  for (let j = u.length - 1; j >= 0; j--) {
    let s = z[j];
    for (let l = j + 1; l < u.length; l++) s -= r[j][l] * beta[l];
    beta[j] = s / r[j][j];
  }
  return { beta, sse: norm(rest) ** 2 };
}

// descend goes from c to the next minimum within the bounds by a damped
// Gauss–Newton method. A step is taken only if the loss falls, else the damping
// grows.
function descend(q, c) {
  if (q.k === 0) return c;
  let damp = 0;
  for (let step = 0; step < 200; step++) {
    const { m, b } = normalSystem(q, c);
    let improved = false;
    for (let attempt = 0; attempt < 60; attempt++) {
      const d = boundedStep(q, c, m, b, damp);
      const next = c.p.map((v, k) => Math.min(Math.max(v + d[k], q.lo[k]), q.hi[k]));
      if (next.every((v, k) => v === c.p[k])) return c;
      const small = next.every((v, k) => !(Math.abs(v - c.p[k]) > 1e-14 * Math.abs(c.p[k])));
      const t = lossAt(q, next);
      if (t.sse < c.sse) {
        const fell = c.sse - t.sse;
        c = t;
        improved = true;
        damp /= 16;
        if (damp < 1e-9) damp = 0;
        if (small || (fell <= 1e-16 * c.sse && damp === 0)) return c;
        break;
      }
      if (small) return c;
      if (damp === 0 && t.sse <= c.sse * (1 + 1e-13)) return t;
      damp = Math.max(8 * damp, 1e-4);
    }
    if (!improved) return c;
  }
  return c;
}

// normalSystem is the Gauss–Newton system at c: m·d = b is the step d of the
// parameters before any bound, T(1) following them.
function normalSystem(q, c) {
  const m = [[0, 0], [0, 0]], b = [0, 0], uj = [0, 0], rows = [];
  let uu = 0;
  for (let i = 0; i < q.n.length; i++) {
    const r = ratioAt(q, i, c.p), row = { e: q.h[i] - c.scale - Math.log(r), j: [] };
    uu += q.w[i];
    for (let k = 0; k < q.k; k++) {
      row.j[k] = slopeAt(q, i, k, c.p) / r;
      uj[k] += q.w[i] * row.j[k];
    }
    rows.push(row);
  }
  rows.forEach((row, i) => {
    for (let k = 0; k < q.k; k++) {
      if (q.fixed === null) row.j[k] -= uj[k] / uu;
      b[k] += q.w[i] * row.j[k] * row.e;
      for (let l = 0; l <= k; l++) m[k][l] += q.w[i] * row.j[k] * row.j[l];
    }
  });
  m[0][1] = m[1][0];
  return { m, b };
}

// boundedStep minimises dᵀ(m + damp·diag m)d − 2bᵀd with c.p + d within the
// bounds.
function boundedStep(q, c, system, b, damp) {
  const m = system.map((row, k) => row.map((v, l) => (k === l ? v * (1 + damp) : v)));
  const lo = c.p.map((v, k) => q.lo[k] - v), hi = c.p.map((v, k) => q.hi[k] - v);
  const one = (k, v) => (m[k][k] > 0 ? Math.min(Math.max(v / m[k][k], lo[k]), hi[k]) : 0);
  if (q.k === 1) return [one(0, b[0])];
  const det = m[0][0] * m[1][1] - m[0][1] * m[1][0];
  if (det > 1e-14 * m[0][0] * m[1][1]) {
    const d = [(b[0] * m[1][1] - b[1] * m[0][1]) / det, (b[1] * m[0][0] - b[0] * m[1][0]) / det];
    if (d.every((v, k) => v >= lo[k] && v <= hi[k])) return d;
  }
  // On the edges of the box one parameter is fixed and the other follows.
  let best = [0, 0], value = Infinity;
  for (let k = 0; k < 2; k++) {
    for (const v of [lo[k], hi[k]]) {
      const o = 1 - k, d = [];
      d[k] = v;
      d[o] = one(o, b[o] - m[o][k] * v);
      let f = -2 * (b[0] * d[0] + b[1] * d[1]);
      for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) f += d[i] * m[i][j] * d[j];
      if (f < value) [best, value] = [d, f];
    }
  }
  return best;
}

// saturate is the best n* of the bottleneck law, exactly: between two levels the
// law is a line through each side of n*, with its own optimum.
function saturate(q) {
  const lo = q.lo[0], hi = q.hi[0];
  let best = lossAt(q, [hi]);
  const attempt = (p, from, to) => {
    p = Math.min(Math.max(p, Math.max(from, lo)), Math.min(to, hi));
    const c = lossAt(q, [p]);
    if (c.sse < best.sse) best = c;
  };
  attempt(lo, lo, lo);
  let leftSum = 0, leftWeight = 0, rightSum = 0, rightWeight = 0;
  q.n.forEach((_, i) => {
    rightSum += q.w[i] * q.h[i];
    rightWeight += q.w[i];
  });
  for (let i = 0; i + 1 < q.n.length; i++) {
    leftSum += q.w[i] * (q.h[i] + Math.log(q.n[i]));
    leftWeight += q.w[i];
    rightSum -= q.w[i] * q.h[i];
    rightWeight -= q.w[i];
    if (q.n[i + 1] <= lo) continue;
    const right = rightSum / rightWeight;
    attempt(Math.exp(leftSum / leftWeight - right), q.n[i], q.n[i + 1]);
    if (q.fixed !== null) attempt(Math.exp(q.fixed - right), q.n[i], q.n[i + 1]);
  }
  return best;
}
