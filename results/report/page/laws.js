// The scaling laws: formulas, ranges, and what follows from them in closed form.
//
// The formulas, their sources and their names are those of the Go package
// amdahl/results/laws. Parameters are a list, in the order of params.

// unbounded stands for no upper bound of a parameter, in a fit.
export const unbounded = 1e12;

const serialTerm = (n) => 1 - 1 / n;
const zeroToOne = [0, 1];
const zeroUp = [0, Infinity];
const oneUp = [1, Infinity];

// laws has for each law:
//   params   names of its parameters
//   symbols  how they are written
//   ranges   [least, most] of each
//   weak     true for work that grows with the workers, false for fixed work, null for both
//   levels   the fewest levels that can be fitted
//   time     T(n)/T(1)
//   ceiling  the largest speedup of any n, Infinity if there is none
//   peak     the n of the largest speedup, Infinity if more is always better
// and for the fit g, the terms of a law that is linear in its parameters, or
// shape and its derivative slope; and span, the range of the parameter that
// the levels n can tell apart.
export const laws = {
  ideal: { params: [], symbols: [], ranges: [], weak: null, levels: 2, g: [] },
  amdahl: {
    params: ['sigma'], symbols: ['σ'], ranges: [zeroToOne], weak: false, levels: 3, g: [serialTerm],
    ceiling: (p) => 1 / p[0],
  },
  usl: {
    params: ['sigma', 'kappa'], symbols: ['σ', 'κ'], ranges: [zeroToOne, zeroUp], weak: false, levels: 4,
    g: [serialTerm, (n) => n - 1],
    peak: (p) => (p[1] === 0 ? Infinity : Math.max(Math.sqrt((1 - p[0]) / p[1]), 1)),
  },
  log: {
    params: ['sigma', 'kappa'], symbols: ['σ', 'κ'], ranges: [zeroToOne, zeroUp], weak: false, levels: 4,
    g: [serialTerm, Math.log2],
    peak: (p) => (p[1] === 0 ? Infinity : Math.max((1 - p[0]) * Math.LN2 / p[1], 1)),
  },
  bottleneck: {
    params: ['nstar'], symbols: ['n*'], ranges: [oneUp], weak: false, levels: 4,
    shape: (n, p) => Math.max(1 / n, 1 / p),
    slope: (n, p) => (n <= p ? 0 : -1 / (p * p)),
    span: (n) => {
      const last = Math.max(n[n.length - 1], 1);
      return [Math.min(Math.max(n[0], 1), last), last];
    },
    ceiling: (p) => p[0], peak: (p) => p[0],
  },
  convoy: {
    params: ['c'], symbols: ['c'], ranges: [oneUp], weak: false, levels: 3, g: [serialTerm],
    span: () => [1, unbounded],
    ceiling: () => 1, peak: () => 1,
  },
  random: { params: [], symbols: [], ranges: [], weak: false, levels: 4, shape: (n) => (n < 1 ? 1 / n : (2 * n - 1) / (n * n)) },
  gustafson: {
    params: ['s'], symbols: ['s'], ranges: [zeroToOne], weak: true, levels: 3,
    shape: (n, p) => 1 / (n - p * (n - 1)),
    slope: (n, p) => (n - 1) / (n - p * (n - 1)) ** 2,
  },
};

for (const law of Object.values(laws)) {
  law.time = (p, n) => {
    if (law.shape) return law.shape(n, p[0]);
    return law.g.reduce((sum, g, k) => sum + p[k] * g(n), 1 / n);
  };
  law.peak ??= () => Infinity;
  law.ceiling ??= (p) => {
    const n = law.peak(p);
    if (n < Infinity) return 1 / law.time(p, n);
    return p.length === 2 ? 1 / p[0] : Infinity;
  };
}

// invert is the value of one parameter with which the law gives T(n)/T(1) =
// ratio, the other parameters as in params; within the range of the
// parameter. At n = 1, where no parameter matters, it is the present value.
export function invert(lawName, paramName, params, n, ratio) {
  const law = laws[lawName];
  const k = law.params.indexOf(paramName);
  const [least, most] = law.ranges[k];
  let value = params[k];
  if (n === 1 || !(ratio > 0)) return value;
  if (lawName === 'bottleneck') value = Math.min(1 / ratio, n);
  else if (lawName === 'gustafson') value = (n - 1 / ratio) / (n - 1);
  else {
    const held = params.map((v, j) => (j === k ? 0 : v));
    value = (ratio - law.time(held, n)) / law.g[k](n);
  }
  return Math.min(Math.max(value, least), most);
}

// karpFlatt is the serial fraction with which Amdahl's law goes through one
// speedup at n workers, n not 1.
// Source: A. H. Karp, H. P. Flatt, CACM 33(5), 1990.
export function karpFlatt(speedup, n) {
  return (1 / speedup - 1 / n) / (1 - 1 / n);
}
