"""Configurations that are right, and mistakes: each with line, column, the beginning of its message, and its suggestion."""

from __future__ import annotations

from app.config.sense_commands import ACTIONS

COMMANDS = """\
commands:
  a11y:
    help: Accessibility problem; goes to the accessibility milestone.
    do:
      - add_labels: [accessibility]
      - set_milestone: Accessibility
  out-of-scope:
    help: Not in the present scope; pull requests are welcome.
    args:
      scope: {type: word, optional: true}
      reason: {type: reason}
    do:
      - add_labels: [out of scope]
      - clear_milestone: {if_matches: "{{ scope }}*"}
      - comment:
          text: "Out of scope{% if scope %} for {{ scope }}{% endif %}{% if reason %}: {{ reason }}{% endif %}."
          if: reason
  not-this-repo:
    who: [write]
    do:
      - add_labels: [a11y]
      - comment: "This belongs somewhere else; see CONTRIBUTING."
      - close: {reason: not_planned}
"""
"""Declared verbs, complete by themselves."""

WHOLE = (
    """\
version: 1
extends: defaults                 # the server's files
bots: [49699333]
foreign_commands: [rebase, lgtm]
commands_in_body: true
families:
  priority: {labels: [priority/critical, priority/high, priority/low], exclusive: true, who: [triage]}
  kind: {prefix: "kind/", exclusive: true, required: true}
  area: {prefix: "area/", exclusive: false, who: [anyone]}
permissions:
  label: [triage, team:acme/helpers]
  close: [triage, author]
  help: [anyone]
"""
    + COMMANDS
    + """\
  confirm: {do: [{add_labels: [confirmed]}, {remove_labels: [requires triaging]}]}
  wontfix: off
rules:
  needs-triage:
    on: issue.opened
    if: {no_labels: ["kind/*"], author_role: {below: triage}}
    do: [{add_labels: [requires triaging]}]
  triaged:
    on: issue.labeled
    if: {labels: ["kind/*"]}
    do: [{remove_labels: [requires triaging]}]
  stale-info:
    every: day
    if: {state: open, labels: [needs info], quiet: 14d, no_labels: [pinned]}
    limit: 20
    do: [{comment: "Still waiting for the details asked for above."}, {close: {reason: not_planned}}]
labels:
  - {name: out of scope, color: "d4c5f9", description: Not in the present scope}
  - {name: accessibility, color: "0e8a16", previously: [a11y]}
queues:
  untriaged: {title: To triage, filter: "is:open label:\\"requires triaging\\"", sort: oldest, low_water: null}
  a11y: {title: Accessibility, filter: "is:open milestone:Accessibility no:assignee", low_water: 5}
visibility: {dashboard: public}
"""
)

GOOD = {
    "whole": WHOLE,
    "empty": "",
    "comment only": "# nothing yet\n",
    "nothing beforehand": "extends: none\ncommands: {close: off}\n",
    "short forms": """\
foreign_commands: lgtm
permissions: {help: anyone, milestone: 'user:octocat', label: 'user:49699333'}
families: {kind: {labels: bug, who: author}}
commands:
  done-elsewhere:
    examples: /done-elsewhere
    do: {close: true}
  again: {do: [{reopen: true}, {clear_milestone: true}, {assign: "{{ sender }}"}]}
  twin:
    args: {of: {type: issue}}
    do: {close: {reason: duplicate, duplicate_of: "{{ of }}"}}
""",
    "arguments": """\
commands:
  needs:
    args:
      what: {type: choice, choices: [ux, funding]}
      who: {type: person, optional: true}
      text: {type: rest, optional: true}
      reason: {type: reason}
    do:
      - add_labels: "needs {{ what }}"
      - assign: "{{ who }}"
      - comment: "{{ text }} {{ reason }} {{ issue }} {{ repository }}"
""",
    "windows": "\ufeffversion: 1\r\ncommands_in_body: false\r\n",
}

STEP = "commands: {x: {do: [%s]}}"
ARGUMENTS = "commands: {x: {args: {%s}, do: [{reopen: true}]}}"

WHO = "expected anyone, author, read, triage, write, maintain, admin, team:org/slug or user:login, got"

