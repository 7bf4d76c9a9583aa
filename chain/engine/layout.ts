// The memory map: where every struct that crosses a boundary keeps its fields, in bytes.
// Plain constants, so that the engine (AssemblyScript) and the host (TypeScript) import the same file.
// It must hold no code and know no rule of the EVM.
//
// Words: every 256-bit value, storage key and address inside the engine is a "word": 32 bytes, four u64 limbs,
// little-endian. An address is a word whose upper twelve bytes are zero. Hashes that leave the engine (topics,
// keccak digests fed to a trie) are "raw": 32 bytes, big-endian, as on the wire. "Offset" fields are relative to
// the start of their struct, so that a struct can be copied anywhere.

/* TRANSACTION, packed by the host at admission */

export const TX_SIZE = 0; // u32, whole struct including what its offsets point to
export const TX_TYPE = 4; // u8, EIP-2718 type, 0 to 4
export const TX_FLAGS = 5; // u8, TX_FLAG_*
export const TX_NONCE = 8; // u64
export const TX_GAS_LIMIT = 16; // u64
export const TX_DATA_OFFSET = 24; // u32
export const TX_DATA_LENGTH = 28; // u32
export const TX_ACCESS_LIST_OFFSET = 32; // u32, entries: address word, u32 key count, u32 zero, key words
export const TX_ACCESS_LIST_COUNT = 36; // u32, number of entries
export const TX_BLOB_HASHES_OFFSET = 40; // u32, words
export const TX_BLOB_HASHES_COUNT = 44; // u32
export const TX_AUTHORIZATIONS_OFFSET = 48; // u32, structs of AUTHORIZATION_SIZE
export const TX_AUTHORIZATIONS_COUNT = 52; // u32
export const TX_RAW_OFFSET = 56; // u32, signed envelope, the transactions trie's value
export const TX_RAW_LENGTH = 60; // u32, zero for calls
export const TX_SENDER = 64; // word
export const TX_TO = 96; // word, meaningful with TX_FLAG_HAS_TO
export const TX_VALUE = 128; // word, wei
export const TX_MAX_FEE = 160; // word, wei per gas; the gas price of types 0 and 1
export const TX_MAX_PRIORITY_FEE = 192; // word, wei per gas; equals TX_MAX_FEE for types 0 and 1
export const TX_MAX_BLOB_FEE = 224; // word, wei per blob gas
export const TX_HASH = 256; // raw
export const TX_HEADER_SIZE = 288;

export const TX_FLAG_HAS_TO = 1; // a call; without it a contract creation
export const TX_FLAG_CALL = 2; // eth_call: no nonce, sender-code, gas-cap or block-gas check
export const TX_FLAG_NO_FUNDS_CHECK = 4; // the sender is not charged for gas; value must still be covered
export const TX_FLAG_SYSTEM = 8; // EIP-4788 et al.: free, no intrinsic gas, no fee, no refund, caller stays untouched
export const TX_FLAG_IMPERSONATED = 16; // the sender did not sign: no EIP-3607 check
export const TX_FLAG_KEEP_OUTPUT = 32; // what a transaction returns is asked for, not the reason of a revert alone

export const AUTHORIZATION_SIZE = 128; // EIP-7702 tuple, its signature already recovered by the host
export const AUTHORIZATION_CHAIN_ID = 0; // word
export const AUTHORIZATION_ADDRESS = 32; // word, the delegate
export const AUTHORIZATION_AUTHORITY = 64; // word, the signer
export const AUTHORIZATION_NONCE = 96; // u64
export const AUTHORIZATION_VALID = 104; // u32, 1 when the signature recovered under the EIP's rules (s low, y parity 0 or 1)

/* BLOCK ENVIRONMENT, written by the host before a block or a call */

export const ENV_NUMBER = 0; // u64
export const ENV_TIMESTAMP = 8; // u64, seconds
export const ENV_GAS_LIMIT = 16; // u64
export const ENV_FORK = 24; // u32, FORK_*
export const ENV_MAX_BLOB_GAS = 28; // u32, blob gas a block may hold
export const ENV_COINBASE = 32; // word
export const ENV_PREV_RANDAO = 64; // word
export const ENV_BASE_FEE = 96; // word, wei per gas
export const ENV_BLOB_BASE_FEE = 128; // word, wei per blob gas
export const ENV_CHAIN_ID = 160; // word
export const ENV_MAX_BLOBS_PER_TX = 192; // u32, EIP-7594 (6 from Osaka on; the block's maximum before)
export const ENV_FLAGS = 196; // u32, ENV_FLAG_*
export const ENV_BLOCK_HASHES = 200; // 256 words: the hash of block n at index n & 255
export const ENV_SIZE = 200 + 256 * 32;

export const ENV_FLAG_UNLIMITED_CODE_SIZE = 1; // Hardhat's allowUnlimitedContractSize
export const ENV_FLAG_NO_BASE_FEE = 2; // eth_call with no gas price: BASEFEE reads as given, the fee check is off

