// Elements, and numbers in words. Nothing here knows curves.

// fill gives an element its attributes and children. A function is a listener of
// the event that its name is; true is an attribute without a value; false, null and
// undefined are none.
function fill(e, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') e.addEventListener(name, value);
    else if (value === true) e.setAttribute(name, '');
    else if (value !== false && value != null) e.setAttribute(name, value);
  }
  e.append(...children.filter((c) => c != null));
  return e;
}

// el makes an HTML element, shape one of SVG. Strings among the children are text.
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const shape = (tag, attributes = {}, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

// number writes a number in three digits, as package words does in Go.
export function number(v) {
  if (v == null || !Number.isFinite(v)) return '—';
  const size = Math.abs(v);
  if (v !== 0 && (size < 0.001 || size >= 1e6)) return String(Number(v.toPrecision(3)).toExponential()).replace('e+', 'e');
  return String(Number(v.toPrecision(3)));
}

// percent writes a share: "61.8 %".
export const percent = (v) => `${number(100 * v)} %`;

const timeUnits = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [1e-9, 'ns']];

// timeUnit is the largest unit of time that is not above a time: [factor, name].
export const timeUnit = (t) => timeUnits.find(([factor]) => t >= factor) ?? timeUnits[3];

// seconds writes a time with its unit: "58.8 ms".
export function seconds(t) {
  const [factor, name] = timeUnit(t);
  return `${number(t / factor)} ${name}`;
}

// range writes an interval; an end that is null has no bound.
export function range(low, high, write) {
  if (low == null && high == null) return '';
  if (high == null) return ` (≥ ${write(low)})`;
  if (low == null) return ` (≤ ${write(high)})`;
  return ` [${write(low)}, ${write(high)}]`;
}

// count writes how many there are of a noun: "1 worker", "2 workers".
export const count = (n, noun) => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;

// ordinal writes a place: "1st", "12th".
export function ordinal(n) {
  const end = n % 100 > 10 && n % 100 < 14 ? 'th' : ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th';
  return n + end;
}

// path joins points [x, y] to the text of a path.
export const path = (points) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

const polygon = (corners) => (r) => `M${corners.map(([x, y]) => `${(x * r).toFixed(2)} ${(y * r).toFixed(2)}`).join('L')}z`;
const outlines = {
  circle: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  square: polygon([[-0.86, -0.86], [0.86, -0.86], [0.86, 0.86], [-0.86, 0.86]]),
  triangle: polygon([[-1.13, 0.75], [1.13, 0.75], [0, -1.25]]),
  'triangle-down': polygon([[-1.13, -0.75], [0, 1.25], [1.13, -0.75]]),
  diamond: polygon([[-1.15, 0], [0, -1.3], [1.15, 0], [0, 1.3]]),
  cross: polygon([[-0.42, -1.2], [0.42, -1.2], [0.42, -0.42], [1.2, -0.42], [1.2, 0.42], [0.42, 0.42], [0.42, 1.2], [-0.42, 1.2], [-0.42, 0.42], [-1.2, 0.42], [-1.2, -0.42], [-0.42, -0.42]]),
};

// marker draws the marker of a series around a place: the shape is that of the series,
// the filling says where its times come from, as in the figures that Go draws.
export function marker(series, x, y, r = 4.6) {
  const outline = Object.hasOwn(outlines, series.shape) ? outlines[series.shape] : outlines.circle;
  const full = series.source === 'real', color = `var(--${series.color})`;
  return shape('g', { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
    full ? shape('path', { d: outline(r), fill: color, stroke: 'var(--paper)', 'stroke-width': 1.2 })
      : shape('path', { d: outline(series.source === 'simulated' ? r * 1.6 : series.source === 'emulated' ? r * 1.4 : r), fill: ['slow', 'emulated'].includes(series.source) ? color : 'none', 'fill-opacity': 0.5, stroke: color, 'stroke-width': 1.6 }));
}

const dashes = { dashed: '6 4', 'dash-dot': '8 3 1.5 3', 'long dashes': '12 5', dotted: '1.5 3.5' };

// dashOf is the pattern of the line of a series.
export const dashOf = (name) => (Object.hasOwn(dashes, name) ? dashes[name] : null);

// calm reports whether the reader wants no motion.
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

// chip makes a button that is pressed or not.
export function chip(text, pressed, click, attributes = {}) {
  return el('button', { type: 'button', class: 'chip', 'aria-pressed': String(pressed), click, ...attributes }, ...[text].flat());
}

// panelRow makes labelled controls that belong together.
export const controlGroup = (label, ...children) => el('div', { class: 'controls', role: 'group', 'aria-label': label }, el('span', { class: 'label' }, label), ...children);
