"""Runs the steps on the connection that `catalog.upgrade` hands over, inside its transaction."""

from alembic import context

from photocull.catalog.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
