// The upper tail of the F distribution, for the test of lack of fit.

// logGamma is ln Γ(x), for x > 0, to 14 digits.
// Source: C. Lanczos, SIAM Journal on Numerical Analysis B 1, 1964.
function logGamma(x) {
  const coefficients = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
  let sum = 0.99999999999980993;
  coefficients.forEach((c, i) => { sum += c / (x + i); });
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

// incompleteBeta is the regularised incomplete beta function I_x(a, b), for x
// from 0 to 1, by its continued fraction.
// Source: Abramowitz & Stegun, 26.5.8; W. J. Lentz, Applied Optics 15, 1976.
function incompleteBeta(a, b, x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const keep = (v) => (Math.abs(v) < 1e-300 ? 1e-300 : v);
  let c = 1, d = 1 / keep(1 - (a + b) * x / (a + 1)), value = d;
  for (let m = 1; m < 500; m++) {
    for (const s of [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / keep(1 + s * d);
      c = keep(1 + s / c);
      value *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * value;
}

// fTail is the probability that noise alone gives a ratio over/under of two mean
// squares as large as this one, with their degrees of freedom.
export function fTail(over, under, overDF, underDF) {
  if (under === 0) return over === 0 ? 1 : 0;
  return incompleteBeta(underDF / 2, overDF / 2, underDF / (underDF + overDF * over / under));
}
