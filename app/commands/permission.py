"""Who may use a command. Anything that is unclear is a no. Source: docs/commands.md, "Who"."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Refused
from app.config.schema import RepositoryConfig
from app.core.text import code
from app.core.values import Role


def rule(card: Card, config: RepositoryConfig) -> tuple[str, ...]:
    """Who may use it here, any of them."""
    return config.permissions.get(card.verb, card.who)


def teams(card: Card, config: RepositoryConfig) -> tuple[str, ...]:
    """The teams ("org/slug") in the rule: they cost a question to GitHub, asked only where nothing else suffices."""
    return tuple(who.removeprefix("team:") for who in rule(card, config) if who.startswith("team:"))


def check(card: Card, facts: Facts) -> None:
    """Raises Refused, with the rule, unless the sender may. Rule and role are those of the target's repository."""
    if not may(card, facts):
        raise Refused(_refusal(card.verb, rule(card, facts.config), facts))


def may(card: Card, facts: Facts) -> bool:
    """Whether the sender may."""
    return any(_suffices(who, facts) for who in rule(card, facts.config))


def in_words(whos: tuple[str, ...]) -> str:
    """The rule as people say it."""
    if "anyone" in whos:
        return "anyone"
    roles = [Role.named(who) for who in whos if Role.named(who) is not Role.NONE]
    parts = [_role(min(roles))] if roles else []
    parts += [_other(who) for who in whos if Role.named(who) is Role.NONE]
    return ", or ".join(dict.fromkeys(parts)) or "nobody"


def _suffices(who: str, facts: Facts) -> bool:
    if who == "anyone":
        return True
    if facts.role is None:
        return False
    kind, _, name = who.partition(":")
    match kind:
        case "author":
            return facts.sender.id == facts.issue.author.id
        case "user":
            return name == str(facts.sender.id) if name.isdecimal() else name.lower() == facts.sender.login.lower()
        case "team":
            return name.lower() in {team.lower() for team in facts.teams}
        case _:
            needed = Role.named(who)
            return needed is not Role.NONE and facts.role >= needed


def _refusal(verb: str, whos: tuple[str, ...], facts: Facts) -> str:
    if facts.role is None:
        return "refused: GitHub could not say which role you have. Please try again in a minute."
    role = f"your role in {code(facts.repository.full_name)} is {facts.role.name.lower()}"
    return f"refused: {code('/' + verb)} is for {in_words(whos)}; {role}."


def standing(facts: Facts) -> str:
    """Who the sender is there, as far as rules ask for it: the role, the author, the teams."""
    if facts.role is None:
        return "GitHub could not say which role you have, and then only what is for anyone is allowed."
    parts = [f"your role in {code(facts.repository.full_name)} is {facts.role.name.lower()}"]
    parts += ["you are the author of the issue"] if facts.sender.id == facts.issue.author.id else []
    parts += [f"you are a member of {code(team)}" for team in sorted(facts.teams)]
    return f"{', '.join(parts).capitalize()[:1]}{', '.join(parts)[1:]}."


def _role(role: Role) -> str:
    name = role.name.lower()
    return "the admin role" if role is Role.ADMIN else f"the {name} role or above"


def _other(who: str) -> str:
    kind, _, name = who.partition(":")
    match kind:
        case "author":
            return "the author of the issue"
        case "team":
            return f"members of {code(name)}"
        case "user":
            return f"account {name}" if name.isdecimal() else code(name)
        case _:
            return code(who)
