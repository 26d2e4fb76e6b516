"""Pictures of accounts: two letters on a colour of their own, drawn here because nothing is loaded from elsewhere."""

from __future__ import annotations

from html import escape

from app.sandbox.accounts import Account

_COLORS = ("2f5d9b", "7a4a9b", "2b7a52", "9b4a2f", "8a3b62", "4b5f2a", "3f6f7d", "6b5130")


def letters(who: Account) -> str:
    words = (who.name or who.login).replace("-", " ").split()
    return "".join(word[0] for word in words[:2]).upper()


def svg(who: Account) -> str:
    """Round for people, square with a gear's colour for bots and organisations."""
    color = "59636e" if who.type == "Bot" else _COLORS[who.id % len(_COLORS)]
    corner = "20" if who.type == "User" else "8"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">'
        f'<rect width="40" height="40" rx="{corner}" fill="#{color}"/>'
        f'<text x="20" y="26" text-anchor="middle" font-family="system-ui,sans-serif" font-size="16" font-weight="600" '
        f'fill="#ffffff">{escape(letters(who))}</text></svg>'
    )
