"""Every endpoint that Rounds calls: method and RFC 6570 template, as GitHub documents them.

Templates percent-encode what is filled in, so a label called `a/b` or `C#` stays one part of the path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from app.github.errors import SAFE_METHODS

_PARTS, _PLAIN = re.compile(r"\{/(\w+)\*\}"), r"/{\1}"


@dataclass(frozen=True)
class Route:
    """`content`: creates content and notifies people, which GitHub limits by the minute and the hour
    (`triggersNotification` in its OpenAPI description). `paced`: False for what is no write in GitHub's sense."""

    method: str
    template: str
    content: bool = False
    paced: bool = True

    @cached_property
    def write(self) -> bool:
        return self.paced and self.method not in SAFE_METHODS

    @cached_property
    def points(self) -> int:
        """GitHub's price: reads and GraphQL queries 1, writes and mutations 5."""
        return 5 if self.write else 1

    @cached_property
    def resource(self) -> str:
        """Whose budget it takes from."""
        return "graphql" if self.template == "/graphql" else "core"

    @cached_property
    def name(self) -> str:
        """The same for all calls of the route: for metrics, logs and exceptions."""
        path = self.template.partition("{?")[0]
        return f"{self.method} {_PARTS.sub(_PLAIN, path)}"


APP = Route("GET", "/app")
INSTALLATIONS = Route("GET", "/app/installations{?per_page}")
TOKEN = Route("POST", "/app/installations/{installation}/access_tokens", paced=False)
HOOK_CONFIG = Route("GET", "/app/hook/config")
DELIVERIES = Route("GET", "/app/hook/deliveries{?per_page}")
DELIVERY = Route("GET", "/app/hook/deliveries/{id}")
REPOSITORIES = Route("GET", "/installation/repositories{?per_page}")
SELF = Route("GET", "/user")
SELF_INSTALLATIONS = Route("GET", "/user/installations{?per_page}")
SELF_REPOSITORIES = Route("GET", "/user/installations/{installation}/repositories{?per_page}")
USER_TOKEN = Route("POST", "/login/oauth/access_token", paced=False)
GRAPHQL_QUERY = Route("POST", "/graphql", paced=False)
GRAPHQL_MUTATION = Route("POST", "/graphql", content=True)

REPOSITORY = Route("GET", "/repos/{owner}/{repo}")
PERMISSION = Route("GET", "/repos/{owner}/{repo}/collaborators/{login}/permission")
LABELS = Route("GET", "/repos/{owner}/{repo}/labels{?per_page}")
CREATE_LABEL = Route("POST", "/repos/{owner}/{repo}/labels", content=True)
UPDATE_LABEL = Route("PATCH", "/repos/{owner}/{repo}/labels/{name}")
DELETE_LABEL = Route("DELETE", "/repos/{owner}/{repo}/labels/{name}")
MILESTONES = Route("GET", "/repos/{owner}/{repo}/milestones{?state,per_page}")
FILE = Route("GET", "/repos/{owner}/{repo}/contents{/path*}{?ref}")
PUT_FILE = Route("PUT", "/repos/{owner}/{repo}/contents{/path*}")
BRANCH_HEAD = Route("GET", "/repos/{owner}/{repo}/git/ref/heads{/branch*}")
CREATE_REF = Route("POST", "/repos/{owner}/{repo}/git/refs")
PULLS = Route("GET", "/repos/{owner}/{repo}/pulls{?state,head,per_page}")
OPEN_PULL = Route("POST", "/repos/{owner}/{repo}/pulls", content=True)
ISSUES = Route("GET", "/repos/{owner}/{repo}/issues{?state,labels,creator,sort,direction,since,per_page}")
CREATE_ISSUE = Route("POST", "/repos/{owner}/{repo}/issues", content=True)
ISSUE = Route("GET", "/repos/{owner}/{repo}/issues/{number}")
UPDATE_ISSUE = Route("PATCH", "/repos/{owner}/{repo}/issues/{number}")
ADD_LABELS = Route("POST", "/repos/{owner}/{repo}/issues/{number}/labels")
REMOVE_LABEL = Route("DELETE", "/repos/{owner}/{repo}/issues/{number}/labels/{name}")
USER = Route("GET", "/users/{login}")
LOCK = Route("PUT", "/repos/{owner}/{repo}/issues/{number}/lock")
UNLOCK = Route("DELETE", "/repos/{owner}/{repo}/issues/{number}/lock")
ADD_ASSIGNEES = Route("POST", "/repos/{owner}/{repo}/issues/{number}/assignees")
REMOVE_ASSIGNEES = Route("DELETE", "/repos/{owner}/{repo}/issues/{number}/assignees")
COMMENTS = Route("GET", "/repos/{owner}/{repo}/issues/{number}/comments{?since,per_page}")
ALL_COMMENTS = Route("GET", "/repos/{owner}/{repo}/issues/comments{?sort,direction,since,per_page}")
ALL_EVENTS = Route("GET", "/repos/{owner}/{repo}/issues/events{?per_page}")
CREATE_COMMENT = Route("POST", "/repos/{owner}/{repo}/issues/{number}/comments", content=True)
EDIT_COMMENT = Route("PATCH", "/repos/{owner}/{repo}/issues/comments/{comment}")
COMMENT = Route("GET", "/repos/{owner}/{repo}/issues/comments/{comment}")
DELETE_COMMENT = Route("DELETE", "/repos/{owner}/{repo}/issues/comments/{comment}")
ISSUE_TYPES = Route("GET", "/repos/{owner}/{repo}/issue-types")
ORGANIZATION_TYPES = Route("GET", "/orgs/{org}/issue-types")
PARENT = Route("GET", "/repos/{owner}/{repo}/issues/{number}/parent")
ADD_SUB_ISSUE = Route("POST", "/repos/{owner}/{repo}/issues/{number}/sub_issues", content=True)
REMOVE_SUB_ISSUE = Route("DELETE", "/repos/{owner}/{repo}/issues/{number}/sub_issue", content=True)
BLOCKED_BY = Route("GET", "/repos/{owner}/{repo}/issues/{number}/dependencies/blocked_by{?per_page}")
BLOCKING = Route("GET", "/repos/{owner}/{repo}/issues/{number}/dependencies/blocking{?per_page}")
ADD_BLOCKED_BY = Route("POST", "/repos/{owner}/{repo}/issues/{number}/dependencies/blocked_by", content=True)
REMOVE_BLOCKED_BY = Route(
    "DELETE", "/repos/{owner}/{repo}/issues/{number}/dependencies/blocked_by/{blocker}", content=True
)
ISSUE_REACTIONS = Route("GET", "/repos/{owner}/{repo}/issues/{number}/reactions{?per_page}")
REACT_TO_ISSUE = Route("POST", "/repos/{owner}/{repo}/issues/{number}/reactions")
REACT_TO_COMMENT = Route("POST", "/repos/{owner}/{repo}/issues/comments/{comment}/reactions")
CHANGED_FILES = Route("GET", "/repos/{owner}/{repo}/pulls/{number}/files{?per_page}")
CHECK_RUNS = Route("GET", "/repos/{owner}/{repo}/commits/{sha}/check-runs{?check_name,per_page}")
CREATE_CHECK_RUN = Route("POST", "/repos/{owner}/{repo}/check-runs")
UPDATE_CHECK_RUN = Route("PATCH", "/repos/{owner}/{repo}/check-runs/{run}")
TEAM_MEMBERS = Route("GET", "/orgs/{org}/teams/{slug}/members{?per_page}")
MEMBERSHIP = Route("GET", "/orgs/{org}/teams/{slug}/memberships/{login}")
