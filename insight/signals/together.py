"""What customers buy who bought the same: item to item, as far as the company's customers show more than chance does.

How much more often two products were bought by the same customers than chance makes of it is the lift. Chance is that
of customers who buy as much as they do: who buys a lot has most pairs, and that is no taste (the configuration model of
networks, Newman 2010). Lifts of few customers are large by luck, so each is shrunk towards one, by as much as all of
them together tell: they are taken to be gamma distributed around one (DuMouchel 1999). Where nothing goes together, all
are one, and what is popular is left.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

SUPPORT = 10
"""Fewer customers are told of no product and of no pair: what they bought is theirs."""
MOST_OFFERS = 3
_MOST_HELD = 200  # who has more is a reseller, and tells of no taste
_MOST_LEARNED = 300  # of so many products, those bought most, it is learned how far lifts tell anything
_WEIGHTS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 5000.0, math.inf)
_TOLD = 1.1  # a smaller lift is no reason


class Refusal(StrEnum):
    """Why nothing is offered to a customer."""

    NOT_LAWFUL = "marketing is not lawful for her"
    COMPLAINT = "a complaint is open"


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that she may like. `share` of all customers have it; with `because`, a product that she has, it is
    `share_with` of those who have that one.
    """

    product: str
    share: float
    because: str | None = None
    share_with: float | None = None


class Together:
    """Which products the same customers have: counts of customers, no names."""

    def __init__(self) -> None:
        self.customers = 0
        self._have: Counter[str] = Counter()
        self._both: Counter[tuple[str, str]] = Counter()
        self._pairs_had = 0
        self._share_of_chance: float | None = None
        self._weight: float | None = None

    def enter(self, products: Collection[str]) -> None:
        """Count one customer in, by what she bought and kept."""
        held = sorted(set(products))
        if not held or len(held) > _MOST_HELD:
            return
        self.customers += 1
        self._have.update(held)
        self._both.update(combinations(held, 2))
        self._pairs_had += len(held) * (len(held) - 1)
        self._share_of_chance = self._weight = None

    @property
    def weight(self) -> float:
        """How much a lift is shrunk, in customers that chance would bring together: the likeliest of some.

        It is infinite where the pairs are what chance makes.
        """
        if self._weight is None:
            pairs = Counter(self._pairs())
            self._weight = max(_WEIGHTS, key=lambda weight: (_likely(weight, pairs), weight))
        return self._weight

    def lift(self, one: str, other: str) -> float:
        """How much more often than by chance the same customers have both, shrunk; 1 where too few have both."""
        both = self._both[_pair(one, other)]
        if both < SUPPORT or math.isinf(self.weight):
            return 1.0
        return (both + self.weight) / (self._by_chance(one, other) + self.weight)

    def offers(self, has: Collection[str], sold: Callable[[str], bool], most: int = MOST_OFFERS) -> tuple[Offer, ...]:
        """What to offer to who has those products, the likeliest first: never what she has, and only what is sold.

        The likelihood of a product is its share times the lifts of all that she has (naive Bayes).
        """
        held = sorted(set(has))
        open_to = [one for one, count in self._have.items() if count >= SUPPORT and one not in held and sold(one)]
        ranked = sorted(open_to, key=lambda one: (-self._likelihood(one, held), one))
        return tuple(self._offer(one, held) for one in ranked[:most])

    def _likelihood(self, product: str, held: Collection[str]) -> float:
        return math.log(self._have[product]) + math.fsum(math.log(self.lift(one, product)) for one in held)

    def _offer(self, product: str, held: Collection[str]) -> Offer:
        share = self._have[product] / self.customers
        because = max(held, key=lambda one: (self.lift(one, product), one), default=None)
        if because is None or self.lift(because, product) < _TOLD:
            return Offer(product, share)
        return Offer(product, share, because, self._both[_pair(because, product)] / self._have[because])

    def _by_chance(self, one: str, other: str) -> float:
        """How many would have both, if customers had as many products as they have, and products as many customers."""
        if self._share_of_chance is None:
            ends = self._have.total() ** 2 - sum(count * count for count in self._have.values())
            self._share_of_chance = self._pairs_had / ends if ends else 0.0
        return self._have[one] * self._have[other] * self._share_of_chance

    def _pairs(self) -> Iterator[tuple[int, float]]:
        """How many customers have both products of a pair, and how many would by chance, where that is one or more."""
        most_bought = sorted(self._have, key=lambda one: (-self._have[one], one))[:_MOST_LEARNED]
        for one, other in combinations(most_bought, 2):
            if (chance := self._by_chance(one, other)) >= 1:
                yield self._both[_pair(one, other)], chance


def told(offers: Collection[Offer], refusals: Collection[Refusal], name: Callable[[str], str]) -> str:
    """In words; `name` says what a product is called. Why nothing is offered is told beside, not here."""
    if refusals or not offers:
        return "Nothing is offered."
    return " ".join(_why(one, name) for one in offers)


def _why(offer: Offer, name: Callable[[str], str]) -> str:
    if offer.because is None:
        return f"{name(offer.product)}: {_percent(offer.share)} of customers bought it."
    return (
        f"{name(offer.product)}: {_percent(offer.share_with or 0)} of those who bought {name(offer.because)} bought it,"
        f" and {_percent(offer.share)} of all."
    )


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _likely(weight: float, pairs: Counter[tuple[int, float]]) -> float:
    """The log-likelihood of counts that are Poisson around chance times a lift of mean one (negative binomial)."""
    if math.isinf(weight):
        return math.fsum(times * (both * math.log(chance) - chance) for (both, chance), times in pairs.items())
    return math.fsum(
        times
        * (
            math.lgamma(both + weight)
            - math.lgamma(weight)
            + weight * math.log(weight / (weight + chance))
            + both * math.log(chance / (weight + chance))
        )
        for (both, chance), times in pairs.items()
    )
