"""Withdrawals and objections: a verb of stopping beside a noun of advertising, a denial beside what is sent."""

from collections.abc import Sequence

from ingest.said.finding import LIKELY, POSSIBLE, SURE, Finding, Kind
from ingest.said.passages import Clause, Sentence

EMAIL, PHONE, PROFILING, SHARING = "marketing.email", "marketing.phone", "analytics", "sharing"
_REACH = 4
_FAR = 7
_SHORT = 5
# In these the denial may follow what it denies: "rufen Sie mich nicht an", "das will ich nicht".
_ADVERTISING = ("ad", "seller")
_SENDING = ("send", "call", "mail")


def is_conditional(one: Sentence) -> bool:
    """Whether a sentence says only what would be, unless the condition is a courtesy ("if possible")."""
    whole = one.whole
    return (whole.has("condition") and not whole.has("courtesy")) or whole.has("otherwise", "maybe")


def denied(clause: Clause, *meanings: str, reach: int = _REACH) -> bool:
    """Whether what a word means is denied: a negation before it, or in the same breath after it."""
    if clause.before(("negation",), meanings, reach):
        return True
    return clause.denial_follows and clause.before(meanings, ("negation",), reach)


def withdrawal(one: Sentence, near: Sequence[Sentence], *, noted: bool = False) -> Finding | None:
    """A consent that is taken back, by one sentence. `near` are the sentences around it, which may name the matter.

    Around a sentence of a note "she called" says how she came, and not of what she speaks.
    """
    if is_conditional(one) or one.whole.has("back") or _undoes_itself(one.whole):
        return None
    naming = [each for each in near if not noted or each.whole.has(*_ADVERTISING)]
    for clause in one.clauses:
        if (confidence := _stops(clause, one, near)) is not None:
            return Finding(Kind.WITHDRAWAL, channels(one, naming), one.text, confidence, *concerned(clause))
    if one.whole.near(("revoke",), ("consent",), _FAR) and not denied(one.whole, "revoke", reach=3):
        return Finding(Kind.WITHDRAWAL, channels(one, naming), one.text, LIKELY, *concerned(one.whole))
    return None


def _undoes_itself(whole: Clause) -> bool:
    """Whether someone tells that she was taken off by mistake; who was put on by mistake wants to be off."""
    return whole.has("mistake") and whole.has("unsubscribed", "remove", "unsubscribe") and not whole.has("subscribe")


def _stops(clause: Clause, one: Sentence, near: Sequence[Sentence]) -> float | None:
    """How sure it is that a clause says so; None where it does not."""
    if _is_of_something_else(clause):
        return None
    advertising = clause.has(*_ADVERTISING)
    offers = clause.has("offer") and clause.has(*_SENDING)
    around = advertising or any(each.whole.has(*_ADVERTISING) for each in near) or one.whole.has(*_ADVERTISING)
    if clause.near(("revoke",), ("consent",), _FAR) and not denied(clause, "revoke", reach=3):
        return SURE if around or clause.has("call", "mail") else LIKELY
    if denied(clause, "consent") and (advertising or offers) and not clause.has("object"):
        return LIKELY
    if (confidence := _takes_off(clause, one, around=around)) is not None:
        return confidence
    if _tells_a_fact(clause, one):
        return None
    if clause.near(("stop",), ("ad", "seller"), _FAR) and not denied(clause, "stop", reach=3):
        return SURE
    if offers and clause.near(("stop",), _SENDING, _FAR) and not denied(clause, "stop", reach=3):
        return LIKELY
    if clause.before(("stop",), ("call", "send"), 2) and _is_plain(clause) and clause.has("me"):
        return POSSIBLE
    if clause.before(("enough",), ("ad", "seller"), _REACH + 1) and not denied(clause, "enough", reach=2):
        return LIKELY
    if (
        offers
        and clause.before(("enough",), ("mail", "call", "send"), _REACH)
        and not denied(clause, "enough", reach=2)
    ):
        return LIKELY
    return _refuses(clause, one, advertising=advertising, offers=offers)


def _refuses(clause: Clause, one: Sentence, *, advertising: bool, offers: bool) -> float | None:
    """ "No more advertising", "do not ring me with offers", "a salesman again, I do not want that"."""
    if clause.has("lose", "asked", "another") or denied(clause, "remove", "unsubscribe", "leave", reach=3):
        return None
    wanted = denied(clause, "want", reach=3)
    if wanted and (
        advertising or offers or one.whole.has("seller") or (one.whole.has("ad") and len(clause.words) <= 6)
    ):
        return LIKELY
    if denied(clause, "ad", "seller") and (
        clause.has("more", "send", "call", "please", "must") or len(clause.words) <= _SHORT
    ):
        return SURE if clause.has("more", "please") else LIKELY
    if offers and denied(clause, "send", "call") and not _is_past(clause):
        return LIKELY
    if offers and denied(clause, "mail", "offer") and clause.has("more", "please", "want"):
        return LIKELY
    if denied(clause, "send", "call") and advertising and not _is_past(clause):
        return LIKELY
    if denied(clause, "call", reach=3) and clause.has("more") and _is_plain(clause) and not _is_past(clause):
        return POSSIBLE
    return None


