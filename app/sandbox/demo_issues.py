"""The issues of the demo: what the triage call of a package index talks about, in our own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """An issue as it will stand. `comments`: (login, text, reactions…); `closed`: the reason, "" while it is open."""

    number: int
    title: str
    by: str
    days: int
    body: str
    labels: tuple[str, ...] = ()
    milestone: str | None = None
    assignees: tuple[str, ...] = ()
    comments: tuple[tuple[str, ...], ...] = ()
    closed: str = ""
    pull: bool = False


WAREHOUSE = (
    Report(
        996, "Ask before second factors become compulsory", "theo", 380,
        "I publish from a machine without a phone near it. If a second factor is needed for every upload, I can't.\n\n"
        "Could this stay optional?",
        ("needs discussion",), None, ("ines",),
        (
            ("lena", "The same here: our release runs at night, nobody can press a button.", "+1"),
            ("ines", "For uploads there are scoped tokens now, so nobody needs a button. Shall we close this?", "+1", "+1"),
        ),
    ),
    Report(
        3231, "A ticket system for people who lost their account", "noor", 260,
        "Requests come by mail, by chat and here. Nobody knows which are answered.\n\nA proper ticket system would help "
        "those who ask and those who answer.",
        ("kind/feature", "needs funding"), None, (),
        (("ines", "Lovely to have, and nobody has offered to run one for us so far.", "heart"),),
    ),
    Report(
        5815, "Second factor for uploads with a token", "lena", 140,
        "A stolen token can upload. Should an upload with a token ask for a second factor as well?\n\n"
        "- What is the threat?\n- Which clients would have to change?\n- Who pays for it?",
        ("kind/feature", "tokens", "needs discussion"), "OTF security work", (),
        (("ines", "We would design in the dark as long as we don't know what the clients want.", "+1"),),
    ),
    Report(
        6054, "Invite collaborators by mail", "noor", 75,
        "Owners type a name or a mail address; the invited person accepts or declines on a page of their own.\n\n"
        "Still to do: resending, and what happens after 30 days.",
        ("kind/feature", "UX/UI"), None, ("noor",),
        (("index-ci[bot]", "All 214 checks passed."), ("samir", "Is sending it part of the grant, or only showing it?")),
        pull=True,
    ),
    Report(
        6187, "At 400 % zoom the menu covers the search box", "lena", 52,
        "1. Set the zoom to 400 %\n2. Open any project page\n3. Try to search\n\nThe menu covers the box.",
        ("kind/bug", "UX/UI", "requires triaging"),
    ),
    Report(
        6232, "Say why a token was refused", "theo", 40,
        "My upload failed with `403 Forbidden` and nothing else. It took me an hour to see that the token was for another "
        "project.\n\nPlease say which right is missing.",
        ("kind/bug", "tokens", "APIs/feeds"), "OTF security work", ("ines",),
        (("ines", "The framework swallows the reason. I will look this afternoon.", "rocket"),),
    ),
    Report(
        6239, "The banner for unverified addresses links to nothing", "samir", 36,
        "People without a verified address see a banner. Its link goes to an anchor that is not on the page.",
        ("kind/bug", "bug :bug:", "requires triaging"),
        comments=(("noor", "A small one, and embarrassing. Let's do it.", "+1"),),
    ),
    Report(
        6255, "Let tokens end at a time, or work from one address only", "lena", 30,
        "Tokens could carry more limits:\n\n- an end date\n- one network address\n- one version of the project",
        ("kind/feature", "tokens", "requires triaging"), "OTF security work", (),
        (
            ("noor", "Each of these needs a page of its own. It should wait until somebody pays for the design.", "+1"),
            ("samir", "Important, and too much for this grant, I think."),
        ),
    ),
    Report(
        6257, "Show how to use a new token right after making it", "noor", 27,
        "After making a token people see it once. They should see in the same place what to do with it.",
        ("UX/UI", "requires triaging"),
        comments=(("ines", "I find the page confusing too. What do people say who see it for the first time?"),),
    ),
    Report(
        6263, "List a project's tokens in its settings", "samir", 24,
        "Owners can't see which tokens can upload to their project.\n\nA list with name, owner and last use would be enough.",
        ("kind/feature", "tokens", "requires triaging"), "OTF security work", (),
        (("noor", "A good idea. If somebody makes a pull request, I will help with the design.", "heart", "+1"),),
    ),
    Report(
        6301, "The screen reader reads the version list twice", "lena", 18,
        "With a screen reader every version is read as a link and then again as text.",
        ("kind/bug", "requires triaging"),
    ),
    Report(
        6345, "Drop the old way of naming a token in the client", "ines", 12,
        "There are two spellings of the user name that goes with a token. One is enough; the other needs an end date.",
        ("kind/feature", "tokens"), "OTF security work", ("noor",),
    ),
    Report(
        6347, "Error 502 for tokens without a prefix", "theo", 9,
        "```\n$ upload dist/*\nHTTP 502 from https://index.example/legacy/\n```\n\nWith the prefix it works. "
        "The old ones used to work without.",
        ("kind/bug", "requires triaging"), None, (),
        (("samir", "I see nothing of it in the error log. Perhaps the last change mended it?", "eyes"),),
    ),
    Report(
        6352, "Feed of new projects is a day behind", "theo", 4,
        "The feed shows yesterday's projects only. The page shows today's.",
        ("APIs/feeds", "requires triaging"),
    ),
    Report(
        6188, "Codes for a lost second factor can be printed", "noor", 160,
        "So that nobody has to write eight codes down by hand.",
        ("kind/feature",), "Two-factor launch", ("noor",),
        (("ines", "Done, and already used.", "hooray", "hooray"),),
        closed="completed",
    ),
)  # fmt: skip

REGISTRY = (
    Report(
        2741, "Sign in with a cookie or with a token?", "ines", 60,
        "For working on the pages alone it should be possible to use the data of the staging site.",
        ("kind/feature", "needs decision"),
    ),
    Report(
        2800, "Report errors to the error tracker", "noor", 20,
        "Works on staging. The privacy policy has to say so before it goes live.",
        ("work in progress",), None, ("noor",), (("ines", "Legal has been asked."),), pull=True,
    ),
    Report(
        2813, "Downloads of yanked versions are still counted", "theo", 6,
        "A version that was taken back keeps counting downloads.",
        ("requires triaging",),
    ),
)  # fmt: skip
