// Gives back the lock that Ponder took with a database of PGlite and did not give back: it ends before its own unlocking is
// done, and the next run would wait up to 25 seconds for it. Such a database has one launcher, which runs this between two runs:
// `node unlock.ts DIRECTORY`. A process of its own, since PostgreSQL takes some memory and gives none back.
import { PGlite } from "@electric-sql/pglite";

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("name the database's directory");
const database = new PGlite(directory);
await database.exec(`UPDATE public._ponder_meta SET value = jsonb_set(value, '{is_locked}', to_jsonb(0))`);
await database.close();
