"""The practice in view: chosen by the person, kept in the session, enforced by the database."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from secretariat.core import clock, scope
from secretariat.practice.models import Staff
from secretariat.practice.queries import posts_of

SESSION_KEY = "practice_in_view"
# How a page already open says in which practice it stands: its script's requests, its forms.
HEADER = "X-Practice"
FORM_FIELD = "in_practice"


def choose(posts: list[Staff], wanted: int | None) -> Staff | None:
    """The post in view: the one wanted if it is still open, else the first."""
    return next((post for post in posts if post.practice_id == wanted), posts[0] if posts else None)


class PracticeInView:
    """Put `staff`, `practice` and `posts` on the request and open the database scope.

    Rights are read at each request: a post taken away closes the next page. A page that was open
    before another practice was chosen, in another tab, goes on in its own: it neither shows the
    other's patients under this one's name nor writes there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        scope.apply((), user.pk)
        try:
            posts = posts_of(user.pk, clock.local_date(clock.now(), "Europe/Paris"))
            staff = _post_in_view(request, posts)
            if staff is not None:
                scope.apply([staff.practice_id], user.pk)
                request.staff, request.practice, request.posts = staff, staff.practice, posts  # type: ignore[attr-defined]
            return self.get_response(request)
        finally:
            scope.close()


def _post_in_view(request: HttpRequest, posts: list[Staff]) -> Staff | None:
    """The post of the page that asks, when it says one; else the one chosen last."""
    said = request.headers.get(HEADER)
    sent = request.GET.get(FORM_FIELD) if request.method == "POST" else None
    if not (said or sent):
        return choose(posts, request.session.get(SESSION_KEY))
    staff = next((post for post in posts if str(post.practice_id) == (said or sent)), None)
    if staff and sent:
        request.session[SESSION_KEY] = staff.practice_id  # the page that follows is its own
    return staff
