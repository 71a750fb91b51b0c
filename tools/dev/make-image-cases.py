#!/usr/bin/env python3
"""Makes the pictures of Tests/Fixtures/images/cases and the values that Pillow gives for them (development only).

usage: make-image-cases.py FIXTURES_FOLDER

Needs libturbojpeg and Pillow 13 or newer (older versions always resize along the rows first, the reference does not).
Writes the pictures, decoded.txt (file, width, height, digest of the RGB samples) and resized.txt (source width and
Needs libturbojpeg and Pillow 13 or newer: older versions always resize along the rows first, the reference does not.
"""
import ctypes
import ctypes.util
import io
import pathlib
import struct
import sys
import warnings
import zlib

from PIL import Image, __version__

MASK = (1 << 64) - 1


def digest(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return f"{value:016x}"


class SplitMix64:
    """The generator of Tests/TestSupport."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def bytes(self, count):
        return bytes(self.next() & 255 for _ in range(count))


# PNG, written by hand because no library writes every kind.
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pack_row(samples, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    row, value, bits = bytearray(), 0, 0
    for sample in samples:
        value, bits = value << depth | sample, bits + depth
        if bits == 8:
            row.append(value)
            value, bits = 0, 0
    if bits:
        row.append(value << (8 - bits) & 255)
    return bytes(row)


def filtered(rows, distance):
    """Each row with another of the five filters."""
    result, above = b"", None
    for index, row in enumerate(rows):
        above = above or bytes(len(row))
        kind, line = index % 5, bytearray()
        for i, byte in enumerate(row):
            a = row[i - distance] if i >= distance else 0
            b, c = above[i], above[i - distance] if i >= distance else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line.append((byte - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
        result += bytes([kind]) + bytes(line)
        above = row
    return result


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(width, height, depth, color, seed, interlaced=False, before=b"", after=b"", limit=None):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    random = SplitMix64(seed)
    top = limit or 1 << depth
    # Every third 16-bit sample is small, so that grey is not all cut off.
    pixels = [[[random.next() % (256 if depth == 16 and (x + y) % 3 == 0 else top) for _ in range(channels)]
               for x in range(width)] for y in range(height)]
    distance = max(1, depth * channels // 8)
    data = b""
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows = [pack_row([s for p in line[x0::dx] for s in p], depth) for line in pixels[y0::dy]]
        if rows and rows[0]:
            data += filtered(rows, distance)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data, 9)) + after
            + chunk(b"IEND", b""))


def png_cases():
    kinds = [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (1, 3), (2, 3), (4, 3), (8, 3), (8, 4), (16, 4),
             (8, 6), (16, 6)]
    names = {0: "grey", 2: "rgb", 3: "palette", 4: "grey-alpha", 6: "rgba"}
    for number, (depth, color) in enumerate(kinds):
        palette = chunk(b"PLTE", SplitMix64(900 + number).bytes(3 << depth)) if color == 3 else b""
        for interlaced in (False, True):
            name = f"{names[color]}-{depth}" + ("-interlaced" if interlaced else "")
            yield name, png(13, 11, depth, color, number, interlaced, palette)
        clear = {0: struct.pack(">H", 3 % (1 << depth)), 2: bytes([0, 1, 0, 2, 0, 3]), 3: bytes([0, 128])}.get(color)
        if clear:
            yield f"{names[color]}-{depth}-clear", png(9, 7, depth, color, 50 + number, False,
                                                       palette + chunk(b"tRNS", clear))
    short = chunk(b"PLTE", SplitMix64(7).bytes(3 * 5))
    yield "palette-short", png(12, 5, 8, 3, 71, False, short, limit=9)
    gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sRGB", b"\0")
    profile = chunk(b"iCCP", b"none\0\0" + zlib.compress(bytes(64)))
    yield "colour-chunks", png(9, 6, 8, 2, 72, False, profile + gamma + chunk(b"sBIT", b"\5\6\5"))
    text = chunk(b"zTXt", b"c\0\0" + zlib.compress(b"d"))
    yield "text-after", png(9, 6, 8, 2, 73, False, chunk(b"tEXt", b"a\0b"), text)
    frame = struct.pack(">IIIIIHHBB", 0, 6, 4, 0, 0, 1, 10, 0, 0)
    second = struct.pack(">IIIIIHHBB", 1, 6, 4, 0, 0, 1, 10, 0, 0)
    data = struct.pack(">I", 2) + zlib.compress(bytes(4 * 19))
    yield "animated", png(6, 4, 8, 2, 74, False, chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", frame),
                          chunk(b"fcTL", second) + chunk(b"fdAT", data))
    yield "animated-apart", png(6, 4, 8, 6, 75, False, chunk(b"acTL", struct.pack(">II", 1, 0)),
                                chunk(b"fcTL", frame) + chunk(b"fdAT", struct.pack(">I", 1) + data[4:]))
    for width, height in [(1, 1), (1, 17), (17, 1), (2, 3)]:
        yield f"tiny-{width}x{height}-interlaced", png(width, height, 8, 2, 76, True)


# JPEG
def smooth(width, height, channels, seed):
    """A picture with slopes and edges, so that upsampling shows."""
    random = SplitMix64(seed)
    phase = [random.next() % 97 for _ in range(channels)]
    return bytes((x * (5 + 3 * c) + y * (9 - 2 * c) + phase[c] + (90 if (x // 7 + y // 5 + c) % 3 == 0 else 0)) % 256
                 for y in range(height) for x in range(width) for c in range(channels))


def turbo(pixels, width, height, pixel_format, subsampling, flags=0, quality=85):
    library = ctypes.CDLL(ctypes.util.find_library("turbojpeg"))
    library.tjInitCompress.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(library.tjInitCompress())
    out, size = ctypes.c_void_p(), ctypes.c_ulong()
    status = library.tjCompress2(handle, pixels, width, 0, height, pixel_format, ctypes.byref(out), ctypes.byref(size),
                                 subsampling, quality, flags)
    assert status == 0
    data = ctypes.string_at(out, size.value)
    library.tjFree(out)
    library.tjDestroy(handle)
    return data


def pillow_jpeg(mode, width, height, seed, **options):
    image = Image.frombytes(mode, (width, height), smooth(width, height, len(mode), seed))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def jpeg_cases():
    rgb, cmyk, progressive = 0, 11, 16384
    for name, code in [("444", 0), ("422", 1), ("420", 2), ("grey", 3), ("440", 4), ("411", 5)]:
        for width, height in [(37, 29), (16, 16), (1, 1)]:
            yield f"{name}-{width}x{height}", turbo(smooth(width, height, 3, 5), width, height, rgb, code)
        yield f"{name}-progressive", turbo(smooth(37, 29, 3, 6), 37, 29, rgb, code, progressive)
    yield "ycck", turbo(smooth(21, 18, 4, 7), 21, 18, cmyk, 2)
    yield "grey-source", pillow_jpeg("L", 23, 19, 8)
    yield "cmyk", pillow_jpeg("CMYK", 21, 18, 9)
    yield "adobe-rgb", pillow_jpeg("RGB", 21, 18, 10, keep_rgb=True)
    yield "restart", pillow_jpeg("RGB", 50, 30, 11, restart_marker_blocks=2)
    yield "restart-progressive", pillow_jpeg("RGB", 50, 30, 12, restart_marker_rows=1, progressive=True)
    exif = Image.Exif()
    exif[0x112] = 6
    yield "exif-rotated", pillow_jpeg("RGB", 24, 10, 13, exif=exif)
    plain = pillow_jpeg("RGB", 30, 20, 14, comment=b"a comment")
    yield "trailing-bytes", plain + b"more"
    yield "stray-bytes", plain[:-2] + b"\1\2\3" + plain[-2:]


def resize_cases():
    pairs = [(64, 48, 1, 1), (64, 48, 64, 48), (64, 48, 64, 7), (64, 48, 7, 48), (1, 1, 9, 5), (1, 1, 1, 1),
             (1, 97, 5, 3), (97, 1, 3, 5), (2, 2, 384, 384), (3, 200, 200, 3), (333, 2, 4, 90), (640, 480, 768, 768),
             (640, 480, 384, 384), (5000, 1, 1, 1), (1, 5000, 1, 1), (5000, 1, 7, 2)]
    random = SplitMix64(2024)
    while len(pairs) < 60:
        pairs.append(tuple(1 + random.next() % 130 for _ in range(4)))
    return pairs


def main(fixtures):
    if int(__version__.split(".")[0]) < 13:
        sys.exit(f"Pillow {__version__} resizes in another order than the reference")
    warnings.simplefilter("ignore")
    folder = pathlib.Path(fixtures) / "images" / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for suffix, cases in [("png", png_cases()), ("jpg", jpeg_cases())]:
        for name, data in cases:
            (folder / f"{name}.{suffix}").write_bytes(data)
            image = Image.open(io.BytesIO(data)).convert("RGB")
            lines.append(f"{name}.{suffix} {image.width} {image.height} {digest(image.tobytes())}")
    (folder / "decoded.txt").write_text("\n".join(lines) + "\n")
    lines = []
    for width, height, new_width, new_height in resize_cases():
        source = Image.frombytes("RGB", (width, height), SplitMix64(width * 65536 + height).bytes(3 * width * height))
        resized = source.resize((new_width, new_height))
        lines.append(f"{width} {height} {new_width} {new_height} {digest(resized.tobytes())}")
    (folder / "resized.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
