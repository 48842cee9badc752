"""The outside world, one small class per system, each over its real client. No domain rules, no Dagster assets."""
