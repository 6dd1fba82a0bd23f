"""Writes tests/goldens/tensorboard/events.tfevents: what TensorBoard reads, put together by hand from its format.

A file is a row of records: length (uint64), masked CRC-32C of the length, an Event message, masked CRC-32C of the message; all little
endian. Field numbers are those of event.proto and summary.proto. Nothing but the standard library is used.
"""
import struct
import sys

WALL_TIME = 1741507507.25  # 2025-03-09 08:05:07.250 UTC


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def varint(n):
    out = bytearray()
    while n >= 128:
        out.append(n % 128 + 128)
        n //= 128
    out.append(n)
    return bytes(out)


def block(field, content):
    return varint(field * 8 + 2) + varint(len(content)) + content


def event(step, content):
    head = varint(1 * 8 + 1) + struct.pack("<d", WALL_TIME)
    return head + (varint(2 * 8) + varint(step) if step else b"") + content


def scalars(step, values):
    summary = b"".join(
        block(1, block(1, tag.encode()) + varint(2 * 8 + 5) + struct.pack("<f", value)) for tag, value in values)
    return event(step, block(5, summary))


def record(message):
    length = struct.pack("<Q", len(message))
    return length + struct.pack("<I", masked(length)) + message + struct.pack("<I", masked(message))


assert crc32c(b"123456789") == 0xE3069283

events = [
    event(0, block(3, b"brain.Event:2")),
    event(3, block(7, varint(1 * 8) + varint(1))),  # session log: start
    scalars(3, [("objective/kl_per_seq", 0.41), ("policy/lr", 5e-05), ("policy/skipped_steps", 0.0)]),
    scalars(300, [("eval/gold_mean", -0.75), ("long/" + "x" * 200, 1e30), ("infinite", float("inf"))]),
    scalars(0, [("ü", 1.0)]),
]
with open(sys.argv[1], "wb") as file:
    file.write(b"".join(record(e) for e in events))
