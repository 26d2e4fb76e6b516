"""GitHub, as the rest of Rounds sees it: one object a process, the App's own calls, and a handle for each installation."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, MutableMapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from app.github import answers, routes
from app.github.answers import AppIdentity, DeliveryPayload, DeliveryRow, HookConfig, InstallationInfo, Token
from app.github.api import Api, parse
from app.github.auth import AppKey, AsApp, AsInstallation, Identity, Tokens
from app.github.cache import Cache, Entry
from app.github.errors import Forbidden, NotFound, Suspended, Uninstalled
from app.github.installation import PER_PAGE, Installation
from app.github.limits import Clock, Limits, Pace, Sleep
from app.github.names import number
from app.github.transport import Transport

if TYPE_CHECKING:
    import httpx

__all__ = ["GitHub", "Installation"]

_app = msgspec.json.Decoder(AppIdentity)
_hook = msgspec.json.Decoder(HookConfig)
_installations = msgspec.json.Decoder(list[InstallationInfo])
_deliveries = msgspec.json.Decoder(list[DeliveryRow])
_delivery = msgspec.json.Decoder(answers.FullDelivery)
_token = msgspec.json.Decoder(Token)

_MOST_AT_ONCE = 90
"""Below GitHub's 100 calls at once, of all processes together."""


class GitHub:
    """`calls`: how often each route was called ("METHOD /template"). `on_call`: told route, status (0: no answer), seconds.

    `clock`: epoch seconds, for tokens, limits and pauses; `sleep` waits on it. Close with `aclose`.
    """

    def __init__(
        self,
        *,
        api_url: str,
        app_id: str,
        private_key: str,
        limits: Limits | None = None,
        clock: Clock = time.time,
        sleep: Sleep = asyncio.sleep,
        network: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Raises Mistake when the private key can't be read. `network`: None is the real one."""
        self.limits = limits or Limits.github()
        self.calls: Counter[str] = Counter()
        self.on_call: Callable[[str, int, float], None] | None = None
        self._clock, self._sleep = clock, sleep
        self._transport = Transport(api_url, concurrency=self.limits.concurrency, network=network)
        self._cache = Cache()
        self._share = 1.0
        self._apis: dict[int, Api] = {}
        self._tokens = Tokens(self._mint, clock)
        self._app = self._api(AsApp(AppKey(app_id, private_key, clock)))

    async def aclose(self) -> None:
        await self._transport.aclose()

    @property
    def share(self) -> float:
        """The part of GitHub's limits that this process may use: 1/n while n processes work. May be set at any time."""
        return self._share

    @share.setter
    def share(self, part: float) -> None:
        self._share = part
        self._transport.gate.size = max(1, min(self.limits.concurrency, int(_MOST_AT_ONCE * part)))
        for api in [self._app, *self._apis.values()]:
            api.pace.share = part

    async def app(self) -> AppIdentity:
        """Who this App is."""
        return await self._app.get(routes.APP, {}, _app)

    async def hook(self) -> HookConfig | None:
        """Where this App's deliveries go; None when it has no webhook."""
        try:
            return await self._app.get(routes.HOOK_CONFIG, {}, _hook)
        except NotFound:
            return None

    async def installations(self) -> list[InstallationInfo]:
        pages = self._app.pages(routes.INSTALLATIONS, {"per_page": PER_PAGE}, _installations)
        return [installation async for page, _ in pages for installation in page]

    async def deliveries(self, since: datetime) -> AsyncIterator[DeliveryRow]:
        """Attempts to deliver, newest first, until `since`. GitHub keeps them three days.

        No filter by status: GitHub's "failure" leaves out time-outs, which are the outage itself.
        """
        async for page, _ in self._app.pages(routes.DELIVERIES, {"per_page": PER_PAGE}, _deliveries):
            for row in page:
                if row.delivered_at < since:
                    return
                yield row

    async def delivery(self, delivery_id: int) -> DeliveryPayload:
        """What was sent, or should have been."""
        full = await self._app.get(routes.DELIVERY, {"id": number(delivery_id)}, _delivery)
        headers = {name.lower(): value for name, value in (full.request.headers or {}).items()}
        return DeliveryPayload(row=full, headers=headers, payload=bytes(full.request.payload))

    def installation(self, installation_id: int) -> Installation:
        """A cheap handle; nothing is sent. All handles of one installation share token, pace and cache."""
        api = self._apis.get(installation_id)
        if api is None:
            identity = AsInstallation(self._tokens, installation_id)
            api = self._apis[installation_id] = self._api(identity, self._cache.of(installation_id))
        return Installation(installation_id, api)

    def pace(self, installation: int) -> Pace:
        """The pace of an installation: what is left of its budget, pauses."""
        self.installation(installation)
        return self._apis[installation].pace

    def _api(self, identity: Identity, cache: MutableMapping[str, Entry] | None = None) -> Api:
        return Api(
            self._transport,
            identity,
            Pace(self.limits, clock=self._clock, sleep=self._sleep, share=self._share),
            clock=self._clock,
            meter=self._count,
            cache=cache,
        )

    def _count(self, route: str, status: int, seconds: float) -> None:
        self.calls[route] += 1
        if self.on_call is not None:
            self.on_call(route, status, seconds)

    async def _mint(self, installation: int) -> Token:
        """GitHub answers 403 while an installation is suspended and 404 when it is gone."""
        try:
            text = await self._app.call(routes.TOKEN, {"installation": number(installation)})
        except Forbidden:
            raise Suspended(installation) from None
        except NotFound:
            raise Uninstalled(installation) from None
        return parse(routes.TOKEN, _token, text)
