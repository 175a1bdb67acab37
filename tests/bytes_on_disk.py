"""Looks for a text in the files of a folder, also where Neo4j packs it: short strings lie within words, shifted.

A property holds a key, a type and a length before its text, 39 bits of them: no byte of a short text stands by itself.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

WORD = 8


def where(folder: Path, texts: Iterable[str]) -> Mapping[str, set[str]]:
    """The files, by their path in the folder, that hold each of the texts, plainly or packed."""
    found: dict[str, set[str]] = {text: set() for text in texts}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        for text, files in found.items():
            if in_bytes(data, text):
                files.add(path.relative_to(folder).as_posix())
    return found


def in_bytes(data: bytes, text: str) -> bool:
    """Whether the bytes hold a text in one of the ways in which Neo4j writes it."""
    plain = text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), text.lower().encode()
    return any(one in data for one in plain) or packed(data, text.encode("latin-1", "replace"))


def packed(data: bytes, text: bytes) -> bool:
    """Whether a text of eight bits a character lies in big-endian words, from the lowest bit up, at any bit."""
    for phase in range(WORD):
        whole = (len(data) - phase) // WORD
        if whole < 2:
            continue
        words = np.frombuffer(data, np.uint8, whole * WORD, phase).reshape(whole, WORD)[:, ::-1].reshape(-1)
        for shift in range(8):
            bits = (words[:-1] >> shift) | (words[1:] << (8 - shift) if shift else 0)
            if text in bits.tobytes():
                return True
    return False
