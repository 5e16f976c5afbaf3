"""The page of the invented telephones: HTML made by hand, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape

from secretariat.demo.phones.store import Mail, Phone, Text

SHOWN = 60
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def whole(phones: Sequence[Phone], mails: Sequence[Mail], token: str) -> str:
    """The page."""
    return f"""<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Téléphones de démonstration</title>
<link rel="stylesheet" href="/static/phones.css"><script src="/static/phones.js" defer></script>
</head><body>
<header><h1>Téléphones de démonstration</h1>
<p>Passerelle d’essai : ces numéros et ces adresses sont inventés, rien ne quitte cette machine.</p>
</header>
<main id="received">{received(phones, mails, token)}</main>
</body></html>"""


def received(phones: Sequence[Phone], mails: Sequence[Mail], token: str) -> str:
    """What changes by itself: the phones and the mails."""
    cards = "".join(_phone(phone, token) for phone in phones[:SHOWN])
    more = len(phones) - SHOWN
    cards += f"<p>… et {more} autres téléphones.</p>" if more > 0 else ""
    letters = "".join(_mail(mail) for mail in mails[:SHOWN])
    return (
        '<section aria-labelledby="phones"><h2 id="phones">SMS</h2>'
        f'<div class="phones">{cards or _nothing("SMS")}</div></section>'
        '<section aria-labelledby="mails"><h2 id="mails">Courriels</h2>'
        f"{letters or _nothing('courriel')}</section>"
    )


def _nothing(what: str) -> str:
    return f'<p class="nothing">Aucun {what} pour l’instant. Cette page se met à jour seule.</p>'


def _phone(phone: Phone, token: str) -> str:
    number = _spaced(phone.number)
    texts = "".join(_text(text) for text in phone.texts)
    off = "Rallumer" if phone.off else "Éteindre"
    state = '<p class="off">Téléphone éteint : les SMS ne lui sont pas remis.</p>'
    return (
        f'<article class="phone{" is-off" if phone.off else ""}"><h3>{number}</h3>'
        f"{state if phone.off else ''}<ol>{texts}</ol>"
        f'<form method="post" action="/answer"><input type="hidden" name="token" value="{token}">'
        f'<input type="hidden" name="number" value="{escape(phone.number)}">'
        f'<input name="text" id="text-{escape(phone.number[1:])}" autocomplete="off" '
        f'aria-label="Répondre depuis le {number}" placeholder="Répondre">'
        '<button>Répondre</button><button name="stop" value="1" formnovalidate>STOP</button>'
        f'<button name="switch" value="1" formnovalidate>{off}</button></form></article>'
    )


def _text(text: Text) -> str:
    kind = "mine" if text.mine else "theirs"
    who = f"<b>{escape(text.sender)}</b> " if text.sender else ""
    return f'<li class="{kind}">{who}<time>{_hour(text.at)}</time><p>{_linked(text.body)}</p></li>'


def _mail(mail: Mail) -> str:
    return (
        f'<article class="mail"><h3>{escape(mail.subject)}</h3>'
        f"<p>De {escape(mail.sender)}, à {escape(mail.to)}, <time>{_hour(mail.at)}</time></p>"
        f"<pre>{_linked(mail.body)}</pre></article>"
    )


def _linked(body: str) -> str:
    made, end = "", 0
    for found in _LINK.finditer(body):
        url = escape(found[0])
        link = f'<a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a>'
        made += escape(body[end : found.start()]) + link
        end = found.end()
    return made + escape(body[end:])


def _spaced(number: str) -> str:
    national = "0" + number[3:]
    return escape(" ".join(national[i : i + 2] for i in range(0, len(national), 2)))


def _hour(at: datetime) -> str:
    return f"{at:%H:%M}"
