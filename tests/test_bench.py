"""The bench measures what is there: its stages are functions of the product, and its questions fit the schema."""

import pytest
from graphql import parse, validate

from auth.issuer import LocalIssuer
from bench.measure import RESTRICTED, UNRESTRICTED, tokens_of
from bench.questions import QUESTIONS, Question
from bench.stages import STAGES
from tests.golden_cases import schema_of

ROLE_OF = {RESTRICTED: "service_rep", UNRESTRICTED: "privacy_officer"}


def test_every_stage_is_a_function_of_the_product() -> None:
    """A name that is gone would be found in the middle of a measurement."""
    assert [label for label, owner, name in STAGES if not callable(getattr(owner, name, None))] == []


@pytest.mark.parametrize("role", ROLE_OF.values())
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_questions_fit_both_roles(question: Question, role: str) -> None:
    """Under either the same document is asked."""
    assert validate(schema_of(role).graphql, parse(question.graphql)) == []


def test_there_is_a_token_for_each_way(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of a role with rules and of one without."""
    assert tokens_of(LocalIssuer(tmp_path_factory.mktemp("issuer"))).keys() == ROLE_OF.keys()
