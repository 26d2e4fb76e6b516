"""A browser without a screen: keeps cookies as browsers do, follows redirects between Rounds and a stand-in for GitHub."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from app.web.asgi import Application
from tests.web.delivering import Answer, request

PUBLIC = "http://127.0.0.1:8000"
_REDIRECTS = {301, 302, 303, 307}


@dataclass
class Browser:
    """`cookies`: of Rounds, by name. `rules`: what came with each."""

    application: Application
    public_url: str = PUBLIC
    cookies: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        return await self._ask("GET", path, b"", headers)

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """As a form of a page of ours; `headers` in snake case, "" leaves one out."""
        usual = {"origin": self.public_url, "content_type": "application/x-www-form-urlencoded"}
        return await self._ask("POST", path, urlencode(fields).encode(), usual | headers)

    async def sign_in(self, login: str, next: str = "/", **to_github: str) -> Answer:  # noqa: A002 - as the address has it
        """Through GitHub's page, as that person; the answer of our callback."""
        begun = await self.get(f"/login?{urlencode({'next': next or '/'})}")
        assert begun.status == 303, begun
        return await self.get(await at_github(begun.headers["location"], login, **to_github))

    async def csrf(self) -> str:
        """The token of the form that signs out, "" where there is none."""
        found = re.search(rb'name="csrf" value="([0-9a-f]{256})"', (await self.get("/")).body)
        return found[1].decode() if found else ""

    async def sees(self) -> str:
        """As whom the front page greets."""
        found = re.search(rb'class="who" href="/logout">([^<]*)<', (await self.get("/")).body)
        return found[1].decode() if found else ""

    async def _ask(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Answer:
        parts = urlsplit(urljoin(self.public_url, address))
        usual = {"host": urlsplit(self.public_url).netloc}
        if self.cookies:
            usual["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in given.items() if value}
        answer = await request(self.application, method, parts.path, given, [body], parts.query)
        self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        for line in answer.cookies:
            pair, _, rules = line.partition(";")
            name, _, value = pair.partition("=")
            self.rules[name] = rules.strip()
            if "Max-Age=0" in rules:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


async def at_github(address: str, login: str, **changed: str) -> str:
    """Allows it as that person; where GitHub then sends the browser. `changed`: what else to ask for."""
    async with httpx.AsyncClient(trust_env=False) as github:
        joined = f"{address}&{urlencode({'as': login, 'ghkit_user': login} | changed)}"
        answer = await github.get(joined)
        assert answer.status_code in _REDIRECTS, answer.text
        return answer.headers["location"]
