// What can go wrong with files on disk, in words that say what to do. It must not know what the files mean.

/** A data directory or its log that can't be used as it is. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** What the operating system refused, as a StoreError; anything else as it is. */
export function asStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const refuse = (words: string) => new StoreError(`${path} ${words}`, { cause: error });
  switch (error.code) {
    case "EEXIST":
    case "ENOTDIR":
      return refuse("is not a directory; name one, or a path where one can be made");
    case "EISDIR":
      return refuse("is a directory where a file should be; name another data directory");
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return refuse(
        `can't be written (${error.code}); give this user access, or name another data directory`,
      );
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return refuse(
        `can't grow (${error.code}): the disk or a limit is full; make room and start again. ` +
          "What was answered before is kept",
      );
    default:
      return refuse(`can't be used: ${error.message}`);
  }
}
