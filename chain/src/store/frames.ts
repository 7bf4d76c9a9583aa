// How records lie in the log, byte by byte. Pure; it must not know files, nor what a record says.
//
//   log    = header frame*
//   header = "polder chain log" format:u32 crc:u32
//   frame  = mark:4 length:u32 crc:u32 record*        length bytes of records, written and synced together
//   record = kind:u8 length:u32 body
//
// Integers are big-endian. A frame's CRC-32 covers its length, its place in the file and its records.

import { crc32 } from "node:zlib";

export interface RawRecord {
  kind: number;
  body: Uint8Array;
}

/** Grows whenever an older version could not read what a newer one writes. */
export const FORMAT = 1;
const MAGIC = Buffer.from("polder chain log", "latin1");
export const LOG_HEADER = logHeader();

/** Begins a frame. 0xf5 stands in no UTF-8 text. */
export const FRAME_MARK = Buffer.from([0xf5, 0x70, 0x6c, 0x64]);
export const FRAME_HEADER_SIZE = 12;
const RECORD_HEADER_SIZE = 5;

function logHeader(): Buffer {
  const header = Buffer.alloc(MAGIC.length + 8);
  MAGIC.copy(header);
  header.writeUInt32BE(FORMAT, MAGIC.length);
  header.writeUInt32BE(crc32(header.subarray(0, -4)), MAGIC.length + 4);
  return header;
}

/** The format that a header names; null where it is no header of such a log. */
export function formatOf(header: Buffer): number | null {
  const whole = header.length === LOG_HEADER.length && header.subarray(0, MAGIC.length).equals(MAGIC);
  return whole && crc32(header.subarray(0, -4)) === header.readUInt32BE(header.length - 4)
    ? header.readUInt32BE(MAGIC.length)
    : null;
}

export function recordSize({ body }: RawRecord): number {
  return RECORD_HEADER_SIZE + body.length;
}

/** The frame of these records at `offset` of the file. */
export function encodeFrame(records: readonly RawRecord[], offset: number): Buffer {
  const length = records.reduce((sum, record) => sum + recordSize(record), 0);
  const frame = Buffer.allocUnsafe(FRAME_HEADER_SIZE + length);
  FRAME_MARK.copy(frame);
  frame.writeUInt32BE(length, 4);
  let at = FRAME_HEADER_SIZE;
  for (const { kind, body } of records) {
    frame.writeUInt8(kind, at);
    frame.writeUInt32BE(body.length, at + 1);
    frame.set(body, at + RECORD_HEADER_SIZE);
    at += RECORD_HEADER_SIZE + body.length;
  }
  frame.writeUInt32BE(checksum(frame.subarray(0, 8), frame.subarray(FRAME_HEADER_SIZE), offset), 8);
  return frame;
}

/** The length of a frame's records; null where `header` does not begin a frame. */
export function frameLength(header: Buffer): number | null {
  return header.subarray(0, 4).equals(FRAME_MARK) ? header.readUInt32BE(4) : null;
}

export function isWhole(header: Buffer, payload: Buffer, offset: number): boolean {
  return checksum(header.subarray(0, 8), payload, offset) === header.readUInt32BE(8);
}

export function* recordsOf(payload: Buffer): Generator<RawRecord> {
  for (let at = 0; at < payload.length; ) {
    const length = payload.readUInt32BE(at + 1);
    const begin = at + RECORD_HEADER_SIZE;
    yield { kind: payload.readUInt8(at), body: payload.subarray(begin, begin + length) };
    at = begin + length;
  }
}

function checksum(head: Buffer, payload: Buffer, offset: number): number {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(offset));
  return crc32(payload, crc32(place, crc32(head)));
}
