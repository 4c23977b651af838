// Nothing said in one language only: every [[text]] of the templates and every text marked in C has a translation
// in each locale, says what its placeholders say, and the templates carry no words outside the marks.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../../", import.meta.url));
const state = { n: 0, bad: 0 };
function ok(pass, name, why = "") {
  state.n += 1;
  if (!pass) state.bad += 1;
  console.log(`${pass ? "ok" : "not ok"} ${state.n} - ${name}`);
  if (!pass) for (const line of why.split("\n").slice(0, 12)) console.log(`# ${line}`);
}
const below = (folder, ending) => existsSync(join(top, folder))
  ? readdirSync(join(top, folder), { recursive: true }).filter((f) => f.endsWith(ending)).map((f) => join(top, folder, f)) : [];

// PO text to a map: msgid -> its translations (several for plurals).
function parse(po) {
  const entries = new Map();
  let entry = {};
  let key = "";
  const keep = () => {
    if (entry.msgid) entries.set(entry.msgid, Object.keys(entry).filter((k) => k.startsWith("msgstr")).map((k) => entry[k]));
    entry = {};
  };
  for (const line of po.split("\n")) {
    const start = line.match(/^(msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$/);
    const text = (start?.[2] ?? line.match(/^"(.*)"$/)?.[1])?.replace(/\\n/g, "\n").replace(/\\(["\\])/g, "$1");
    if (start?.[1] === "msgid") keep();
    if (start) key = start[1];
    if (text !== undefined) entry[key] = (entry[key] ?? "") + text;
  }
  keep();
  return entries;
}

const templates = below("templates", ".tpl");
const wanted = new Set();
for (const file of templates) for (const [, text] of readFileSync(file, "utf8").matchAll(/\[\[([^]+?)\]\]/g)) wanted.add(text);
const sources = [...below("src", ".c"), ...below("modules", ".c")];
if (sources.length > 0) {
  const pot = execFileSync("xgettext", ["-L", "C", "--from-code=UTF-8", "-k_", "-kN_", "-ktr_n:1,2", "-o", "-", ...sources], { encoding: "utf8", maxBuffer: 16 << 20, stdio: ["ignore", "pipe", "ignore"] });
  for (const id of parse(pot).keys()) wanted.add(id);
}
ok(wanted.size > 80, "texts are found", String(wanted.size));
const marks = (text) => (text.match(/%[0-9$]*(?:z|ll|l)?[a-z%]/g) ?? []).map((m) => m.replace(/[0-9]+[$]/, "")).sort().join(" ");
for (const lang of ["si", "ta", "ar"]) {
  const said = new Map();
  for (const file of below("locale", `${lang}.po`)) for (const [id, texts] of parse(readFileSync(file, "utf8"))) if (texts.every((t) => t !== "") && !said.has(id)) said.set(id, texts);
  const missing = [...wanted].filter((id) => !said.has(id));
  ok(missing.length === 0, `${lang}: ${wanted.size} texts, none missing`, missing.join("\n"));
  const wrong = [...said].filter(([id, texts]) => texts.length === 1 && marks(id) !== marks(texts[0])).map(([id]) => id);
  ok(wrong.length === 0, `${lang}: placeholders are kept`, wrong.join("\n"));
}
for (const file of templates) {
  if (readFileSync(file, "utf8").startsWith("{{! For programs:")) continue;
  const bare = readFileSync(file, "utf8").replace(/\{\{SHOP_URL\}\}\S*/g, "").replace(/\{\{[^]*?\}\}/g, "").replace(/\[\[[^]*?\]\]/g, "").replace(/<style>[^]*?<\/style>|<!doctype[^>]*>|<[^>]*>/g, " ").match(/\p{L}{2,}/gu) ?? [];
  const attr = [...readFileSync(file, "utf8").matchAll(/(?:aria-label|placeholder|title)="([^"{[]*\p{L}[^"]*)"/gu)].map((m) => m[1]);
  ok(bare.length + attr.length === 0, `${file.slice(top.length)}: no words outside the marks`, [...bare, ...attr].join(" "));
}
console.log(`1..${state.n}`);
process.exitCode = state.bad === 0 ? 0 : 1;