export const FORK_CANCUN = 0;
export const FORK_PRAGUE = 1;
export const FORK_OSAKA = 2;

/* LOG RECORDS: what LOG0 to LOG4 append, one after another, each padded to 8 bytes */

export const LOG_SIZE = 0; // u32, whole record with padding
export const LOG_TOPIC_COUNT = 4; // u32
export const LOG_DATA_LENGTH = 8; // u32
export const LOG_ADDRESS = 16; // word
export const LOG_TOPICS = 48; // raw each; the data follows the last topic

/* CODE: one record per distinct bytecode */

export const CODE_HASH = 0; // word form of keccak256(code)
export const CODE_LENGTH = 32; // u32
export const CODE_BYTES = 36; // u32, address of the code, followed by 33 zero bytes of padding (STOP)
export const CODE_JUMPDESTS = 40; // u32, address of the jumpdest bitmap, bit i of byte i/8 is pc i
export const CODE_DELEGATED = 44; // u32, 1 when the code is an EIP-7702 designation 0xef0100 || address
export const CODE_DELEGATE = 48; // word, the delegate's address
export const CODE_RECORD_SIZE = 80;

/* OUTCOMES of a message or a transaction */

export const OUTCOME_SUCCESS = 0;
export const OUTCOME_REVERT = 1;
export const HALT_OUT_OF_GAS = 2;
export const HALT_INVALID_OPCODE = 3;
export const HALT_STACK_UNDERFLOW = 4;
export const HALT_STACK_OVERFLOW = 5;
export const HALT_BAD_JUMP = 6;
export const HALT_STATIC_VIOLATION = 7;
export const HALT_CREATE_COLLISION = 8;
export const HALT_CODE_SIZE = 9; // EIP-170
export const HALT_CODE_PREFIX = 10; // EIP-3541
export const HALT_RETURN_DATA_BOUNDS = 11;
export const HALT_INITCODE_SIZE = 12; // EIP-3860
export const HALT_PRECOMPILE = 13;
export const HALT_CALL_DEPTH = 14; // never ends a frame: the call fails, the caller goes on
export const HALT_INSUFFICIENT_BALANCE = 15; // likewise
export const HALT_NONCE_OVERFLOW = 16; // likewise
// At and above this the run proves nothing: an arena was full or speculation was cut short.
// A speculative run is redone under the commit token; under the token the transaction is excluded.
export const STOPPED = 64;
export const STOPPED_ARENA = 64;
export const STOPPED_CANCELLED = 65;

/* MESSAGE: what the transaction layer hands to the interpreter */

export const MESSAGE_IS_CREATE = 0; // u32
export const MESSAGE_INPUT = 4; // u32, address of calldata or initcode
export const MESSAGE_INPUT_LENGTH = 8; // u32
export const MESSAGE_CODE = 12; // u32, code record to run (calls; delegation already resolved)
export const MESSAGE_GAS = 16; // u64
export const MESSAGE_SELF = 24; // u32, account view of the called or created account
export const MESSAGE_CALLER = 28; // u32, account view of the caller
export const MESSAGE_VALUE = 32; // word, wei
export const MESSAGE_PRECOMPILE = 64; // u32, precompile id or zero
export const MESSAGE_SIZE = 72;

/* CONTEXT: the head of the memory that holds one run until it is committed, with its result */

export const CONTEXT_VIEWS = 0; // u32, first account view
export const CONTEXT_LOGS = 4; // u32, first LOG record
export const CONTEXT_LOGS_END = 8; // u32
export const CONTEXT_OUTPUT = 12; // u32
export const CONTEXT_OUTPUT_LENGTH = 16; // u32
export const CONTEXT_EXCLUSION = 20; // u32
export const CONTEXT_OUTCOME = 24; // u32
export const CONTEXT_HAS_CONTRACT = 28; // u32
export const CONTEXT_GAS_USED = 32; // u64
export const CONTEXT_GAS_REFUNDED = 40; // u64
export const CONTEXT_BLOB_GAS = 48; // u64
export const CONTEXT_STOPPED = 56; // u32
export const CONTEXT_WORKER = 60; // u32
export const CONTEXT_GAS_PRICE = 64; // word
export const CONTEXT_CONTRACT = 96; // word
export const CONTEXT_STARTED = 128; // f64
export const CONTEXT_FINISHED = 136; // f64
export const CONTEXT_BLOOM = 144; // 256 bytes
export const CONTEXT_HEADER = 400;

/* STATIC DATA: constant tables of the two copies of the engine, at the start of the one memory that both import */

export const STATIC_BASE = 1024; // engine.wasm
export const STATIC_TRACE_BASE = 131072 + 1024; // engine.trace.wasm
export const STATIC_END = 262144; // the first byte that is free for other use
