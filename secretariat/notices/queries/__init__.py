"""What this room is asked."""

from secretariat.notices.queries.carrying import (
    carried_by,
    dead_among,
    linked,
    points_of,
    practices_with_work,
    practices_without_news,
    readers_of_english,
    stopped_among,
    templates_of,
)

__all__ = [
    "carried_by",
    "dead_among",
    "linked",
    "points_of",
    "practices_with_work",
    "practices_without_news",
    "readers_of_english",
    "stopped_among",
    "templates_of",
]
