// The control block: the fixed addresses of everything that threads share and change. Plain constants, imported by the
// engine and by the host alike. Words that several threads write have a cache line of their own.

export const CONTROL = 262144; // STATIC_END
export const CONTROL_SIZE = 65536;
export const HEAP_START = CONTROL + CONTROL_SIZE;

/* INSTANCE: memory that one instance alone touches, wherever the host put it */

export const SCRATCH_SIZE = 4096;
export const BLOOM_CACHE_SIZE = 256 * 48;
export const INSTANCE_SIZE = SCRATCH_SIZE + BLOOM_CACHE_SIZE;

/* HEAP */

export const HEAP_TOP = CONTROL; // u64, atomic: first free byte of linear memory
export const FREE_LISTS = CONTROL + 32768; // FREE_LISTS_SIZE bytes (memory.ts)

/* STATE: written by the holder of the commit token, or by the owning thread while no block executes */

export const HASH_SEED = CONTROL + 64; // u64, random per process, so that no table's collisions can be prepared
export const ACCOUNT_TABLE = CONTROL + 72; // u32, atomic
export const STORAGE_TABLE = CONTROL + 76; // u32, atomic
export const CODE_TABLE = CONTROL + 80; // u32, atomic
export const EMPTY_CODE = CONTROL + 84; // u32, code record of the empty code
export const HEAD_VERSION = CONTROL + 88; // u64, the newest committed version
export const BLOCK_BASE = CONTROL + 96; // u64, HEAD_VERSION when the open block began
export const UNDO_LOG = CONTROL + 104; // u32, address of u32 location references in order of first change
export const UNDO_TOP = CONTROL + 108; // u32, entries in it
export const UNDO_CAPACITY = CONTROL + 112; // u32, entries
export const UNDO_BLOCK_START = CONTROL + 116; // u32, UNDO_TOP when the open block began
export const DIRTY_FROM = CONTROL + 120; // u32, first entry of the undo log that the tries have not seen
export const STALE_LIST = CONTROL + 124; // u32, references popped since the tries were brought up to date
export const STALE_TOP = CONTROL + 128; // u32
export const STALE_CAPACITY = CONTROL + 132; // u32
export const RETIRED_TABLES = CONTROL + 136; // u32, tables outgrown in this block, linked by their second word
export const STATE_TRIE = CONTROL + 140; // u32
export const DIRTY_ACCOUNTS = CONTROL + 148; // u32, first account whose trie entry is being brought up to date
export const FORK_GENERATION = CONTROL + 144; // u32, atomic: raised whenever committed cells are popped

/* BLOCK: the one being executed */

export const ENVIRONMENT = CONTROL + 1024; // ENV_SIZE bytes (layout.ts)
export const BLOCK = CONTROL + 16384;
export const BLOCK_TRANSACTIONS = BLOCK; // u32, address of u32 addresses of TX structs
export const BLOCK_RESULTS = BLOCK + 4; // u32, address of RESULT structs
export const BLOCK_COUNT = BLOCK + 8; // u32
export const BLOCK_WORKERS = BLOCK + 12; // u32, threads that take part
export const BLOCK_STARTED = BLOCK + 16; // f64, host clock in microseconds
export const BLOCK_GAS_USED = BLOCK + 24; // u64, committed
export const BLOCK_BLOB_GAS_USED = BLOCK + 32; // u64, committed
export const BLOCK_INCLUDED = BLOCK + 40; // u32, committed
export const BLOCK_NEXT = BLOCK + 64; // u32, atomic: next transaction to hand to a worker
export const BLOCK_FRONTIER = BLOCK + 128; // u32, atomic: transactions 0 to this - 1 are done
export const TOKEN = BLOCK + 192; // u32, atomic: 0, or 1 + the worker that holds the commit token
export const TOKEN_EPOCH = BLOCK + 196; // u32, raised when the token is taken from a dead holder
export const COMMIT_STATE = BLOCK + 200; // u32, atomic: 0, or 1 + the transaction whose sealed write set is being published
export const COMMIT_ENTRIES = BLOCK + 204; // u32, address of SEAL entries
export const COMMIT_COUNT = BLOCK + 208; // u32
export const COMMIT_CAPACITY = BLOCK + 212; // u32
export const COMMIT_UNDO_TOP = BLOCK + 216; // u32, the undo log's top after publishing
export const COMMIT_BLOB_GAS = BLOCK + 224; // u64, the block's blob gas after publishing
export const EXECUTION_BASE = BLOCK + 232; // u64: the transaction at position p commits as version EXECUTION_BASE + 1 + p
export const TOKEN_CONTEXT = BLOCK + 240; // u32, the large context; its arena follows
export const TOKEN_CONTEXT_SIZE = BLOCK + 244; // u32
export const TOKEN_ARENA = BLOCK + 248; // u32

/* WORKERS: parking and jobs */

export const JOB_EPOCH = BLOCK + 256; // u32, atomic: raised by the owning thread when there is work; workers wait on it
export const JOB_KIND = BLOCK + 320; // u32, JOB_*
export const JOB_OPEN = BLOCK + 324; // u32, atomic: 1 while workers may enter the job
export const JOB_COUNT = BLOCK + 328; // u32
export const JOB_ITEMS = BLOCK + 332; // u32, address; meaning depends on the kind
export const JOB_NEXT = BLOCK + 384; // u32, atomic
export const WORKER_ACTIVE = BLOCK + 1024; // u32 per worker, 64 bytes apart, atomic: 1 while inside a job
export const MAX_WORKERS = 64;

