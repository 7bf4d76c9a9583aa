// Where fixture files come from: a .tar.gz archive, a folder or a single JSON file, read as a stream and never unpacked
// to disk. It must not know what the files hold.

import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import tar from "tar-stream";

export interface SourceFile {
  /** From the root of the source, with forward slashes. */
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Source {
  /** Paths of all JSON files, sorted. */
  list(): Promise<string[]>;
  /** The files, one at a time as the consumer asks for them. */
  read(): AsyncIterable<SourceFile>;
}

/** The sources that `path` stands for: archives lying in a folder count beside its JSON files. */
export async function openSources(path: string): Promise<Source[]> {
  const sources = [await openSource(path)];
  if ((await stat(path)).isDirectory()) {
    for (const name of (await readdir(path)).sort()) {
      if (isArchive(name)) sources.push(archiveSource(join(path, name)));
    }
  }
  return sources;
}

/** Throws an Error that says what was expected where `path` is none of the three. */
export async function openSource(path: string): Promise<Source> {
  const info = await stat(path).catch(() => null);
  if (info === null)
    throw new Error(`${path}: no such file or folder. Give a .tar.gz archive, a folder or a JSON file.`);
  if (info.isDirectory()) return folderSource(path);
  if (isArchive(path)) return archiveSource(path);
  if (path.endsWith(".json")) return fileSource(path);
  throw new Error(`${path}: not a fixture source. Give a .tar.gz archive, a folder or a JSON file.`);
}

function isArchive(path: string): boolean {
  return /\.(tar\.gz|tgz)$/.test(path);
}

/** Indexes that the fixture tools write beside the tests (`.meta/index.json`) are no tests. */
function isFixture(path: string): boolean {
  return path.endsWith(".json") && !path.split("/").some((part) => part.startsWith("."));
}

function archiveSource(path: string): Source {
  async function* entries(): AsyncIterable<{ path: string; content: AsyncIterable<Buffer> }> {
    const extract = tar.extract();
    // The iteration below reports the error: pipeline destroys `extract` with it.
    pipeline(createReadStream(path), createGunzip(), extract, () => {});
    for await (const entry of extract) {
      const name = entry.header.name.replace(/^(\.\/)+/, "");
      if (entry.header.type === "file" && isFixture(name))
        yield { path: name, content: entry as AsyncIterable<Buffer> };
      else entry.resume();
    }
  }
  return {
    async list() {
      const paths: string[] = [];
      for await (const entry of entries()) {
        paths.push(entry.path);
        for await (const _ of entry.content);
      }
      return paths.sort();
    },
    async *read() {
      for await (const entry of entries()) yield { path: entry.path, bytes: await collect(entry.content) };
    },
  };
}

async function collect(content: AsyncIterable<Buffer>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  // Own memory, so that it can be handed to a worker without a copy.
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function folderSource(root: string): Source {
  const list = async (): Promise<string[]> => {
    const paths = await readdir(root, { recursive: true });
    return paths
      .map((path) => path.split(sep).join("/"))
      .filter(isFixture)
      .sort();
  };
  return {
    list,
    async *read() {
      for (const path of await list())
        yield { path, bytes: new Uint8Array(await readFile(join(root, path))) };
    },
  };
}

function fileSource(path: string): Source {
  const name = basename(path);
  return {
    list: async () => [name],
    async *read() {
      yield { path: name, bytes: new Uint8Array(await readFile(path)) };
    },
  };
}
