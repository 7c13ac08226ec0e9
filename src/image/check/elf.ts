/** What an ELF file says about how it is loaded. Numbers are those of the ELF specification. */
export type Elf = {
  bits: 32 | 64;
  machine: number;
  type: number;
  /** Whether it names a dynamic loader (PT_INTERP). */
  hasInterpreter: boolean;
  /** How many shared libraries it asks for (DT_NEEDED). */
  neededCount: number;
};

/** `e_machine` of the processors that images are built for. */
export const ELF_MACHINES = { 'linux/amd64': 62, 'linux/arm64': 183, 'linux/arm/v7': 40 } as const;

/** `e_type`: linked to a fixed address, or position-independent. */
export const ELF_TYPES = { fixed: 2, positionIndependent: 3 } as const;

const MAGIC = '7f454c46';
const LITTLE_ENDIAN = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0n;
const DT_NEEDED = 1n;

/**
 * Reads the header and the program headers of a little-endian ELF file; undefined if it is none, points outside itself, or
 * has what no linker writes: headers of another size than the class has, a second loader, a second dynamic section. So the
 * work is no more than the file is long, whatever it claims.
 */
export function readElf(file: Buffer): Elf | undefined {
  try {
    return parse(file);
  } catch (error) {
    // Buffer's reads throw a RangeError beyond the end: a file cut short is not an ELF file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(file: Buffer): Elf | undefined {
  const bits = file[4] === 2 ? 64 : 32;
  if (file.toString('hex', 0, 4) !== MAGIC || (file[4] !== 1 && file[4] !== 2) || file[5] !== LITTLE_ENDIAN)
    return undefined;
  const elf: Elf = {
    bits,
    type: file.readUInt16LE(16),
    machine: file.readUInt16LE(18),
    hasInterpreter: false,
    neededCount: 0,
  };
  const wide = bits === 64;
  const tableStart = readWord(file, wide ? 32 : 28, wide);
  const entrySize = file.readUInt16LE(wide ? 54 : 42);
  const entryCount = file.readUInt16LE(wide ? 56 : 44);
  if (entryCount > 0 && entrySize !== (wide ? 56 : 32)) return undefined;
  let hasDynamic = false;
  for (let index = 0; index < entryCount; index++) {
    const header = tableStart + index * entrySize;
    const segment = file.readUInt32LE(header);
    if (segment === PT_INTERP) {
      if (elf.hasInterpreter) return undefined;
      elf.hasInterpreter = true;
    }
    if (segment !== PT_DYNAMIC) continue;
    if (hasDynamic) return undefined;
    hasDynamic = true;
    const start = readWord(file, header + (wide ? 8 : 4), wide);
    const size = readWord(file, header + (wide ? 32 : 16), wide);
    elf.neededCount = countNeeded(file, start, size, wide);
  }
  return elf;
}

function countNeeded(file: Buffer, start: number, size: number, wide: boolean): number {
  const step = wide ? 16 : 8;
  let count = 0;
  for (let at = start; at + step <= start + size; at += step) {
    const tag = wide ? file.readBigUInt64LE(at) : BigInt(file.readUInt32LE(at));
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) count++;
  }
  return count;
}

/** An address-sized number. Beyond 2^53 it is inexact, and far beyond the file anyway. */
function readWord(file: Buffer, at: number, wide: boolean): number {
  return wide ? Number(file.readBigUInt64LE(at)) : file.readUInt32LE(at);
}
