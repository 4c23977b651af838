// Every kind of page in every shop and language is valid HTML (vnu): no error. Needs KADE_TEST_URL and Java.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { every_page, fetch_page } from "./crawl.mjs";
import { done, ok } from "./lib.mjs";

const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
const folder = mkdtempSync(join(process.env.KADE_TEST_TMP || tmpdir(), "valid-"));
const files = new Map();
for (const page of await every_page()) {
  const file = join(folder, `${page.shop}-${page.lang}-${page.name}.html`);
  writeFileSync(file, (await fetch_page(page.url)).body);
  files.set(file, page);
}
let report = "";
try {
  execFileSync("java", ["-jar", jar, "--format", "json", "--errors-only", ...files.keys()], { encoding: "utf8", maxBuffer: 64 << 20, stdio: ["ignore", "pipe", "pipe"] });
} catch (error) {
  report = error.stderr || error.stdout || String(error);
}
const faults = report.startsWith("{") ? JSON.parse(report).messages : report ? [{ url: "", message: report.slice(0, 500) }] : [];
ok(files.size >= 60 && !faults.some((f) => f.url === ""), `${files.size} pages are read`, faults.filter((f) => f.url === "").map((f) => f.message).join("\n"));
for (const [file, page] of files) {
  const own = faults.filter((f) => f.url.endsWith(file));
  ok(own.length === 0, `${page.shop} ${page.lang} ${page.name}: valid HTML`, own.map((f) => `${f.lastLine}: ${f.message} ${f.extract ?? ""}`).join("\n"));
}
rmSync(folder, { recursive: true });
done();