export const BODY_COUNT = BLOCK + 448; // u32, included transactions
export const BODY_POSITIONS = BLOCK + 452; // u32, address of their u32 positions
export const BODY_RECEIPTS = BLOCK + 456; // u32, address of ordered trie items
export const BODY_TRANSACTIONS = BLOCK + 460; // u32, likewise
export const BODY_RECEIPT_LEAVES = BLOCK + 464; // u32, address of ordered trie references
export const BODY_TRANSACTION_LEAVES = BLOCK + 468; // u32, likewise

export const JOB_BLOCK = 1; // take part in the block's execution
export const JOB_TRIE = 2; // items are TRIE_JOB structs (roots.ts)
export const JOB_BODY = 3; // runs of leaves (body-roots.ts)
export const JOB_RECOVER = 4; // sender recovery, done by the host
export const JOB_EXIT = 5;

/* TEST HOOKS: zero in production; the differential fuzzer sets them through EngineOptions */

export const HOOKS = BLOCK + 512;
export const HOOK_REPLAY_SEED = HOOKS; // u64, first reads of speculation may return an older cell of the same block
export const HOOK_DELAY_SEED = HOOKS + 8; // u64, random spins at the points where threads meet
export const HOOK_SKIP_VALIDATION = HOOKS + 16; // u32, planted fault
export const HOOK_DROP_READ = HOOKS + 20; // u32, planted fault: every n-th read is missing from the log
export const HOOK_KILL = HOOKS + 24; // u32, workers ask the host whether to die, one in n

/* RESULT: one per transaction of the block */

export const RESULT_STATE = 0; // u32, atomic, STATE_*
export const RESULT_EXCLUSION = 4; // u32, EXCLUDED_*, zero when included
export const RESULT_OUTCOME = 8; // u32, OUTCOME_* or HALT_*
export const RESULT_INDEX = 12; // u32, in the block
export const RESULT_GAS_USED = 16; // u64
export const RESULT_GAS_REFUNDED = 24; // u64
export const RESULT_CUMULATIVE_GAS = 32; // u64
export const RESULT_BLOB_GAS = 40; // u64
export const RESULT_GAS_PRICE = 48; // word, effective wei per gas
export const RESULT_CONTRACT = 80; // word, address of the created contract
export const RESULT_HAS_CONTRACT = 112; // u32
export const RESULT_CONTEXT = 116; // u32, the speculative run that waits for its commit
export const RESULT_WORKER = 120; // u32, who ran the attempt that was committed
export const RESULT_ATTEMPTS = 124; // u32
export const RESULT_STARTED = 128; // f64, host clock in microseconds
export const RESULT_FINISHED = 136; // f64
export const RESULT_WASTED_GAS = 144; // u64
export const RESULT_LOGS = 152; // u32, address of LOG records
export const RESULT_LOGS_LENGTH = 156; // u32
export const RESULT_OUTPUT = 160; // u32
export const RESULT_OUTPUT_LENGTH = 164; // u32
export const RESULT_ACCESSES = 168; // u32, address of u32 location references, reads first
export const RESULT_READ_COUNT = 172; // u32
export const RESULT_WRITE_COUNT = 176; // u32
export const RESULT_CONFLICT_COUNT = 180; // u32
export const RESULT_CONFLICTS = 184; // RESULT_MAX_CONFLICTS of CONFLICT_SIZE
export const RESULT_MAX_CONFLICTS = 4;
export const CONFLICT_LOCATION = 0; // u32, location reference
export const CONFLICT_WRITER = 4; // u32, position in the block's list
export const CONFLICT_PC = 8; // u32
export const CONFLICT_CODE = 12; // u32, code record, 0 when not read by an instruction
export const CONFLICT_SIZE = 16;
export const RESULT_BLOOM = 248; // 256 bytes
export const RESULT_ACCESS_CAPACITY = 504; // u32, references that RESULT_ACCESSES has room for
export const RESULT_SIZE = 512;

export const STATE_PENDING = 0;
export const STATE_RUNNING = 1; // plus the worker, shifted left by 8
export const STATE_EXECUTED = 2;
export const STATE_DONE = 3;

/* LOCATION REFERENCE: a record's address (16-aligned) plus one of these */

export const LOCATION_BALANCE = 0;
export const LOCATION_NONCE = 1;
export const LOCATION_CODE = 2;
export const LOCATION_STORAGE = 3;

/* EXCLUSIONS: the order of `Exclusion` in the host's types */

export const EXCLUDED_NONCE_TOO_LOW = 1;
export const EXCLUDED_NONCE_TOO_HIGH = 2;
export const EXCLUDED_NONCE_IS_MAX = 3;
export const EXCLUDED_FUNDS = 4;
export const EXCLUDED_INTRINSIC_GAS = 5;
export const EXCLUDED_FLOOR_GAS = 6;
export const EXCLUDED_GAS_MAXIMUM = 7;
export const EXCLUDED_BLOCK_GAS = 8;
export const EXCLUDED_BLOB_GAS = 9;
export const EXCLUDED_BASE_FEE = 10;
export const EXCLUDED_PRIORITY_FEE = 11;
export const EXCLUDED_BLOB_FEE = 12;
export const EXCLUDED_SENDER_CODE = 13;
export const EXCLUDED_INITCODE_SIZE = 14;
export const EXCLUDED_TYPE = 15;
export const EXCLUDED_BLOB_CREATE = 16;
export const EXCLUDED_NO_BLOBS = 17;
export const EXCLUDED_BLOB_COUNT = 18;
export const EXCLUDED_BLOB_VERSION = 19;
export const EXCLUDED_SET_CODE_CREATE = 20;
export const EXCLUDED_NO_AUTHORIZATIONS = 21;
export const EXCLUDED_MEMORY = 22;