def _takes_off(clause: Clause, one: Sentence, *, around: bool) -> float | None:
    """ "Take me off the list", "unsubscribe me"; and what was asked before and did not help."""
    if one.whole.has("asked"):
        return None
    if clause.has("remove") and not denied(clause, "remove", reach=4):
        if clause.near(("remove",), _ADVERTISING, _FAR + 2):
            return SURE
        if clause.has("me", "kin") and clause.has("list") and not clause.has("service"):
            return LIKELY if around else POSSIBLE
    if clause.has("unsubscribe") and not denied(clause, "unsubscribe", reach=3):
        return LIKELY if not one.asks else POSSIBLE
    if clause.has("leave") and around and not denied(clause, "leave", reach=4):
        return LIKELY if not one.asks else POSSIBLE
    if clause.has("unsubscribed") and around and one.whole.has("still"):
        return POSSIBLE
    return None


def _tells_a_fact(clause: Clause, one: Sentence) -> bool:
    """ "Your newsletter does not arrive any more": what came or did not come, without a word of wanting."""
    if clause.has("want", "please", "must", "enough") or one.whole.has("courtesy"):
        return False
    return clause.has("receive") and not clause.has("unsubscribe", "remove")


def _is_past(clause: Clause) -> bool:
    return clause.has("past", "cannot") and not clause.has("more", "want")


def _is_plain(clause: Clause) -> bool:
    """Whether nothing names an order, a time or the like for which the call or mail would be."""
    return not clause.has("service", "time")


def _is_of_something_else(clause: Clause) -> bool:
    """ "No objection to the newsletter", an order that is cancelled, something thanked for."""
    if clause.has("object") and denied(clause, "object", reach=3):
        return True
    return clause.has("service") and not clause.has(*_ADVERTISING, "consent")


def channels(one: Sentence, near: Sequence[Sentence]) -> tuple[str, ...]:
    """The purposes that a sentence names, or those around it; both kinds of marketing where none is named."""
    for whole in (one.whole, *(each.whole for each in near)):
        found = []
        if whole.has("mail") or any(
            "newslet" in w or "nieuwsbr" in w or "boletin" in w or "lettre" in w for w in whole.words
        ):
            found.append(EMAIL)
        if whole.has("call", "seller"):
            found.append(PHONE)
        if found:
            return tuple(found)
    return EMAIL, PHONE


def objection(one: Sentence, near: Sequence[Sentence]) -> Finding | None:
    """An objection to processing or profiling (GDPR art. 21), by one sentence."""
    if is_conditional(one):
        return None
    if denied(one.whole, "want", reach=3) and one.whole.near(("use", "profile"), ("data",), _FAR):
        return Finding(Kind.OBJECTION, _blocked(one.whole), one.text, LIKELY, *concerned(one.whole))
    if (
        one.whole.before(("stop",), ("profile",), 9)
        and one.whole.has("data")
        and not denied(one.whole, "stop", reach=3)
    ):
        return Finding(Kind.OBJECTION, _blocked(one.whole), one.text, LIKELY, *concerned(one.whole))
    for clause in one.clauses:
        objects = clause.has("object") and not denied(clause, "object", reach=3)
        target = clause.has("profile") or (clause.has("use", "share") and clause.has("data"))
        ads = clause.has("ad") and clause.has("data", "use", "object")
        if clause.has("service") and not (objects and (clause.has("data") or ads)):
            continue
        if objects and (target or ads or clause.has("law") or "21" in clause.words):
            return Finding(Kind.OBJECTION, _blocked(clause), one.text, SURE, *concerned(clause))
        if _forbids(clause, one) or (objects and any(each.whole.has("profile") for each in near)):
            return Finding(Kind.OBJECTION, _blocked(clause), one.text, LIKELY, *concerned(clause))
    return None


def _forbids(clause: Clause, one: Sentence) -> bool:
    """ "Do not use my purchases to guess", "no profiling of me", "stop tracking me"."""
    if one.asks or clause.has("past", "cannot", "asked", "receive"):
        return False
    stops = clause.has("stop") and not denied(clause, "stop", reach=3)
    profiles = denied(clause, "profile") or (stops and clause.near(("stop",), ("profile",), _REACH))
    if profiles and (clause.has("me", "data", "want", "please", "more", "use") or len(clause.words) <= _SHORT):
        return True
    forbidden = denied(clause, "use", "share") or (stops and clause.near(("stop",), ("use", "share"), _REACH))
    return forbidden and clause.has("data") and clause.has("me", "please", "want", "profile")


def _blocked(clause: Clause) -> tuple[str, ...]:
    if clause.has("profile"):
        return (PROFILING,)
    found = [*([EMAIL, PHONE] if clause.has("ad") else []), *([SHARING] if clause.has("share") else [])]
    return tuple(found) or (PROFILING,)


def taken_back(one: Sentence) -> bool:
    """Whether a sentence takes back what was said before: "never mind", "leave me on the list"."""
    marks = one.whole.marks
    return any("retract" in mark and not (at and marks[at - 1] == {"negation"}) for at, mark in enumerate(marks))


def concerned(clause: Clause) -> tuple[bool, str | None]:
    """Whether it is for someone else, "my husband", and not for the writer too."""
    kin = clause.at("kin")
    if not kin:
        return False, None
    # "take me and my wife off", "my wife and I": the writer, too. A possessive right before is not the writer.
    own = [
        place for place in clause.at("first", "me") if place + 1 not in kin and clause.words[place] not in _POSSESSIVES
    ]
    return not own, None


_POSSESSIVES = frozenset(
    ("my", "our", "mein", "meine", "meinen", "meiner", "mon", "ma", "mes", "mi", "mis", "moj", "moja", "moje")
) | {"mio", "mia", "mijn", "ons", "onze"}
