"""Messages of the tracking library, and mentions on social networks."""

from ingest.fields import Cells, Unreadable
from ingest.records import Mention, WebEvent

_KINDS = frozenset({"identify", "page", "screen", "track", "alias"})


def event(cells: Cells) -> WebEvent:
    """A line of events.jsonl."""
    kind = cells.required("type")
    if kind not in _KINDS:
        raise Unreadable("type", "unknown kind")
    context = cells.within("context")
    library = context.within("library").text("name") or ""
    return WebEvent(
        key=cells.required("messageId"),
        kind=kind,
        at=cells.required_moment("timestamp"),
        device=cells.text("anonymousId"),
        user=cells.text("userId"),
        previous=cells.text("previousId"),
        name=cells.text("event") if kind == "track" else cells.text("name"),
        app=kind == "screen" or any(system in library for system in ("ios", "android")),
        locale=context.text("locale"),
        traits=cells.within("traits").values,
        properties=cells.within("properties").values,
    )


def mention(cells: Cells) -> Mention:
    """A mention of social.json."""
    author = cells.within("author")
    return Mention(
        key=cells.required("id"),
        platform=cells.required("platform"),
        at=cells.required_moment("created_at"),
        handle=author.required("handle"),
        display_name=author.text("display_name"),
        text=cells.text("text") or "",
        language=cells.text("lang"),
    )