MISTAKES = {
    "not a mapping": ("- version: 1", 1, 1, "expected keys and values, got a list", ""),
    "only text": ("hello", 1, 1, "expected keys and values, got `hello`", ""),
    "unknown key": ("version: 1\nfamilys: {}", 2, 1, "unknown key `familys`", "did you mean `families`?"),
    "version": ("version: 2", 1, 10, "expected 1, got `2`", ""),
    "quoted version": ("version: '1'", 1, 10, "expected 1, got a text", "write it without quotes"),
    "extends": ("extends: default", 1, 10, "expected defaults or none, got `default`", "did you mean `defaults`?"),
    "bot by name": ("bots: [renovate]", 1, 8, "expected a whole number, got `renovate`", ""),
    "bot in quotes": ("bots: ['12']", 1, 8, "expected a whole number, got `12`", "write it without quotes"),
    "bots not a list": ("bots: 12", 1, 7, "expected a list, got `12`", ""),
    "bot zero": ("bots: [1, 0]", 1, 11, "the number must be at least 1", ""),
    "yes": ("commands_in_body: yes", 1, 19, "expected true or false, got `yes`", "write `true`"),
    "off": ("commands_in_body: off", 1, 19, "expected true or false, got `off`", "write `false`"),
    "nothing": (
        "families:\nversion: 1",
        1,
        1,
        "there is no value here",
        "a value that begins with `#` stands in quotes",
    ),
    "number for a label": ("families: {v: {labels: [1.0]}}", 1, 25, "expected a text, got `1.0`", "put it in quotes"),
    "boolean for a label": ("families: {v: {labels: true}}", 1, 24, "expected a text, got true", "put it in quotes"),
    "empty label": ("families: {v: {labels: ['']}}", 1, 25, "a label's name is empty", ""),
    "long label": (
        f"families: {{v: {{labels: [{'x' * 51}]}}}}",
        *(1, 25, "a label's name has at most 50 characters, this one has 51", ""),
    ),
    "family verb": (
        "families: {Kind: {prefix: k/}}",
        *(1, 12, "expected a verb of small letters, digits and hyphens, as `out-of-scope`, got `Kind`", ""),
    ),
    "family is a built-in verb": (
        "families: {label: {prefix: k/}}",
        *(1, 12, "`/label` is built in", "choose another name"),
    ),
    "family is a verb of GitHub": (
        "families: {table: {prefix: k/}}",
        *(1, 12, "`/table` belongs to GitHub's own editor", "choose another name"),
    ),
    "family without labels": (
        "families: {kind: {exclusive: true}}",
        *(1, 12, "a family has either `labels` or `prefix`: exactly one of them", ""),
    ),
    "family with both": (
        "families: {kind: {prefix: k/, labels: [a]}}",
        *(1, 12, "a family has either `labels` or `prefix`: exactly one of them", ""),
    ),
    "key of a family": (
        "families: {kind: {prefix: k/, exlusive: true}}",
        *(1, 31, "unknown key `exlusive`", "did you mean `exclusive`?"),
    ),
    "who": (
        "permissions: {close: [triager]}",
        *(
            1,
            23,
            f"{WHO} `triager`",
        ),
        "did you mean `triage`?",
    ),
    "team without organization": (
        "permissions: {close: 'team:helpers'}",
        *(
            1,
            22,
            f"{WHO} `team:helpers`",
        ),
        "",
    ),
    "permission for no verb": (
        "extends: none\npermissions: {clsoe: [triage]}",
        *(2, 15, "there is no verb `clsoe`", "did you mean `close`?"),
    ),
    "off for no family": ("extends: none\nfamilies: {kin: off}", 2, 12, "there is no family `kin`", ""),
    "command is false": (
        "commands: {wontfix: false}",
        1,
        21,
        "expected keys and values, got false",
        "`off` switches it off",
    ),
    "command is a family": (
        "families: {kind: {prefix: k/}}\ncommands: {kind: {do: {reopen: true}}}",
        *(2, 12, "`/kind` is a family already", "choose another name"),
    ),
    "command without do": ("commands:\n  x:\n    help: y", 2, 3, "the key `do` is missing", "or give a `reply`"),
    "only a condition": (STEP % "{if: {state: open}}", 1, 21, "a step needs an action", f"one of {', '.join(ACTIONS)}"),
    "two actions and a condition": (
        STEP % "{pin: true, if: {state: open}, reopen: true}",
        *(1, 21, "a step has one action, this one has pin and reopen", "begin each with `- `"),
    ),
    "a condition of events": (
        "commands: {x: {if: {quiet: 14d}, reply: Hi.}}",
        *(1, 21, "unknown key `quiet`"),
        "known here: state, labels, no_labels, milestone, assignee, author, title, is, any, not",
    ),
    "a reply with a hole": (
        'commands: {x: {reply: "{{ nobody }}"}}',
        *(1, 23, "the template sees no `nobody`, only issue, repository, sender"),
        "",
    ),
    "nothing to do": ("commands: {x: {do: []}}", 1, 20, "the list is empty", ""),
    "unknown action": (STEP % "{add_label: x}", 1, 22, "unknown key `add_label`", "did you mean `add_labels`?"),
    "action without braces": (STEP % "reopen", 1, 21, "expected keys and values, got `reopen`", "write `reopen: true`"),
    "two actions": (
        STEP % "{reopen: true, assign: x}",
        *(1, 21, "a step has one action, this one has reopen and assign", "begin each with `- `"),
    ),
    "no action": (
        STEP % "{}",
        *(1, 21, "a step needs an action"),
        f"one of {', '.join(ACTIONS)}",
    ),
    "no labels": (STEP % "{add_labels: []}", 1, 34, "the list is empty", ""),
    "reopen false": (STEP % "{reopen: false}", 1, 30, "expected true, got false", ""),
    "reason of closing": (
        STEP % "{close: {reason: dup}}",
        *(1, 38, "expected completed, not_planned or duplicate, got `dup`", "did you mean `duplicate`?"),
    ),
    "duplicate of": (
        STEP % "{close: {duplicate_of: '#1'}}",
        *(1, 30, "it needs `reason: duplicate` beside it", ""),
    ),
    "empty comment": (STEP % "{comment: ''}", 1, 31, "the text is too short, at least 1 character is needed", ""),
    "unquoted template": (
        "commands:\n  x:\n    do:\n      - comment: {{ issue }}",
        *(4, 19, "a key must be a text", 'a template stands in quotes, as "{{ reason }}"'),
    ),
    "template": (
        STEP % "{comment: 'a {{ b }}'}",
        *(1, 31, "the template sees no `b`, only issue, repository, sender", ""),
    ),
    "template of a label": (
        STEP % "{add_labels: [a, 'b {{ c']}",
        *(1, 38, "line 1 of the template: unexpected end of template, expected 'end of print statement'.", ""),
    ),
    "template of a milestone": (
        STEP % "{clear_milestone: {if_matches: '{{ range(3) }}'}}",
        *(1, 52, "line 1 of the template: calls, as `name()`, are not allowed", ""),
    ),
    "condition": (
        "commands: {x: {args: {reason: {type: reason}}, do: [{comment: {text: a, if: reson}}]}}",
        *(1, 77, "there is no argument `reson`", "did you mean `reason`?"),
    ),
    "type of an argument": (
        ARGUMENTS % "a: {type: words}",
        *(1, 33, "expected word, choice, label, milestone, person, issue, reason or rest, got `words`"),
        "did you mean `word`?",
    ),
    "name of an argument": (
        ARGUMENTS % "a-b: {}",
        *(1, 23, "expected the name of an argument: small letters, digits and underscores, got `a-b`", ""),
    ),
    "reserved argument": (ARGUMENTS % "issue: {}", 1, 23, "an argument can't be called `issue`", "choose another name"),
    "argument after an optional one": (
        ARGUMENTS % "a: {optional: true}, b: {}",
        *(1, 44, "it follows `a`, which may be left out", "make it optional, or move it up"),
    ),
    "argument after the rest": (
        ARGUMENTS % "a: {type: rest}, b: {}",
        *(1, 40, "nothing can follow `a`, which takes the rest of the line", "move it up"),
    ),
    "choice without choices": (
        ARGUMENTS % "a: {type: choice}",
        *(1, 23, "an argument of the type `choice` needs `choices`", "as `choices: [ux, funding]`"),
    ),
    "choices without choice": (
        ARGUMENTS % "a: {choices: [b]}",
        *(1, 27, "`choices` stand only with `type: choice`", "add `type: choice`"),
    ),
    "event of a rule": (
        "rules: {x: {on: issue.open, do: {comment: x}}}",
        *(1, 17, "expected an event: issue, pull_request . opened, closed, reopened, labeled, unlabeled, milestoned, "),
        "did you mean `issue.opened`?",
    ),
    "colour": ("labels: [{name: a, color: 123456}]", 1, 27, "expected a text, got `123456`", "put it in quotes"),
    "visibility": (
        "visibility: {dashboard: member}",
        *(1, 25, "expected public or members, got `member`", "did you mean `members`?"),
    ),
}
