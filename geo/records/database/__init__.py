"""The database: engine, migrations, bulk inserts, the version probe."""
