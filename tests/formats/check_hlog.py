"""Histogram logs: by a decoder written from the description of the format, and by HdrHistogram's own Java where
that is installed."""
import base64
import os
import struct
import subprocess
import urllib.parse
import zlib

import common

JAR = "/usr/share/java/hdrhistogram.jar"
result, path = common.arguments()
equal, close = common.equal, common.close


def integers(data):
    """ZigZag LEB128: seven bits a byte, all eight of the ninth."""
    at = 0
    while at < len(data):
        value = 0
        for i in range(9):
            byte = data[at]
            at += 1
            value |= (byte if i == 8 else byte & 0x7f) << (7 * i)
            if i == 8 or byte < 0x80:
                break
        yield value >> 1 ^ -(value & 1)


def decode(payload):
    packed = base64.b64decode(payload, validate=True)
    cookie, length = struct.unpack_from(">Ii", packed)
    equal(cookie, 0x1c849304 | 0x10, "outer cookie")
    equal(length, len(packed) - 8, "compressed length")
    plain = zlib.decompress(packed[8:])
    cookie, length, offset, figures, lowest, highest, ratio = struct.unpack_from(">Iiiiqqd", plain)
    equal((cookie, length, offset, figures, lowest, highest, ratio),
          (0x1c849303 | 0x10, len(plain) - 40, 0, 3, 1, 2 ** 36 - 1, 1.0), "inner head")
    counts, index = {}, 0
    for value in integers(plain[40:]):
        if value > 0:
            shift = max(0, index // 1024 - 1)  # 2,048 steps of 1, then 1,024 for every doubling
            counts[(index - shift * 1024) << shift] = value
        index += 1 if value > 0 else -value
    return counts


with open(path, encoding="utf-8") as stream:
    lines = stream.read().split("\n")
equal(lines[0], "#[Histogram log format version 1.2]", "first line")
wrong = sum(1 for row in result["verdicts"] if common.wrong_count(row)) + len(common.gate_findings(result))
equal(sum(line.startswith("# wrong: ") for line in lines), wrong, "wrong verdicts")
equal(sum(line.startswith("# ") and line.endswith(common.VOID) for line in lines),
      sum(map(common.is_void, result["speed"])), "void rows")
data = [line for line in lines if line and line[0] not in '#"']
wanted = [(name, row) for name, row in common.named_rows(result) if common.histogram(row)]
equal(len(data), len(wanted), "histograms")
for line, (name, row) in zip(data, wanted):
    tag, start, length, largest, payload = line.split(",")
    common.expect(tag.startswith("Tag=") and tag.isascii() and " " not in tag, tag)
    equal(urllib.parse.unquote(tag[4:], errors="strict"), name, "tag")
    equal(decode(payload), common.histogram(row), f"samples of {name}")
    close(float(largest) * 1e6, row["histogram"]["max_ns"], f"max of {name}")
    close(float(length), row["histogram"]["sum_ns"] / 1e9, f"length of {name}", 1e-3)


def java(*options):
    run = subprocess.run(["java", "-cp", JAR, "org.HdrHistogram.HistogramLogProcessor", "-i", path, *options],
                         capture_output=True, encoding="utf-8")
    equal(run.returncode, 0, run.stderr)
    return run.stdout


if data and os.path.exists(JAR) and os.path.exists("/usr/bin/java"):
    tags = [line.split(",")[0][4:] for line in data]
    told = java("-listtags")
    for tag in tags:
        common.expect(tag in told, f"HdrHistogram does not see the tag {tag}")
    for tag, (name, row) in list(zip(tags, wanted))[-1:]:
        told = java("-tag", tag, "-outputValueUnitRatio", "1")
        common.expect(f"Total count    = {sum(common.histogram(row).values()):12d}" in told,
                      f"HdrHistogram counts otherwise: {told[-300:]}")
