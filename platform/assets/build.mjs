// Bundles the style sheet, the script and the fonts of Acogida into the folder given as first argument,
// with a hash in each name, and writes there `manifest.json`: {"sources": <second argument>, "files": {plain: hashed}}.
// Called by acogida.web.assets, which knows where things live and when a build is needed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const [out = join(here, "../src/acogida/web/static"), sources = ""] = process.argv.slice(2);
const fonts = join(here, "node_modules/@fontsource-variable/source-sans-3/files");

// Pages ask for these by name besides what the style sheet itself refers to.
const singles = {
  "source-sans-3.woff2": join(fonts, "source-sans-3-latin-wght-normal.woff2"),
  "mark.svg": join(here, "src/mark.svg"),
};

// A part that nobody has written yet is an empty file, so that each part can arrive in its own time.
const optional = {
  name: "optional",
  setup(build) {
    build.onResolve({ filter: /^optional:/ }, (args) => {
      const path = join(args.resolveDir, args.path.slice("optional:".length));
      return existsSync(path) ? { path } : { path, namespace: "missing" };
    });
    build.onLoad({ filter: /.*/, namespace: "missing" }, (args) => ({
      contents: "",
      loader: extname(args.path) === ".css" ? "css" : "js",
    }));
  },
};

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/app.css", "src/app.js", "src/grid.js", "src/verify.js"],
  outdir: out,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari15.6"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
  alias: { "#fonts": fonts },
  legalComments: "none",
  plugins: [optional],
  logLevel: "warning",
});

const files = {};
const keep = new Set(["manifest.json", "build.lock"]);
mkdirSync(out, { recursive: true });

function put(name, contents) {
  const path = join(out, name);
  if (!existsSync(path)) {
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  keep.add(name);
}

for (const file of result.outputFiles) {
  put(basename(file.path), file.contents);
}
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) files[basename(output.entryPoint)] = basename(path);
}
for (const [name, path] of Object.entries(singles)) {
  const contents = readFileSync(path);
  // The same font is already there under esbuild's name when the style sheet refers to it: one file, one download.
  const same = result.outputFiles.find((file) => Buffer.from(file.contents).equals(contents));
  if (same) {
    files[name] = basename(same.path);
    continue;
  }
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8);
  const extension = extname(name);
  files[name] = `${basename(name, extension)}-${hash}${extension}`;
  put(files[name], contents);
}

writeFileSync(join(out, `manifest.json.${process.pid}`), JSON.stringify({ sources, files }, null, 1));
renameSync(join(out, `manifest.json.${process.pid}`), join(out, "manifest.json"));

for (const name of readdirSync(out)) {
  if (!keep.has(name)) rmSync(join(out, name), { force: true });
}
