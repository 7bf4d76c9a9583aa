// Compiles the engine: `node chain/engine/build.mjs [--force]` makes build/engine.wasm and build/engine.trace.wasm.
// It knows the compiler's flags and what a module that shares its memory must not contain; nothing of the engine's content.

import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { main as asc } from "assemblyscript/asc";
import { STATIC_BASE, STATIC_END, STATIC_TRACE_BASE } from "./layout.ts";

const engineFolder = import.meta.dirname;
const PAGE = 65536; // bytes of a WebAssembly page

/** Compiled along with every entry, for checkStaticData: where the static data ends is known to the compiler alone. */
const END_MARK = "static-data-end.ts";
const END_MARK_SOURCE = "export function staticDataEnd(): usize { return __heap_base; }";

/**
 * Every instantiation writes the static data anew, and threads share the memory. So: constants only, no allocator, the two
 * copies' data apart. SIMD is for byte order: one shuffle reverses sixteen bytes.
 */
const FLAGS = [
  ["--enable", "threads", "--enable", "bulk-memory", "--enable", "simd"],
  ["--importMemory", "--sharedMemory", "--zeroFilledMemory"],
  ["--initialMemory", String(STATIC_END / PAGE), "--maximumMemory", "65536"],
  ["--runtime", "stub", "--noAssert", "-O3", "--noColors"],
].flat();

/**
 * Compiles `entry` to `output` unless the output is newer than every source.
 * @param {object} options
 * @param {string} options.entry path of the AssemblyScript entry
 * @param {string} options.output path of the module to write
 * @param {boolean} [options.trace] build the tracing copy: config.trace.ts for config.ts, static data in the second half
 * @param {boolean} [options.force] compile even if nothing changed
 * @returns {Promise<boolean>} whether it compiled
 * @throws {Error} with the compiler's messages, or naming what a shared module must not contain
 */
export async function compile({ entry, output, trace = false, force = false }) {
  const started = new Date();
  if (!force && isFresh(output, [...sources(engineFolder), ...sources(dirname(resolve(entry)))]))
    return false;

  const written = new Map();
  const baseDir = engineFolder;
  const args = [
    relative(baseDir, resolve(entry)),
    END_MARK,
    "--outFile",
    "module.wasm",
    "--textFile",
    "module.wat",
    ...FLAGS,
  ];
  args.push("--memoryBase", String(trace ? STATIC_TRACE_BASE : STATIC_BASE));
  const { error, stderr } = await asc([...args, "--baseDir", baseDir], {
    readFile: (name, base) => {
      if (name === END_MARK) return END_MARK_SOURCE;
      const path = resolve(base, name);
      const replaced = trace && path === join(engineFolder, "config.ts");
      return readText(replaced ? join(engineFolder, "config.trace.ts") : path);
    },
    writeFile: (name, contents) => void written.set(basename(name), contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${entry} does not compile.\n${stderr.toString() || error.message}`);

  const text = written.get("module.wat");
  checkRuntime(entry, text);
  checkStaticData(entry, text, trace ? STATIC_END : STATIC_TRACE_BASE - STATIC_BASE);

  // Renamed into place, so that a process that loads it meanwhile sees the old module or the new one. Dated from the start,
  // so that a source saved during the compilation makes it stale.
  mkdirSync(dirname(resolve(output)), { recursive: true });
  const draft = `${output}.${process.pid}`;
  writeFileSync(draft, written.get("module.wasm"));
  utimesSync(draft, started, started);
  renameSync(draft, output);
  return true;
}

/** Compiles both copies of the engine. Takes `force`; returns the paths of the modules. */
export async function buildEngine({ force = false, log = (_line) => {} } = {}) {
  const entry = join(engineFolder, "index.ts");
  const engine = join(engineFolder, "build", "engine.wasm");
  const tracing = join(engineFolder, "build", "engine.trace.wasm");
  for (const output of [engine, tracing]) {
    const started = performance.now();
    const compiled = await compile({ entry, output, trace: output === tracing, force });
    const name = relative(process.cwd(), output);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    log(
      compiled ? `${name}: ${statSync(output).size} bytes, compiled in ${seconds} s` : `${name}: up to date`,
    );
  }
  return { engine, tracing };
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "EISDIR") return null; // the compiler tries several paths per import
    throw error;
  }
}

/** The files that a module depends on in a folder and below: sources, this script. */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && /\.(ts|mjs)$/.test(file.name) && !/\.test\.ts$/.test(file.name))
    .map((file) => join(file.parentPath, file.name));
}

function isFresh(output, files) {
  const built = statSync(output, { throwIfNoEntry: false });
  return built !== undefined && files.every((file) => statSync(file).mtimeMs < built.mtimeMs);
}

/** Neither an allocator nor abort may be linked: the one is per instance, the other throws through the host. */
function checkRuntime(entry, text) {
  const runtime = text.match(/\$~lib\/rt\/[\w/~.#:$]+/);
  if (runtime)
    throw new Error(
      `${entry} links the allocator (${runtime[0]}): remove what needs it - new, arrays, strings, closures.`,
    );
  const abort = text.match(/\$~lib\/builtins\/abort/);
  if (abort)
    throw new Error(`${entry} imports abort: remove the throw, the bounds check or the assertion behind it.`);
}

/** The module's static data, reserved or initialised, must lie in its half of the static area. */
function checkStaticData(entry, text, limit) {
  const found = text.match(/\(func \$\S*staticDataEnd \(result i32\)\s+i32\.const (\d+)/);
  if (!found)
    throw new Error(
      `${entry}: staticDataEnd is not in the compiler's output; adapt build.mjs to its new form.`,
    );
  if (Number(found[1]) > limit)
    throw new Error(
      `${entry}: static data reaches ${found[1]}, beyond ${limit}: shrink it or move the bases in layout.ts.`,
    );
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await buildEngine({ force: process.argv.includes("--force"), log: (line) => console.log(line) });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
