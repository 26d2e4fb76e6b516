"""What Alembic runs: the upgrade inside the transaction that app/store/migrate.py opened, on both databases."""

from __future__ import annotations

from alembic import context

from app.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,  # SQLite changes a column only by making the table anew
)
context.run_migrations()
