"""The insights on the sample company, from its exports and its own resolution; and how they are scored."""

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.insight.backtest import Foretold, what_is_bought, who_orders
from bench.insight.baselines import baselines
from bench.insight.feed_orders import orders
from bench.insight.found import HEADERS, Insights, insights
from bench.insight.journeys import foretold, walked
from bench.insight.scores import adjusted_rand, compared, scored
from ingest.company import Company, find_out
from ingest.exports import read_folder
from ingest.records import Call, Chat, ContactRecord, Mail, Ticket
from insight.signals.churn import AHEAD
from insight.themes.themes import Nature

SAMPLE = Path(__file__).parents[1] / "examples" / "acme-home"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> Company:
    """The sample company, resolved."""
    return find_out(read_folder(SAMPLE, lambda stage, done, total: None), NOW, {})


@pytest.fixture(scope="module")
def found(company: Company) -> Insights:
    """What is found in it."""
    return insights(company)


def test_every_file_has_its_columns(found: Insights) -> None:
    """And something in it."""
    assert set(found.rows) == set(HEADERS)
    for name, rows in found.rows.items():
        assert rows, name
        assert {len(row) for row in rows} == {len(HEADERS[name])}, name


def test_every_text_has_one_row_and_issues_have_the_themes(company: Company, found: Insights) -> None:
    """Mails, calls, chats and cases, each once; requests are in no theme."""
    number = sum(len(company.exports.of(kind)) for kind in (Mail, Call, Chat, Ticket))
    rows = found.rows["themes"]
    assert len({row[:2] for row in rows}) == len(rows) == number
    issues = {one.key for one in found.themes if one.nature is Nature.ISSUE}
    assert {row[2] for row in rows} == {"", *issues}
    assert len(issues) >= 10
    wished = [one for one in found.themes if one.nature is Nature.REQUEST]
    assert any("newsletter back on" in one.titles for one in wished)


def test_a_contact_belongs_to_one_case_and_shown_links_are_kept(company: Company, found: Insights) -> None:
    """Hidden links come to the shown ones."""
    links = found.rows["links"]
    assert set(Counter(row[1:] for row in links).values()) == {1}
    shown = baselines(company)["links"]["shown links alone"]
    assert set(shown) < set(links)


def test_what_was_foretold_came(found: Insights) -> None:
    """Within four points in the mean, and every contact with a known customer was foretold."""
    assert found.reliability is not None
    assert found.reliability.calibration_error < 0.04


def test_the_last_stages_foretell_the_next_better_than_the_commonest(company: Company) -> None:
    """Of customers of whom nothing was learned; and what was foretold came."""
    ways, held = foretold(company, walked(company))
    two, one, simple = (ways[name] for name in ("the last two stages", "the last stage", "the commonest stage"))
    assert two.passages == one.passages == simple.passages > 1000
    assert two.log_loss < one.log_loss < simple.log_loss
    assert two.right > simple.right
    assert held is not None
    assert held.calibration_error < 0.02


def test_themes_hold_no_name_number_or_address_of_anybody(company: Company, found: Insights) -> None:
    """Titles, words and examples are of redacted texts."""
    told = " ".join(text for one in found.themes for text in (*one.titles, *one.words, *one.examples))
    mailboxes = {address for one in company.people.values() for record in one for address in record.emails}
    phones = {number for one in company.people.values() for record in one for number in record.phones}
    assert not [value for value in mailboxes | phones if value in told]
    assert "@" not in told


def test_breaches_are_of_contacts_that_were_sent(company: Company, found: Insights) -> None:
    """Each breach of a contact once."""
    rows = found.rows["violations"]
    assert len(set(rows)) == len(rows)
    assert {row[0] for row in rows} <= {one.key for one in company.exports.of(ContactRecord)}


# Scores


def test_adjusted_rand_by_hand() -> None:
    """The same groups under other names: 1; all in one group: 0; and pairs that are split."""
    truth = list("aaabbb")
    assert adjusted_rand(truth, list("xxxyyy")) == 1
    assert adjusted_rand(truth, list("xxxxxx")) == 0
    # Hits 2; pairs 6 and 3; expected 6 * 3 / 15 = 1.2; (2 - 1.2) / (4.5 - 1.2).
    assert adjusted_rand(truth, list("xxyyzz")) == pytest.approx(0.8 / 3.3)


def test_files_are_scored_beside_answers(tmp_path: Path) -> None:
    """Precision, recall, regret and errors of small answers."""

    def write(name: str, rows: list[dict[str, str]]) -> None:
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    link = {"case_id": "CS-1", "source": "calls", "shown": "0"}
    write("case_links", [link | {"record_id": "1"}, link | {"record_id": "2", "shown": "1"}])
    rows = [("CS-1", "calls", "1"), ("CS-1", "calls", "3")]
    assert scored("links", rows, tmp_path) == "precision 0.500, recall 0.500, F1 0.500; recall of hidden links 1.000"
    write("truth", [{"source": "crm", "record_id": "1", "person_id": "P"}])
    write("channel_preference", [{"person_id": "P", "period": "2", "p_email": "0.3", "p_sms": "0.5", "drifted": "0"}])
    assert scored("channels", [("crm", "1", "email")], tmp_path) == "mean regret 0.200"
    assert scored("channels", [("crm", "1", "sms")], tmp_path) == "mean regret 0.000"
    text = '{"rows": [{"team": "*", "month": "2026-01", "cases": 10, "repeats_per_case": 0.5}]}'
    (tmp_path / "service_metrics.json").write_text(text, encoding="utf-8")
    told = [("*", "2026-01", "cases", "10"), ("*", "2026-01", "repeats_per_case", "0.6")]
    assert scored("metrics", told, tmp_path) == (
        "mean relative error 10.0%, within 5 %: 50.0%; worst repeats_per_case 20.0%"
    )
    assert scored("predicted", [], tmp_path) == ""
    assert compared(set(), set()) == "precision 1.000, recall 1.000, F1 1.000"


def test_who_orders_is_foretold_better_than_by_simple_ways(company: Company) -> None:
    """By both measures, on two stretches of 90 days that nothing was learned from; and nobody is promised too much."""
    placed = orders(company)
    for back in (1, 2):
        ours, *simple = who_orders(placed, NOW - back * AHEAD)
        assert len(simple) == 2
        for other in simple:
            assert ours.brier < other.brier, other.way
            assert ours.under_curve > other.under_curve, other.way
        assert sum(ours.chances) == pytest.approx(sum(ours.ordered), rel=0.2)
        assert sum(many for many, _, _ in ours.by_eighths()) == len(ours.ordered)


def test_what_is_offered_is_no_worse_than_what_is_popular(company: Company) -> None:
    """In this company products are bought independently of each other, and nothing else is made of chance."""
    found = what_is_bought(orders(company), NOW - AHEAD)
    assert found["lift and share"] >= found["most popular"]


def test_scores_of_foretelling() -> None:
    """The area under the curve counts equals as half; the Brier score is the mean square."""
    one = Foretold("any", [0.9, 0.1, 0.5, 0.5], [True, False, True, False])
    assert one.under_curve == 0.875
    assert one.brier == pytest.approx((0.01 + 0.01 + 0.25 + 0.25) / 4)
    assert Foretold("any", [0.3], [True]).under_curve == 0.5
