// Axes: from values to pixels and back, and where ticks stand.

// scaleOf maps the values from lo to hi to the pixels from a to b.
export function scaleOf(log, lo, hi, a, b) {
  const f = log ? Math.log : (v) => v, back = log ? Math.exp : (v) => v;
  const from = f(lo), k = (b - a) / (f(hi) - from);
  const to = (v) => a + (f(v) - from) * k;
  return { log, lo, hi, to, from: (px) => back(from + (px - a) / k), inside: (v) => v >= lo * (1 - 1e-9) - 1e-12 && v <= hi * (1 + 1e-9) + 1e-12 };
}

// padded widens limits by a share of their span.
export function padded(log, lo, hi, share) {
  if (log) {
    const k = Math.max(hi / lo, 1.1) ** share;
    return [lo / k, hi * k];
  }
  const air = (hi - lo || Math.abs(hi) || 1) * share;
  return [lo - air, hi + air];
}

// ticksOf are the values of the ticks of a scale: about as many as wanted. binary
// asks for powers of two, as workers and speedups have, so that the 1 is among them.
export function ticksOf(scale, wanted, binary) {
  const { lo, hi } = scale;
  if (!scale.log) return evenTicks(lo, hi, wanted);
  if (binary) {
    const first = Math.ceil(Math.log2(lo) - 1e-9), last = Math.floor(Math.log2(hi) + 1e-9);
    const all = Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => 2 ** (first + i));
    if (all.length < 2) return evenTicks(lo, hi, wanted);
    const step = Math.ceil(all.length / wanted);
    return all.filter((v) => Math.round(Math.log2(v)) % step === 0);
  }
  for (const digits of [[1, 2, 3, 4, 5, 6, 8], [1, 2, 5], [1, 3], [1]]) {
    const all = [];
    for (let e = Math.floor(Math.log10(lo)); e <= Math.log10(hi); e++) all.push(...digits.map((d) => d * 10 ** e));
    const inside = all.filter((v) => v >= lo && v <= hi);
    if (inside.length <= wanted && inside.length > 1) return inside;
  }
  return evenTicks(lo, hi, wanted);
}

function evenTicks(lo, hi, wanted) {
  const rough = (hi - lo) / wanted, size = 10 ** Math.floor(Math.log10(rough));
  const step = size * [1, 2, 5, 10].find((k) => k * size >= rough);
  const all = [];
  for (let i = Math.ceil(lo / step - 1e-9); i * step <= hi + step * 1e-9; i++) all.push(i * step);
  return all;
}
