"""What people and the App do with comments and reactions."""

from __future__ import annotations

from app.sandbox.accounts import Account
from app.sandbox.issue_verbs import check_body
from app.sandbox.refused import Refused, invalid
from app.sandbox.relation_verbs import RelationVerbs
from app.sandbox.things import REACTIONS, Comment, Issue, Reaction


class CommentVerbs(RelationVerbs):
    """Everybody who can read may comment and react; on a locked issue only people with write, not the App."""

    def post_comment(self, issue: Issue, body: str, *, by: str) -> Comment:
        author = self._may_speak(issue, by)
        now, mine = self.clock(), author is self.app.bot
        text, order = _filled(body), self.new_id("order")
        comment = Comment(self.new_id("comment"), order, issue, author, text, now, now, mine)
        issue.comments.append(comment)
        self.comments[comment.id] = comment
        issue.updated_at = now
        self.emit("issue_comment", "created", issue.repository, author, issue=issue, comment=comment)
        return comment

    def edit_comment(self, comment: Comment, body: str, *, by: str) -> Comment:
        """The author, or write. `changes.body.from` in the webhook is the old text; the sender is the editor."""
        actor = self._may_change(comment, by)
        old, comment.body = comment.body, _filled(body)
        comment.updated_at = comment.issue.updated_at = self.clock()
        if old != body:
            changes = {"body": {"from": old}}
            about = {"issue": comment.issue, "comment": comment, "changes": changes}
            self.emit("issue_comment", "edited", comment.issue.repository, actor, **about)
        return comment

    def delete_comment(self, comment: Comment, *, by: str) -> None:
        actor = self._may_change(comment, by)
        comment.issue.comments.remove(comment)
        del self.comments[comment.id]
        comment.issue.updated_at = self.clock()
        self.emit("issue_comment", "deleted", comment.issue.repository, actor, issue=comment.issue, comment=comment)

    def react(self, to: Issue | Comment, content: str, *, by: str) -> tuple[Reaction, bool]:
        """The reaction, and whether it is new: the same one by the same account stands once. GitHub sends no webhook."""
        if content not in REACTIONS:
            raise invalid("Reaction", "content", "invalid")
        issue = to.issue if isinstance(to, Comment) else to
        user = self._may_speak(issue, by)
        for reaction in to.reactions:
            if reaction.user is user and reaction.content == content:
                return reaction, False
        reaction = Reaction(self.new_id("reaction"), user, content, self.clock())
        to.reactions.append(reaction)
        self.feed.touch()
        return reaction, True

    def unreact(self, to: Issue | Comment, reaction_id: int, *, by: str) -> None:
        """Only one's own reaction; 404 else."""
        for reaction in to.reactions:
            if reaction.id == reaction_id and reaction.user is self.account(by):
                to.reactions.remove(reaction)
                self.feed.touch()
                return
        raise Refused(404, "Not Found")

    def _may_speak(self, issue: Issue, by: str) -> Account:
        self.writable(issue.repository.full_name)
        actor = self.demand(issue.repository, self.account(by), "read")
        if issue.locked and not self.may(issue.repository, actor, "write"):
            raise Refused(403, "Unable to create comment because issue is locked.")
        return actor

    def _may_change(self, comment: Comment, by: str) -> Account:
        self.writable(comment.issue.repository.full_name)
        actor = self.account(by)
        return actor if actor is comment.author else self.demand(comment.issue.repository, actor, "write")


def _filled(body: str) -> str:
    if not body.strip():
        raise invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")
    return check_body(body, "IssueComment")
