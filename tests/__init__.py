"""The test-suite. `unit` touches no process and no socket; `assets` runs the graph; `services` speaks to real servers;
`browser` looks at the pages."""
