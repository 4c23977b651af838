// The style sheets without a browser: no physical sides, every token of light also in both dark blocks, and every
// pair of colours that the design documents measured. Reads static/css.
import { readFileSync, readdirSync } from "node:fs";

const state = { n: 0, bad: 0 };
function ok(pass, name, why = "") {
  state.n += 1;
  if (!pass) state.bad += 1;
  console.log(`${pass ? "ok" : "not ok"} ${state.n} - ${name}`);
  if (!pass && why) console.log(`# ${why}`);
}

const folder = new URL("../../static/css/", import.meta.url);
const files = readdirSync(folder).filter((f) => f.endsWith(".css"));
const read = (f) => readFileSync(new URL(f, folder), "utf8").replace(/\/\*[^]*?\*\//g, "");

for (const file of files) {
  const css = read(file);
  const bad = css.split(/[;{}]/).map((d) => d.trim()).filter((d) =>
    /(^|[\s-])(left|right)(?=-|\s*$)/.test(d.split(":")[0]) || /^(float|clear|text-align)\s*:\s*(left|right)/.test(d) ||
    /^(width|height|(min|max)-(width|height)|(margin|padding|border|inset)-(top|bottom)|top|bottom)\s*:/.test(d) ||
    /^(margin|padding|inset|border-(width|style|color))\s*:\s*\S+\s+\S+\s+\S+\s+\S+$/.test(d.replace(/\([^()]*(\([^()]*\)[^()]*)*\)/g, "()")));
  ok(bad.length === 0, `${file}: logical properties only`, bad.join(" | "));
  ok(!/!important/.test(css.replace(/@media \((prefers-reduced-motion: reduce|forced-colors: active)\) \{(?:[^{}]|\{[^{}]*\})*\}/g, "").replace("[hidden] { display: none !important; }", "")), `${file}: !important only where a reader's wish wins`);
  ok(!/url\(\s*["']?(https?:|\/\/|data:)/.test(css), `${file}: fetches nothing from elsewhere`);
}

const css = read("app.css");
function block(start) {
  const from = css.indexOf("{", css.indexOf(start)) + 1;
  const names = {};
  for (const [, name, value] of css.slice(from, css.indexOf("}", from)).matchAll(/(--[\w-]+):\s*([^;]+);/g)) names[name] = value.trim();
  return names;
}
const light = block(":root {");
const themes = { light, "dark by the system": block(':root:not([data-theme="light"]) {'), "dark by choice": block(':root[data-theme="dark"] {') };
for (const [name, tokens] of Object.entries(themes)) {
  // One that names another follows it into the dark.
  const missing = Object.keys(light).filter((t) => !tokens[t] && !light[t].startsWith("var("));
  ok(missing.length === 0, `${name}: every colour token`, missing.join(" "));
}
ok(JSON.stringify(themes["dark by the system"]) === JSON.stringify(themes["dark by choice"]), "both dark blocks say the same");

function luminance(hex) {
  const h = hex.slice(1);
  const full = h.length < 6 ? [...h].map((c) => c + c).join("") : h;
  const [r, g, b] = [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  if (!a || !b) return 0;
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}
// text on surface: 4.5; controls and pictures that carry meaning: 3
const text = [
  ...["bg", "subtle", "raised", "sunken"].flatMap((s) => ["text", "muted", "link", "brand-text", "bad"].map((t) => [t, s])),
  ["faint", "bg"], ["faint", "subtle"], ["brand-ink", "brand"], ["brand-ink", "brand-hover"], ["text", "brand-soft"], ["muted", "brand-soft"], ["brand-text", "brand-soft"],
  ["ok", "ok-bg"], ["warn", "warn-bg"], ["bad", "bad-bg"], ["info", "info-bg"], ["text", "ok-bg"], ["text", "warn-bg"], ["text", "bad-bg"], ["text", "info-bg"],
  ["ok", "bg"], ["warn", "bg"], ["info", "bg"], ["ok", "subtle"], ["warn", "subtle"], ["bg", "text"], ["bg", "bad"],
  ...[1, 2, 3, 4, 5, 6].map((i) => [`tint-${i}-ink`, `tint-${i}`]),
];
const control = [["border-strong", "bg"], ["border-strong", "subtle"], ["border-strong", "raised"], ["focus", "bg"], ["focus", "subtle"], ["star", "bg"], ["brand", "bg"], ["brand-border", "bg"], ["brand-border", "brand-soft"]];
for (const [name, tokens] of Object.entries(themes)) {
  for (const [pairs, least] of [[text, 4.5], [control, 3]]) {
    const low = pairs.map(([a, b]) => [a, b, contrast(tokens[`--${a}`], tokens[`--${b}`])]).filter(([, , c]) => !(c >= least));
    ok(low.length === 0, `${name}: ${pairs.length} pairs reach ${least}`, low.map(([a, b, c]) => `${a} on ${b} ${c.toFixed(2)}`).join(", "));
  }
}
console.log(`1..${state.n}`);
process.exitCode = state.bad === 0 ? 0 : 1;
