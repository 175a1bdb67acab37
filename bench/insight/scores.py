"""How near rows come to answers: adjusted Rand, precision and recall, regret, relative errors."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from bench.insight.found import Row

FEWEST = 5
"""A team's month with fewer cases is left out."""
_FLOORS = {"median_first_response_h": 0.5, "median_resolution_h": 0.5, "cases": 1.0, "closed": 1.0}
_FLOOR = 0.1


def scored(name: str, rows: Sequence[Row], answers: Path) -> str:
    """The figures of one file in a line, or nothing where there is no answer to it."""
    of = {
        "themes": _themes,
        "links": _links,
        "metrics": _metrics,
        "channels": _channels,
        "violations": _violations,
        "withdrawals": _withdrawals,
        "suppliers": _suppliers,
        "organisations": _organisations,
    }.get(name)
    return of(rows, answers) if of else ""


def adjusted_rand(truth: Sequence[str], said: Sequence[str]) -> float:
    """Hubert and Arabie (1985): 1 for the same groups, about 0 for groups by chance."""
    hits = sum(map(_pairs, Counter(zip(truth, said, strict=True)).values()))
    real, claimed = (sum(map(_pairs, Counter(each).values())) for each in (truth, said))
    expected = real * claimed / _pairs(len(truth)) if len(truth) > 1 else 0.0
    most = (real + claimed) / 2
    return (hits - expected) / (most - expected) if most != expected else 1.0


def compared(truth: Set[Row], said: Set[Row]) -> str:
    """Precision, recall and F1 in words."""
    hits = len(truth & said)
    precision, recall = hits / len(said) if said else 1.0, hits / len(truth) if truth else 1.0
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}"


def _pairs(number: int) -> int:
    return number * (number - 1) // 2


def _answers(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _themes(rows: Sequence[Row], answers: Path) -> str:
    said = {(source, record): theme for source, record, theme in rows}
    keys = {(row["source"], row["record_id"]): row["theme"] for row in _answers(answers, "themes")}
    issues = [key for key, theme in keys.items() if theme]
    labels = [said.get(key) or f"alone:{key}" for key in issues]
    singles = [key for key, theme in keys.items() if not theme]
    taken = sum(bool(said.get(key)) for key in singles) / len(singles) if singles else 0.0
    rand = adjusted_rand([keys[key] for key in issues], labels)
    return f"adjusted Rand {rand:.3f}; {taken:.1%} of single requests are in a theme"


def _links(rows: Sequence[Row], answers: Path) -> str:
    truth = _answers(answers, "case_links")
    every: dict[Row, str] = {(row["case_id"], row["source"], row["record_id"]): row["shown"] for row in truth}
    hidden = {key for key, shown in every.items() if shown == "0"}
    found = len(hidden & set(rows)) / len(hidden) if hidden else 1.0
    return f"{compared(every.keys(), set(rows))}; recall of hidden links {found:.3f}"


def _metrics(rows: Sequence[Row], answers: Path) -> str:
    said = {row[:3]: row[3] for row in rows}
    errors: dict[str, list[float]] = defaultdict(list)
    for row in json.loads((answers / "service_metrics.json").read_text(encoding="utf-8"))["rows"]:
        for name, true in row.items():
            if row["cases"] < FEWEST or name in {"team", "month"} or true is None:
                continue
            text = said.get((row["team"], row["month"], name), "")
            floor = max(abs(true), _FLOORS.get(name, _FLOOR))
            errors[name].append(abs(float(text) - true) / floor if text else 1.0)
    every = [error for found in errors.values() for error in found]
    worst = max(errors, key=lambda name: sum(errors[name]) / len(errors[name]))
    return (
        f"mean relative error {sum(every) / len(every):.1%}, within 5 %: "
        f"{sum(error <= 0.05 for error in every) / len(every):.1%}; "
        f"worst {worst} {sum(errors[worst]) / len(errors[worst]):.1%}"
    )


def _channels(rows: Sequence[Row], answers: Path) -> str:
    people = {(row["source"], row["record_id"]): row["person_id"] for row in _answers(answers, "truth")}
    preferences = _answers(answers, "channel_preference")
    last = max(row["period"] for row in preferences)
    chance: Mapping[str, dict[str, float]] = {
        row["person_id"]: {name[2:]: float(value) for name, value in row.items() if name.startswith("p_")}
        for row in preferences
        if row["period"] == last
    }
    advised: dict[str, list[str]] = defaultdict(list)
    for source, record, channel in rows:
        advised[people[source, record]].append(channel)
    lost = [
        max(of.values()) - sum(of[one] for one in told) / len(told)
        for person, of in chance.items()
        for told in [advised.get(person) or ["email"]]
    ]
    return f"mean regret {sum(lost) / len(lost):.3f}"


def _violations(rows: Sequence[Row], answers: Path) -> str:
    truth: set[Row] = {(row["contact_id"], row["kind"]) for row in _answers(answers, "contact_violations")}
    return compared(truth, set(rows))


def _withdrawals(rows: Sequence[Row], answers: Path) -> str:
    truth: set[Row] = {
        (row["source"], row["record_id"], row["kind"]) for row in _answers(answers, "free_text_withdrawals")
    }
    return compared(truth, set(rows))


def _suppliers(rows: Sequence[Row], answers: Path) -> str:
    return compared({(row["supplier"],) for row in _answers(answers, "late_suppliers")}, set(rows))


def _organisations(rows: Sequence[Row], answers: Path) -> str:
    truth = _answers(answers, "organisations")
    one = compared(
        _together({row["account_id"]: row["org_id"] for row in truth}), _together({row[0]: row[1] for row in rows})
    )
    group = compared(
        _together({row["account_id"]: row["top_org_id"] for row in truth}), _together({row[0]: row[2] for row in rows})
    )
    return f"one organisation: {one}; one group: {group}"


def _together(groups: Mapping[str, str]) -> Set[Row]:
    members: dict[str, list[str]] = defaultdict(list)
    for account, group in groups.items():
        members[group].append(account)
    return {(one, other) for held in members.values() for one in held for other in held if one < other}
