"""From ticked boxes to a plan: what is told on which issue, what is changed, tracked, carried over, archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.commands import declared
from app.commands.card import Card, Command
from app.commands.decide import decide
from app.commands.facts import Facts
from app.commands.verdict import verdict
from app.config.schema import Argument, RepositoryConfig
from app.config.series_issue import Query
from app.core import grammar, merge
from app.core import meeting_actions as m
from app.core.actions import Action, RemoveLabels
from app.core.dates import understood
from app.core.invocation import Invocation
from app.core.meeting import MeetingId
from app.core.names import fold
from app.core.plan import Outcome, Plan, Status
from app.core.text import clip, code
from app.core.values import Person, Ref, Role
from app.engine.gather import Gathering
from app.engine.meetings import places
from app.engine.meetings.due import moment
from app.engine.meetings.files import Described
from app.engine.meetings.reading import Found
from app.engine.services import Services
from app.meetings.minutes.alike import likeness
from app.meetings.minutes.approval import Approved, hidden, ticked
from app.meetings.minutes.entries import Carried, Entry, Proposal, Todo
from app.meetings.minutes.keys import keyed
from app.meetings.minutes.writeback import comments
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository
from app.store.todos import Todo as Tracked

VERB = "minutes"
LONGEST = 500
LISTED_ALIKE = 75.0
"""Percent of likeness from which a ticked line of the agenda is the to-do that stood there."""


@dataclass
class Settling:
    """Of one approval. `tracked`: open to-dos of the series. `keys`: by outcome's line, what it settles."""

    services: Services
    described: Described
    meeting: Meeting
    at: KnownRepository
    approver: Person
    found: Found
    config: RepositoryConfig
    tracked: list[Tracked]
    known: Mapping[str, KnownRepository]
    outcomes: list[Outcome] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)

    async def plan(self, archive: m.OpenArchive | None) -> Plan:
        """All outcomes, and the smallest set of writes."""
        gathering = Gathering(self.services, self.at, self.approver)
        chosen = ticked(self.found.present, self.found.minutes)
        fresh = {key: entry for key, entry in keyed(self.found.minutes) if key in chosen.keys - self.found.settled}
        for key, entry in fresh.items():
            if isinstance(entry, Proposal):
                await self._propose(gathering, key, entry)
        again = "\n".join(f"- [x] {hidden(key)}" for key in sorted(self.found.settled))
        approved = ticked(f"{self.found.present}\n{again}", self.found.minutes)
        await self._tell(gathering, approved)
        for key, entry in fresh.items():
            self._keep(key, entry)
        discussed = self._discussed(approved)
        if fresh or self.found.said:
            await self._unlabel(gathering, discussed)
        self._last(archive, discussed)
        actions = merge.merge(action for outcome in self.outcomes for action in outcome.actions)
        return Plan(tuple(self.outcomes), actions, gathering.before({action.target for action in actions}))

    @property
    def home(self) -> Ref:
        return Ref(self.at.repository.full_name, self.meeting.issue_number or 0)

    @property
    def id(self) -> MeetingId:
        return MeetingId(*self.meeting.key)

    def _add(
        self, target: Ref, status: Status, text: str = "", actions: tuple[Action, ...] = (), typed: str = ""
    ) -> int:
        line = len(self.outcomes) + 1
        self.outcomes.append(Outcome(line, VERB, target, status, text, actions, typed))
        return line

    # -- proposals ---------------------------------------------------------------------------------------------

    async def _propose(self, gathering: Gathering, key: str, entry: Proposal) -> None:
        """As the approver would have typed it, in the order of the list; each sees what the one before did."""
        line = len(self.outcomes) + 1
        words = entry.command or f"/{VERB}"
        parsed = grammar.parse(f"{entry.ref} {words}", self.home.repository, self.services.bot_login)
        if not parsed:
            self._add(entry.ref, "misunderstood", f"{code(words)} is no command.", typed=words)
            return
        invocation = replace(parsed[0], line=line, web_url=self.services.web_url, typed=words)
        facts = await gathering.facts(invocation, entry.ref)
        if facts is None:
            self._add(entry.ref, "misunderstood", "there is no such issue, or it is not to be seen.", typed=words)
            return
        outcome = await self._decided(gathering, invocation, facts, entry)
        gathering.put(facts.issue, merge.apply(facts.issue, outcome.actions))
        self.outcomes.append(outcome)
        self.keys[line] = key

    async def _decided(self, gathering: Gathering, invocation: Invocation, facts: Facts, entry: Proposal) -> Outcome:
        if entry.command:
            return decide(invocation, facts, facts.issue.ref)
        phrase = self.config.phrases.get(entry.phrase)
        arguments: Mapping[str, Argument] = phrase.args if phrase is not None else {}
        values = {name: entry.values.get(name, "") for name in arguments}
        facts = await gathering.needing(declared.needs(entry.do), facts)

        def plan(inner: Invocation, known: Facts) -> tuple[Action, ...]:
            return declared.Run(inner, known, arguments, values).steps(entry.do)

        card = Card(entry.phrase or VERB, f"/{VERB}", "A phrase of the minutes.")
        made = verdict(Command(card, plan), invocation, facts)
        return Outcome(invocation.line, VERB, facts.issue.ref, made.status, made.text, made.actions, entry.phrase)

    # -- telling -----------------------------------------------------------------------------------------------

    async def _tell(self, gathering: Gathering, approved: Approved) -> None:
        """One comment on each issue, with what was told before."""
        url = f"{self.services.web_url}/{self.home.repository}/issues/{self.home.number}"
        for ref, text in comments(approved, title=self.meeting.title, url=url).items():
            facts = await self._seen(gathering, ref)
            why = self._untold(ref, facts)
            if why or facts is None:
                self._add(ref, "refused", f"not told there: {why}")
                continue
            key = f"tell {facts.issue.ref}"
            write = m.WriteBack(facts.issue.ref, self.id, text, key)
            gathering.put(facts.issue, facts.issue)
            self._add(facts.issue.ref, "done", actions=(write,))

    def _untold(self, ref: Ref, facts: Facts | None) -> str:
        """Why nothing is written there, "" if it is: nothing private leaves its repository, and the App lends nobody rights."""
        known = self.known.get(ref.repository.lower())
        if facts is None or known is None:
            return "there is no such issue, or it is not to be seen."
        here = known.repository.id == self.at.repository.id
        if self.at.repository.private and not here:
            return "the meeting is held in a private repository."
        if not here and not places.shown(self.described, self.at, known):
            return "that repository is private."
        if (facts.role or Role.NONE) < Role.TRIAGE:
            return f"you need the triage role or above in {code(facts.repository.full_name)}."
        if facts.repository.archived:
            return "the repository is archived."
        return "the issue is locked." if facts.issue.locked else ""

    async def _seen(self, gathering: Gathering, ref: Ref) -> Facts | None:
        return await gathering.facts(Invocation(0, VERB, "", (ref,), home=self.home.repository), ref)

    # -- what is kept ------------------------------------------------------------------------------------------

    def _keep(self, key: str, entry: Entry) -> None:
        """To-dos and what is carried over; what `/done` ended needs nothing more."""
        made: Action | None = None
        ended = isinstance(entry, Todo) and entry.done and not entry.line
        if isinstance(entry, Todo) and not ended:
            made = self._todo(key, entry)
        elif isinstance(entry, Carried):
            made = self._carry(key, entry)
        elif not isinstance(entry, Proposal):
            self.keys[self._add(self.home, "already")] = key
        if made is not None:
            self.keys[self._add(made.target, "done", actions=(made,))] = key

    def _todo(self, key: str, entry: Todo) -> Action | None:
        """One that the agenda listed is only ended."""
        owners = tuple(owner.login or owner.name for owner in entry.owners)
        about = f"minutes {key}"
        if entry.listed:
            known = self._listed(entry, {fold(owner) for owner in owners})
            return m.EndTodo(self.home, known.id, known.text, self.approver.login, about) if known else None
        ref = next((ref for ref in entry.refs if ref.repository.lower() in self.known), None)
        text = clip(entry.text, LONGEST)
        return m.AddTodo(
            self.home, owners, text, self.approver.login, about, self.id, entry.due, ref=ref, done=entry.done
        )

    def _listed(self, entry: Todo, owners: set[str]) -> Tracked | None:
        alike = [(likeness(one.text, entry.text), one) for one in self.tracked]
        fit = [(score, one) for score, one in alike if not owners or owners & set(map(fold, one.owners))]
        score, best = max(fit, key=lambda pair: pair[0], default=(0.0, None))
        return best if score >= LISTED_ALIKE else None

    def _carry(self, key: str, entry: Carried) -> Action:
        """An issue, or where it names none the words."""
        ref = next((ref for ref in entry.refs if ref.repository.lower() in self.known), None)
        today = moment(self.meeting.starts_at).date()
        day = understood(entry.until, today) if entry.until else None
        text = "" if ref else clip(entry.text, LONGEST)
        return m.Carry(ref or self.home, self.id, self.approver.login, f"minutes {key}", day, text)

    # -- afterwards --------------------------------------------------------------------------------------------

    def _discussed(self, approved: Approved) -> set[Ref]:
        """Issues about which something was said, and topics of the notes; not what is carried over."""
        found = self.found.minutes
        entries = (*found.todos, *found.decisions, *found.notes, *found.proposals)
        told = {ref for entry in entries for ref in entry.refs}
        told |= {ref for said in self.found.said if said.kind != "carry" for ref in said.refs}
        told |= {ref for topic in found.topics for ref in topic.refs}
        return told - {ref for entry in approved.carried for ref in entry.refs}

    async def _unlabel(self, gathering: Gathering, discussed: set[Ref]) -> None:
        """The labels that brought an issue onto the agenda come off once it was talked about."""
        agenda = self.described.series.agenda
        if agenda.remove_label != "when-discussed":
            return
        for ref in sorted(discussed, key=str):
            asked = [query for query in agenda.queries if query.labels and self._asks(query.repos, ref)]
            facts = await self._seen(gathering, ref) if asked else None
            if facts is None or (facts.role or Role.NONE) < Role.TRIAGE:
                continue
            names = {fold(name): name for name in facts.issue.labels}
            brought = [query.labels for query in asked if _fits(query, facts)]
            off = tuple(dict.fromkeys(names[fold(name)] for labels in brought for name in labels))
            if off:
                remove = RemoveLabels(facts.issue.ref, off)
                gathering.put(facts.issue, merge.apply(facts.issue, (remove,)))
                self._add(facts.issue.ref, "done", actions=(remove,))

    def _asks(self, repos: tuple[str, ...], ref: Ref) -> bool:
        names = repos or places.usual(self.described, self.at)
        return ref.repository.lower() in {name.lower() for name in names}

    def _last(self, archive: m.OpenArchive | None, discussed: set[Ref]) -> None:
        """The file with the minutes, and the end."""
        if archive is not None:
            self._add(self.home, "done", actions=(archive,))
        self._add(
            self.home, "done", actions=(m.EndMeeting(self.home, self.id, tuple(sorted(discussed, key=str)), "end"),)
        )


def _fits(query: Query, facts: Facts) -> bool:
    """Whether the query would find the issue, be it open or closed: then it came onto the agenda by its labels."""
    issue, names = facts.issue, set(map(fold, facts.issue.labels))
    titles = {one.number: fold(one.title) for one in facts.milestones}
    if query.milestone is not None and titles.get(issue.milestone or 0) != fold(query.milestone):
        return False
    if query.is_ is not None and issue.pull_request != (query.is_ == "pull_request"):
        return False
    return set(map(fold, query.labels)) <= names and names.isdisjoint(map(fold, query.no_labels))
