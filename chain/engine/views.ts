// What a running transaction keeps of each account and slot that it has touched: the layout of its private views, with what
// was read of the committed state beside what it is now. Constants only.

/* ACCOUNT VIEW */

export const VIEW_ADDRESS: usize = 0; // word
export const VIEW_RECORD: usize = 32; // u32, committed record, 0 when absent
export const VIEW_CHAIN: usize = 36; // u32, next view in the hash bucket
export const VIEW_FLAGS: usize = 40; // u32
export const VIEW_NEXT: usize = 44; // u32, next view of the transaction
export const VIEW_BALANCE_CELL: usize = 48; // u32, cell that was read
export const VIEW_NONCE_CELL: usize = 52;
export const VIEW_CODE_CELL: usize = 56;
export const VIEW_CODE: usize = 60; // u32, code record now
export const VIEW_CODE_READ: usize = 64; // u32, code record that was read
export const VIEW_SLOTS: usize = 68; // u32, first slot view
export const VIEW_NONCE: usize = 72; // u64, now
export const VIEW_NONCE_READ: usize = 80; // u64
export const VIEW_PC: usize = 88; // u32, where it was first read
export const VIEW_READER: usize = 92; // u32, code record that read it, 0 for the transaction itself
export const VIEW_BALANCE: usize = 96; // word, now
export const VIEW_BALANCE_READ: usize = 128; // word
export const VIEW_BALANCE_LOW: usize = 160; // word, committed balances from here ...
export const VIEW_BALANCE_HIGH: usize = 192; // word, ... to here lead to the same outcome
export const VIEW_SIZE: usize = 224;

export const VIEW_WARM: u32 = 1;
export const VIEW_CREATED: u32 = 2;
export const VIEW_DESTRUCTED: u32 = 4;
export const VIEW_BALANCE_LOADED: u32 = 8;
export const VIEW_BALANCE_EXACT: u32 = 16;
export const VIEW_NONCE_LOADED: u32 = 32;
export const VIEW_NONCE_PRESET: u32 = 64; // the sender's: taken from the transaction, checked at inclusion
export const VIEW_CODE_LOADED: u32 = 128;
export const VIEW_STORAGE_REPLACED: u32 = 256; // a state override: what is not listed reads as zero
export const VIEW_TOUCHED: u32 = 512;
export const VIEW_FREE: u32 = 2048; // precompiles: warm without being listed

/* SLOT VIEW */

export const SLOT_KEY: usize = 0; // word
export const SLOT_RECORD: usize = 32; // u32
export const SLOT_CHAIN: usize = 36; // u32
export const SLOT_FLAGS: usize = 40; // u32
export const SLOT_VIEW: usize = 44; // u32, account view
export const SLOT_CELL: usize = 48; // u32
export const SLOT_NEXT: usize = 52; // u32, next slot view of the account
export const SLOT_PC: usize = 56; // u32
export const SLOT_READER: usize = 60; // u32
export const SLOT_ORIGINAL: usize = 64; // word, the value when the transaction began
export const SLOT_CURRENT: usize = 96; // word
export const SLOT_SIZE: usize = 128;

export const SLOT_WARM: u32 = 1;
