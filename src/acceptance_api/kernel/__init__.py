"""Words every room may use: ids, clock, problems, database, settings, log, spelling."""
