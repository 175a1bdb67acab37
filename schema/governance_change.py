"""Changes of the registry: definitions that were accepted, as a patch of a company's own file.

The file is reviewed and versioned by people, so nothing writes it for them: what stands here makes the text that they
look at, and keeps every other line as it was.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from difflib import unified_diff
from typing import Any

from schema.errors import GovernanceInvalid

_HEADER = re.compile(r"^\s*\[")
_DEFINITION = re.compile(r"^\s*definition\s*=")


def with_definitions(text: str, accepted: Mapping[str, str]) -> str:
    """The text of a registry in which each field says what was accepted; other lines stay as they are.

    Raises GovernanceInvalid where the text is not TOML, or says a field in a way that has to be edited by hand.
    """
    lines = text.splitlines()
    for field, definition in sorted(accepted.items()):
        lines = _defined(lines, field, f"definition = {json.dumps(definition, ensure_ascii=False)}")
    made = "\n".join(lines) + ("\n" if lines else "")
    before, after = _read(text), _read(made)
    fields = before.setdefault("field", {})
    for field, definition in accepted.items():
        fields[field] = {**fields.get(field, {}), "definition": definition}
    if before != after:
        raise GovernanceInvalid("The file says a field in a way that has to be edited by hand: one table for each.")
    return made


def patch(name: str, text: str | None, accepted: Mapping[str, str]) -> str:
    """The change as a patch for `patch -p1` and `git apply`; without a text the file is made. Empty for no change.

    Raises GovernanceInvalid as `with_definitions` does.
    """
    before = text or ""
    after = with_definitions(before, accepted)
    old = f"a/{name}" if text is not None else "/dev/null"
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), old, f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _defined(lines: list[str], field: str, said: str) -> list[str]:
    """The lines with one field defined: in its table, or in one more at the end."""
    headers = (f'[field."{field}"]', f"[field.'{field}']")
    for number, line in enumerate(lines):
        if line.partition("#")[0].strip() in headers:
            end = next((at for at in range(number + 1, len(lines)) if _HEADER.match(lines[at])), len(lines))
            kept = [one for one in lines[number + 1 : end] if not _DEFINITION.match(one)]
            return [*lines[: number + 1], said, *kept, *lines[end:]]
    return [*lines, *([""] if lines else []), headers[0], said]


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise GovernanceInvalid(f"The file is not TOML: {fault}.") from None
